"""Mails on their way: what was hidden stays here, what kills its sender ends with a person."""

from __future__ import annotations

from smtplib import SMTPRecipientsRefused

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage

from aftersales.kernel import jobs
from aftersales.kernel.clock import now
from aftersales.kernel.refs import for_reader
from compliance.models import AuditEvent, JournalEntry
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.kept import failed, kept
from tests.tickets.timing import MINUTE, RunJobs, later
from tickets import sweeps
from tickets.models import Message, OutboundMail
from tickets.services import conversation, outbox

pytestmark = pytest.mark.django_db


def answer(lead: User) -> tuple[Message, OutboundMail]:
    """An answer whose time to recall it is over, with its mail still here."""
    with later(-MINUTE):
        message = conversation.reply(make_ticket(lead).pk, actor=lead, body="To the wrong one.")
    return message, OutboundMail.objects.get(message=message)


# Hidden while it was being sent


def test_an_answer_hidden_while_a_slow_host_refuses_it_is_not_tried_again(
    run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = make_user(Role.LEAD)
    message, letter = answer(lead)

    def hide_and_refuse(self: EmailMessage, fail_silently: bool = False) -> int:
        conversation.hide_message(message.pk, actor=lead, note="names another customer")
        raise OSError("greylisted")

    with monkeypatch.context() as slow:
        slow.setattr(EmailMessage, "send", hide_and_refuse)
        jobs.run("tickets.send_mail", letter.pk)
    with later(10 * MINUTE):
        rung = sweeps.ring_unsent_mails()
        run_jobs()

    letter.refresh_from_db()
    assert (letter.status, letter.last_error) == (
        "recalled",
        failed("无法连接到对方。 / The other side could not be reached.", "OSError: greylisted"),
    )
    assert letter.leased_until is None
    assert (rung, mail.outbox) == (0, [])


def test_an_answer_hidden_while_its_sender_died_is_not_sent_after_the_lease(
    run_jobs: RunJobs,
) -> None:
    lead = make_user(Role.LEAD)
    message, letter = answer(lead)
    outbox.claim_mail(letter.pk, actor=lead)
    conversation.hide_message(message.pk, actor=lead, note="names another customer")

    with later(6 * MINUTE):
        sweeps.ring_unsent_mails()
        run_jobs()

    letter.refresh_from_db()
    assert (letter.status, letter.attempts, letter.leased_until) == ("recalled", 1, None)
    assert mail.outbox == []


def test_an_answer_shown_again_before_the_next_try_goes_on(
    run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = make_user(Role.LEAD)
    message, letter = answer(lead)
    outbox.claim_mail(letter.pk, actor=lead)
    conversation.hide_message(message.pk, actor=lead, note="names another customer")
    conversation.show_message(message.pk, actor=lead, note="it does not after all")
    outbox.record_mail_failed(letter.pk, actor=lead, note="greylisted")

    with later(10 * MINUTE):
        sweeps.ring_unsent_mails()
        run_jobs()

    letter.refresh_from_db()
    assert (letter.status, len(mail.outbox)) == ("sent", 1)


# A mail that kills its sender


def test_a_mail_whose_senders_die_is_parked_after_the_last_attempt(run_jobs: RunJobs) -> None:
    lead = make_user(Role.LEAD)
    _message, letter = answer(lead)
    moment, claims, rung = now(), 0, []

    for _round in range(outbox.MOST_ATTEMPTS + 2):
        with time_machine.travel(moment, tick=False):
            claims += outbox.claim_mail(letter.pk, actor=lead) is not None
        moment += 6 * MINUTE
        with time_machine.travel(moment, tick=False):
            rung.append(sweeps.ring_unsent_mails())

    letter.refresh_from_db()
    assert claims == outbox.MOST_ATTEMPTS
    assert rung == [1] * outbox.MOST_ATTEMPTS + [0, 0]
    assert (letter.status, letter.attempts, letter.leased_until) == ("parked", 6, None)
    assert letter.last_error == kept(
        "发送程序在最后一次尝试得到结果前就结束了。"
        " / The sender ended before the last attempt had an answer."
    )
    parked = AuditEvent.objects.filter(code="tickets.mail_parked", subject_id=letter.pk)
    assert [event.note for event in parked] == [
        kept(
            "发送程序在最后一次尝试得到结果前就结束了。"
            "系统不会再自动重试：请重新发送，或以其他方式处理。"
            " / The sender ended before the last attempt had an answer."
            " It is not tried again by itself: send it again, or settle it otherwise."
        )
    ]


def test_a_parked_mail_of_a_dead_sender_can_be_sent_again(run_jobs: RunJobs) -> None:
    lead = make_user(Role.LEAD)
    _message, letter = answer(lead)
    OutboundMail.objects.filter(pk=letter.pk).update(attempts=outbox.MOST_ATTEMPTS - 1)
    outbox.claim_mail(letter.pk, actor=lead)
    with later(6 * MINUTE):
        assert outbox.claim_mail(letter.pk, actor=lead) is None
        outbox.retry_mail(letter.pk, actor=lead)
        run_jobs()

    letter.refresh_from_db()
    assert (letter.status, letter.attempts, len(mail.outbox)) == ("sent", 1, 1)


# What a mail host says


def test_addresses_in_a_refusal_are_masked_before_they_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lead = make_user(Role.LEAD)
    _message, letter = answer(lead)
    OutboundMail.objects.filter(pk=letter.pk).update(attempts=outbox.MOST_ATTEMPTS - 1)

    def refuse(self: EmailMessage, fail_silently: bool = False) -> int:
        raise SMTPRecipientsRefused({letter.to_address: (550, b"unknown, call 13812345678")})

    monkeypatch.setattr(EmailMessage, "send", refuse)
    jobs.run("tickets.send_mail", letter.pk)

    letter.refresh_from_db()
    said = "SMTPRecipientsRefused: {'c***@example.com': (550, b'unknown, call 138****5678')}"
    reason = (
        "邮件服务器不接受收件人的地址。 / The mail server does not accept the recipient's address."
    )
    stored = failed(reason, said)
    assert (letter.status, letter.last_error) == ("parked", stored)
    parked = AuditEvent.objects.get(code="tickets.mail_parked")
    assert (for_reader(parked.note), parked.data["error"]) == (
        "The mail server does not accept the recipient's address."
        " It is not tried again by itself: send it again, or settle it otherwise.",
        stored,
    )
    version = letter.history.latest()
    assert (version.last_error, version.history_change_reason) == (stored, kept(reason))
    entries = JournalEntry.objects.filter(case_id=letter.ticket_id)
    assert entries.latest("pk").reason == kept(reason)


def test_an_error_is_masked_before_it_is_cut() -> None:
    said = outbox.technical(ValueError("x" * 480 + " li.wei@example.cn"))

    assert said == "ValueError: " + "x" * 480 + " l***@ex"
