"""Sweeps, heartbeat and health: each effect once, one bad duty alone, silence noticed."""

from __future__ import annotations

from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django_q.models import OrmQ

from aftersales import schedules
from aftersales.demo.mailbox import FolderBackend
from aftersales.kernel import jobs
from aftersales.kernel.clock import now
from aftersales.kernel.failures import behind
from aftersales.kernel.refs import for_reader
from compliance.models import AuditEvent
from staff.roles import Role
from tests.factories.people import make_user
from tests.factories.tickets import deliver_mails, make_proposal, make_ticket, make_ticket_in
from tests.kept import kept
from tests.tickets.timing import DAY, MINUTE, RunJobs, later
from tickets import sweeps
from tickets.services import follow_ups, handling, outbox, ratings
from tickets.services.conversation import reply, undo_reply
from tickets.services.opening import Words, receive_message
from tickets.services.status_links import live_status_url
from tickets.statuses import MailStatus, TicketStatus

pytestmark = pytest.mark.django_db


def lose_alarms() -> None:
    OrmQ.objects.all().delete()


# Mails


def test_mail_whose_alarm_was_lost_is_sent_once(run_jobs: RunJobs) -> None:
    ticket = make_ticket()
    handling.acknowledge(ticket.pk, actor=make_user())
    lose_alarms()

    with later(2 * MINUTE):
        rung = [sweeps.ring_unsent_mails(), sweeps.ring_unsent_mails()]
        run_jobs()
        rung.append(sweeps.ring_unsent_mails())

    assert rung == [1, 1, 0]
    assert len(mail.outbox) == 1
    assert ticket.mails.get().status == MailStatus.SENT


def test_fresh_mail_is_left_to_its_own_alarm() -> None:
    handling.acknowledge(make_ticket().pk, actor=make_user())

    assert sweeps.ring_unsent_mails() == 0


def test_mail_of_a_dead_sender_is_sent_after_its_lease(run_jobs: RunJobs) -> None:
    ticket, agent = make_ticket(), make_user()
    handling.acknowledge(ticket.pk, actor=agent)
    lose_alarms()
    outbox.claim_mail(ticket.mails.get().pk, actor=agent)

    with later(4 * MINUTE):
        during = sweeps.ring_unsent_mails()
    with later(6 * MINUTE):
        after = sweeps.ring_unsent_mails()
        run_jobs()

    assert (during, after, len(mail.outbox)) == (0, 1, 1)


def test_refused_mail_waits_longer_each_time_and_is_parked(
    run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: EmailMessage, fail_silently: bool = False) -> int:
        raise OSError("mailbox unavailable")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    ticket = make_ticket()
    handling.acknowledge(ticket.pk, actor=make_user())
    moment, waits = now(), []

    for _attempt in range(6):
        with time_machine.travel(moment, tick=False):
            sweeps.ring_unsent_mails()
            run_jobs()
            letter = ticket.mails.get()
            waits.append(round((letter.send_after - moment) / MINUTE))
        moment = letter.send_after + MINUTE

    assert waits[:5] == [1, 2, 4, 8, 16]
    assert letter.status == MailStatus.PARKED
    assert for_reader(letter.last_error) == "The other side could not be reached."
    assert behind(letter.last_error) == "OSError: mailbox unavailable"
    assert AuditEvent.objects.filter(code="tickets.mail_parked").count() == 1


def test_an_answer_is_put_into_words_when_it_leaves(run_jobs: RunJobs) -> None:
    agent = make_user()
    ticket = make_ticket(language="zh-hans")
    reply(ticket.pk, actor=agent, body="We look into it.")
    waiting = ticket.mails.get()
    links = ticket.status_links.count()
    with later(MINUTE):
        run_jobs()
    letter = ticket.mails.get()

    assert (waiting.status, waiting.subject, waiting.body, links) == ("queued", "", "", 0)
    assert (letter.status, letter.subject) == ("sent", f"[{ticket.number}] {ticket.subject}")
    assert "We look into it." in letter.body
    assert f"服务单 {ticket.number}" in letter.body
    assert live_status_url(ticket) in letter.body
    assert [(one.subject, one.body) for one in mail.outbox] == [(letter.subject, letter.body)]


def test_a_recalled_answer_is_never_put_into_words(run_jobs: RunJobs) -> None:
    agent, ticket = make_user(), make_ticket()
    undo_reply(reply(ticket.pk, actor=agent, body="To the wrong one.").pk, actor=agent)
    with later(MINUTE):
        run_jobs()
    letter = ticket.mails.get()

    assert (letter.status, letter.body, len(mail.outbox)) == ("recalled", "", 0)
    assert live_status_url(ticket) == ""


def test_no_mail_leaves_without_words() -> None:
    ticket = make_ticket()
    reply(ticket.pk, actor=make_user(), body="We look into it.")

    with pytest.raises(IntegrityError), transaction.atomic():
        ticket.mails.update(status=MailStatus.SENDING)


def test_outbox_says_when_an_answer_gets_its_words() -> None:
    lead, ticket = make_user(Role.LEAD), make_ticket()
    reply(ticket.pk, actor=lead, body="We look into it.")
    client = Client()
    client.force_login(lead, backend="staff.backends.RoleBackend")
    url = reverse("admin:tickets_outboundmail_changelist")

    assert "(written when it leaves)" in client.get(url).text
    assert (
        "its time to recall it is over" in client.get(f"{url}{ticket.mails.get().pk}/change/").text
    )


def test_long_queue_is_late_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    handling.acknowledge(make_ticket().pk, actor=make_user())
    monkeypatch.setattr(sweeps, "LONG_QUEUE", 0)

    with later(2 * MINUTE):
        assert sweeps.ring_unsent_mails() == 0


# Acknowledging


def test_absent_customers_are_acknowledged_when_the_alarm_was_lost() -> None:
    web, phone = make_ticket(channel="web"), make_ticket(channel="phone")
    lose_alarms()

    with later(3 * MINUTE):
        done = [sweeps.acknowledge_unacknowledged(), sweeps.acknowledge_unacknowledged()]

    web.refresh_from_db()
    phone.refresh_from_db()
    assert done == [1, 0]
    assert web.acknowledged_at is not None
    assert phone.acknowledged_at is None
    assert web.mails.count() == 1


def test_old_cases_are_not_acknowledged_any_more() -> None:
    make_ticket(channel="web")

    with later(4 * DAY):
        assert sweeps.acknowledge_unacknowledged() == 0


# Follow-ups and ratings


def test_due_follow_up_is_brought_up_once() -> None:
    agent = make_user()
    promised = follow_ups.plan_follow_up(
        make_ticket(agent).pk, actor=agent, kind="care", text="Call", due_at=now() + MINUTE
    )

    early = schedules.sweep_clocks()
    with later(2 * MINUTE):
        done = [schedules.sweep_clocks(), schedules.sweep_clocks()]

    promised.refresh_from_db()
    assert (early, done) == (0, [1, 0])
    assert promised.reminded_at is not None
    assert AuditEvent.objects.filter(code="tickets.follow_up_reminded").count() == 1


def test_invitation_to_rate_ends_after_two_weeks() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket_in(TicketStatus.RESOLVED, lead)
    response = ratings.invite_rating(ticket.pk, actor=lead)

    with later(13 * DAY):
        early = sweeps.expire_ratings()
    with later(15 * DAY):
        done = [sweeps.expire_ratings(), sweeps.expire_ratings()]

    response.refresh_from_db()
    assert (early, done, response.status) == (0, [1, 0], "expired")


# Closing


def test_settled_case_closes_itself_and_tells_the_customer_once() -> None:
    ticket = make_ticket_in(TicketStatus.RESOLVED)
    deliver_mails(ticket)

    with later(2 * DAY):
        early = sweeps.close_resolved()
    with later(4 * DAY):
        done = [sweeps.close_resolved(), sweeps.close_resolved()]

    ticket.refresh_from_db()
    assert (early, done, ticket.status) == (0, [1, 0], TicketStatus.CLOSED)
    event = AuditEvent.objects.get(code="tickets.closed")
    assert (event.actor_name, event.note) == (
        "System (system)",
        kept("3天没有回复。 / No answer for 3 days."),
    )
    assert ticket.mails.filter(purpose="closing").count() == 1


def test_case_with_a_closed_gate_stays_and_does_not_block_others() -> None:
    lead = make_user(Role.LEAD)
    blocked = make_ticket_in(TicketStatus.RESOLVED, lead)
    deliver_mails(blocked)
    follow_ups.plan_follow_up(
        blocked.pk, actor=lead, kind="care", text="Call", due_at=now() + 9 * DAY
    )
    free = make_ticket_in(TicketStatus.RESOLVED, lead)
    deliver_mails(free)

    with later(4 * DAY):
        assert sweeps.close_resolved() == 1

    blocked.refresh_from_db()
    free.refresh_from_db()
    assert (blocked.status, free.status) == ("resolved", "closed")


def test_answer_of_the_customer_stops_the_closing() -> None:
    ticket = make_ticket_in(TicketStatus.RESOLVED)
    deliver_mails(ticket)

    with later(2 * DAY):
        words = Words(body="It broke again.", channel="mail")
        receive_message(ticket.pk, words, actor=make_user(Role.LEAD))
    with later(4 * DAY):
        assert sweeps.close_resolved() == 0


# Heartbeat and duties


def test_refusal_leaves_the_queue_as_it_was() -> None:
    with pytest.raises(LookupError):
        jobs.enqueue("nobody.knows")
    with pytest.raises(TypeError):
        jobs.enqueue("tickets.send_mail", {"id": 1})  # type: ignore[arg-type]

    assert not OrmQ.objects.exists()


@pytest.mark.parametrize(
    "code", ["tickets.send_mail", "tickets.acknowledge", "tickets.invite_rating"]
)
def test_job_for_a_row_that_is_gone_ends_quietly(code: str) -> None:
    jobs.run(code, 987_654_321)


def test_job_run_twice_has_one_effect(run_jobs: RunJobs) -> None:
    ticket = make_ticket(channel="web")
    jobs.run("tickets.acknowledge", ticket.pk)
    jobs.run("tickets.acknowledge", ticket.pk)
    letter = ticket.mails.get()
    jobs.run("tickets.send_mail", letter.pk)
    jobs.run("tickets.send_mail", letter.pk)
    run_jobs()

    assert len(mail.outbox) == 1
    assert AuditEvent.objects.filter(code="tickets.mail_sent").count() == 1


# Health


def test_folder_backend_keeps_each_mail_once_and_whole(settings: Any, tmp_path: Path) -> None:
    settings.MAIL_FOLDER = tmp_path / "mail"
    letter = EmailMessage("Größe 你好", "Text 你好", "a@b.example", ["c@d.example"])
    letter.extra_headers["Message-ID"] = "<one@desk.example>"
    other = EmailMessage("Other", "Text", "a@b.example", ["c@d.example"])

    sent = FolderBackend().send_messages([letter, letter, other])

    files = sorted((tmp_path / "mail").iterdir())
    assert (sent, len(files)) == (3, 2)
    assert {file.suffix for file in files} == {".eml"}
    ids = [message_from_bytes(file.read_bytes())["Message-ID"] for file in files]
    assert "<one@desk.example>" in ids


def test_mailbox_page_exists_in_the_demo_only(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MAIL_FOLDER = tmp_path / "mail"
    letter = EmailMessage("Your request", "http://127.0.0.1:8000/s/abc/", "a@b.example", ["c@d.ex"])
    letter.extra_headers["Message-ID"] = "<one@desk.example>"
    FolderBackend().send_messages([letter])
    (file,) = (tmp_path / "mail").iterdir()
    client.force_login(make_user())

    outside = [client.get("/admin/mailbox/").status_code]
    settings.DEMO = True
    listed = client.get("/admin/mailbox/").content.decode()
    shown = client.get(f"/admin/mailbox/{file.stem}/").content.decode()
    outside.append(client.get("/admin/mailbox/..%2fsecret_key/").status_code)

    assert outside == [404, 404]
    assert f"/admin/mailbox/{file.stem}/" in listed
    assert 'href="http://127.0.0.1:8000/s/abc/"' in shown


def test_customer_with_a_proposal_is_never_closed_by_time() -> None:
    lead = make_user(Role.LEAD)
    make_proposal(make_ticket(lead), lead)

    with later(30 * DAY):
        assert sweeps.close_resolved() == 0
