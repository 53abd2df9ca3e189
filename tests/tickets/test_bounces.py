"""A mail that came back: nobody was told, somebody hears of it, the case does not close itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from aftersales.kernel import jobs
from aftersales.kernel.errors import InvalidTransition, NotPermitted, RuleViolated
from compliance.models import AuditEvent
from customers.services import add_contact_point, merge_customers
from staff.models import Notice, User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.people import make_user
from tests.factories.tickets import deliver_mails, make_customer, make_ticket, make_ticket_in
from tests.kept import kept
from tests.tickets.mails import mixed, part
from tests.tickets.test_intake_door import deliver
from tests.tickets.timing import DAY, MINUTE, RunJobs, later
from tickets import gates, sweeps
from tickets.mail.parse import parse_mail
from tickets.models import OutboundMail, Ticket
from tickets.queries import home
from tickets.services import bounces, conversation, handling, outbox, outcome
from tickets.statuses import IntakeOutcome, TicketStatus

pytestmark = pytest.mark.django_db
GONE = "The mailbox does not exist."


def bounce(letter: OutboundMail, action: str = "failed") -> Any:
    """The report of a mail host, as it comes in."""
    return deliver(
        mixed(
            part(GONE.encode()),
            part(
                f"Reporting-MTA: dns; mx\n\nAction: {action}\n".encode(), "message/delivery-status"
            ),
            part(f"Message-ID: {letter.mail_id}\r\n\r\nhello".encode(), "message/rfc822"),
            kind="report; report-type=delivery-status",
            From="MAILER-DAEMON@mx.example",
            Return_Path="<>",
            Subject="Delivery report",
            Message_ID=f"<{letter.pk}.{letter.status}.{action}.{letter.sent_at}@mx>",
        )
    )


def told(lead: User, **overrides: Any) -> tuple[Ticket, OutboundMail]:
    """A resolved case whose result left by mail."""
    ticket = make_ticket_in(TicketStatus.RESOLVED, lead, **overrides)
    deliver_mails(ticket)
    return ticket, ticket.mails.get(purpose="result")


def came_back(letter: OutboundMail) -> OutboundMail:
    bounce(letter)
    letter.refresh_from_db()
    return letter


def shut(ticket: Ticket) -> list[str]:
    return [state.code for state in gates.blocking(Ticket.objects.get(pk=ticket.pk))]


def heard(user: User) -> list[str]:
    return [notice.title for notice in Notice.objects.filter(recipient=user).order_by("id")]


def events(code: str) -> list[str]:
    return list(AuditEvent.objects.filter(code=code).values_list("note", flat=True))


# What a bounce does


def test_a_result_that_came_back_keeps_the_case_from_closing_itself() -> None:
    lead = make_user(Role.LEAD)
    ticket, letter = told(lead)

    receipt = bounce(letter)
    with later(30 * DAY):
        closed = sweeps.close_resolved()

    letter.refresh_from_db()
    ticket.refresh_from_db()
    assert (receipt.outcome, receipt.ticket) == (IntakeOutcome.IGNORED, ticket)
    assert (letter.status, letter.last_error) == (
        "bounced",
        f"{kept('退信： / Came back:')} {GONE}",
    )
    assert (closed, ticket.status, shut(ticket)) == (0, "resolved", ["mail_delivered"])
    assert ticket.mails.filter(purpose="closing").count() == 0
    assert list(home.stuck(lead)) == [letter]


def test_who_has_the_case_and_who_follows_it_hear_once_of_each_time() -> None:
    lead, agent, follower = make_user(Role.LEAD), make_user(), make_user()
    ticket = make_ticket(lead)
    handling.assign(ticket.pk, actor=lead, assignee=agent)
    handling.watch(ticket.pk, actor=follower, user=follower)
    conversation.reply(ticket.pk, actor=agent, body="We look into it.")
    with later(MINUTE):
        deliver_mails(ticket)
    letter = ticket.mails.get()
    Notice.objects.all().delete()

    came_back(letter)
    bounces.came_back(letter.pk, actor=system_actor(), note=GONE)
    once = heard(agent), heard(follower), heard(lead)
    outbox.retry_mail(letter.pk, actor=lead, note="mailbox was full")
    deliver_mails(ticket)
    came_back(letter)

    words = f"A mail of {ticket.number} came back"
    assert once == ([words], [words], [])
    assert (heard(agent), heard(follower)) == ([words] * 2, [words] * 2)
    assert len(events("tickets.mail_bounced")) == 3


def test_without_anybody_on_the_case_its_leads_hear() -> None:
    lead = make_user(Role.LEAD)
    ticket, letter = told(lead)
    Notice.objects.all().delete()

    came_back(letter)

    assert heard(lead) == [f"A mail of {ticket.number} came back"]


def test_a_case_that_waits_for_the_customer_is_taken_up_again() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    conversation.reply(ticket.pk, actor=lead, body="Which size?", then=TicketStatus.PENDING)
    with later(MINUTE):
        deliver_mails(ticket)

    came_back(ticket.mails.get())

    ticket.refresh_from_db()
    assert ticket.status == "open"
    (resumed,) = AuditEvent.objects.filter(code="tickets.resumed")
    assert resumed.note == kept("我们的邮件被退回。 / Our mail came back.")
    assert resumed.data["because"] == "bounce"


@pytest.mark.parametrize("status", ["open", "on_hold", "resolved"])
def test_any_other_case_stays_where_it_is(status: str) -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket_in(status, lead)
    if status == "resolved":
        deliver_mails(ticket)
    else:
        conversation.reply(ticket.pk, actor=lead, body="We look into it.")
        with later(MINUTE):
            deliver_mails(ticket)

    came_back(ticket.mails.get())

    ticket.refresh_from_db()
    assert ticket.status == status
    assert not AuditEvent.objects.filter(code="tickets.resumed", data__because="bounce").exists()


def test_a_closed_case_is_only_told_of() -> None:
    lead = make_user(Role.LEAD)
    ticket, letter = told(lead)
    outcome.close_ticket(ticket.pk, actor=lead)
    Notice.objects.all().delete()

    came_back(letter)

    ticket.refresh_from_db()
    assert (ticket.status, letter.status) == ("closed", "bounced")
    assert heard(lead) == [f"A mail of {ticket.number} came back"]
    assert list(home.stuck(lead)) == []


def test_a_report_of_delay_or_of_success_is_no_bounce() -> None:
    lead = make_user(Role.LEAD)
    ticket, letter = told(lead)

    receipts = [bounce(letter, action) for action in ("delayed", "delivered", "relayed")]

    letter.refresh_from_db()
    assert (letter.status, letter.last_error, shut(ticket)) == ("sent", "", [])
    assert {(one.outcome, one.ticket) for one in receipts} == {(IntakeOutcome.IGNORED, ticket)}
    assert {one.reason for one in receipts} == {
        kept(
            "邮件服务器报告我们的邮件，并未退回。"
            " / A mail host reports on our mail; it has not come back."
        )
    }
    assert events("tickets.mail_bounced") == []


def test_a_bounce_faster_than_the_sender_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    handling.acknowledge(ticket.pk, actor=lead)
    letter = ticket.mails.get()

    def send(self: Any, fail_silently: bool = False) -> int:
        came_back(letter)
        return 1

    monkeypatch.setattr("django.core.mail.EmailMessage.send", send)
    jobs.run("tickets.send_mail", letter.pk)

    letter.refresh_from_db()
    assert (letter.status, letter.attempts, letter.leased_until) == ("bounced", 1, None)
    assert letter.sent_at is not None
    with pytest.raises(InvalidTransition):
        outbox.record_mail_failed(letter.pk, actor=system_actor(), note="late")
    letter.refresh_from_db()
    assert letter.status == "bounced"


def test_a_bounce_of_a_mail_that_is_tried_again_anyway_is_only_written_down() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    handling.acknowledge(ticket.pk, actor=lead)
    letter = came_back(ticket.mails.get())

    assert letter.status == "queued"
    assert (events("tickets.mail_bounced"), heard(lead)) == ([GONE], [])


# How it is settled


def test_it_is_sent_again_to_another_address_of_the_customer(run_jobs: RunJobs) -> None:
    lead = make_user(Role.LEAD)
    ticket, letter = told(lead)
    came_back(letter)
    assert ticket.customer
    add_contact_point(ticket.customer.pk, "email", "new@example.com", actor=lead, note="by phone")
    mail.outbox.clear()

    outbox.retry_mail(letter.pk, actor=lead, note="told on the phone", address=" New@example.com ")
    waiting = OutboundMail.objects.get(pk=letter.pk)
    run_jobs()

    letter.refresh_from_db()
    assert (waiting.status, waiting.attempts, waiting.sent_at) == ("queued", 0, None)
    assert (letter.status, letter.to_address, letter.last_error) == ("sent", "new@example.com", "")
    assert [one.to for one in mail.outbox if one.subject == letter.subject] == [["new@example.com"]]
    assert shut(ticket) == []
    event = AuditEvent.objects.get(code="tickets.mail_retried")
    assert (event.note, event.data) == ("told on the phone", {"readdressed": True})


def test_it_is_sent_to_nobody_elses_address() -> None:
    lead = make_user(Role.LEAD)
    _ticket, letter = told(lead)
    came_back(letter)
    make_customer(email="other@example.com")
    before = list(OutboundMail.objects.filter(pk=letter.pk).values())

    for address in ("other@example.com", "nobody@example.com"):
        with pytest.raises(RuleViolated) as refusal:
            outbox.retry_mail(letter.pk, actor=lead, address=address)
        assert refusal.value.field == "address"

    assert list(OutboundMail.objects.filter(pk=letter.pk).values()) == before
    assert events("tickets.mail_retried") == []


def test_an_address_of_another_record_of_the_same_person_is_the_customers() -> None:
    lead = make_user(Role.LEAD)
    ticket, letter = told(lead)
    came_back(letter)
    other = make_customer(email="new@example.com")
    assert ticket.customer
    merge_customers(other.pk, ticket.customer.pk, actor=lead)

    outbox.retry_mail(letter.pk, actor=lead, address="new@example.com")

    letter.refresh_from_db()
    assert (letter.status, letter.to_address) == ("queued", "new@example.com")


def test_a_question_to_an_outsider_is_not_sent_to_the_customer() -> None:
    lead = make_user(Role.LEAD)
    ticket, letter = told(lead)
    came_back(letter)
    OutboundMail.objects.filter(pk=letter.pk).update(purpose="outsider")

    with pytest.raises(RuleViolated):
        outbox.retry_mail(letter.pk, actor=lead, address=letter.to_address)

    assert shut(ticket) == ["mail_delivered"]


@pytest.mark.parametrize("status", ["bounced", "parked"])
def test_it_is_settled_otherwise_with_a_reason(status: str) -> None:
    lead = make_user(Role.LEAD)
    ticket, letter = told(lead)
    came_back(letter)
    OutboundMail.objects.filter(pk=letter.pk).update(status=status)

    with pytest.raises(RuleViolated):
        outbox.settle_mail(letter.pk, actor=lead, note=" ")
    with pytest.raises(NotPermitted):
        outbox.settle_mail(letter.pk, actor=make_user(Role.QUALITY), note="told on the phone")
    letter.refresh_from_db()
    assert (letter.status, shut(ticket)) == (status, ["mail_delivered"])
    outbox.settle_mail(letter.pk, actor=lead, note="told on the phone")

    letter.refresh_from_db()
    assert (letter.status, shut(ticket)) == ("settled", [])
    assert events("tickets.mail_settled") == ["told on the phone"]
    with later(30 * DAY):
        assert sweeps.close_resolved() == 1


def test_hiding_the_words_settles_it_too() -> None:
    lead = make_user(Role.LEAD)
    ticket, letter = told(lead)
    came_back(letter)
    assert letter.message

    conversation.hide_message(letter.message.pk, actor=lead, note="names somebody else")

    letter.refresh_from_db()
    assert (letter.status, shut(ticket)) == ("recalled", [])


def test_no_mail_came_back_that_never_left() -> None:
    ticket = make_ticket()
    handling.acknowledge(ticket.pk, actor=make_user())

    with pytest.raises(IntegrityError), transaction.atomic():
        ticket.mails.update(status="bounced")


def test_the_report_is_read_as_a_host_writes_it() -> None:
    report = b"Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; x@y\r\nAction:  FAILED\r\n"
    raw = mixed(part(b"Action: none"), part(report, "message/delivery-status"))

    assert parse_mail(raw).delivery_actions == ("failed",)
