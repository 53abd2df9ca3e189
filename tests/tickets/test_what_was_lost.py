"""Nothing said is lost, sent twice or sent after it was taken back: what a review found open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, NotPermitted
from aftersales.kernel.failures import behind
from clocks.checks import deviations
from clocks.models import Clock
from compliance.models import AuditEvent
from staff.models import User
from staff.roles import Role
from tests.factories.clocks import make_rule
from tests.factories.people import make_department, make_user
from tests.factories.tickets import (
    deliver_mails,
    make_customer,
    make_proposal,
    make_ticket,
    make_ticket_in,
)
from tests.tickets.timing import MINUTE, RunJobs, later
from tickets import sweeps
from tickets.models import Attachment, Draft, Macro, Mention, Ticket
from tickets.services import (
    conversation,
    files,
    handling,
    joining,
    letters,
    macros,
    opening,
    outbox,
    outcome,
    ratings,
)
from tickets.services.opening import Words
from tickets.statuses import MailStatus, TicketStatus

pytestmark = pytest.mark.django_db


def tell(agent: User, ticket: Ticket) -> None:
    outcome.tell_result(ticket.pk, actor=agent, body="Refunded today.")


def offer(agent: User, ticket: Ticket) -> None:
    make_proposal(ticket, agent)


@pytest.mark.parametrize(("act", "purpose"), [(tell, "result"), (offer, "proposal")])
def test_what_a_person_wrote_is_no_automatic_mail(
    act: Callable[[User, Ticket], None], purpose: str, run_jobs: RunJobs
) -> None:
    agent, customer = make_user(), make_customer()
    for _number in range(outbox.AUTOMATIC_PER_DAY):
        handling.acknowledge(make_ticket(agent, customer=customer).pk, actor=agent)
    ticket = make_ticket(agent, customer=customer)
    deliver_mails(ticket)

    act(agent, ticket)

    assert ticket.mails.filter(purpose=purpose).count() == 1
    with later(MINUTE):
        run_jobs()
    (sent,) = [one for one in mail.outbox if ticket.number in one.subject]
    assert "Auto-Submitted" not in sent.extra_headers


def test_hidden_answer_is_not_mailed(run_jobs: RunJobs) -> None:
    lead, ticket = make_user(Role.LEAD), make_ticket()
    message = conversation.reply(ticket.pk, actor=lead, body="Your neighbour said so.")

    conversation.hide_message(message.pk, actor=lead, note="names somebody else")
    with later(MINUTE):
        run_jobs()

    assert mail.outbox == []
    assert ticket.mails.get().status == MailStatus.RECALLED


def test_split_takes_files_and_mails_along_and_brings_them_back() -> None:
    agent = make_user(Role.LEAD)
    ticket = make_ticket(agent)
    said = opening.receive_message(
        ticket.pk, Words(body="And the cap?", channel="web"), actor=agent
    )
    file = files.add_file(ticket.pk, files.NewFile("cap.txt", b"cap"), actor=agent, message=said)
    answer = conversation.reply(ticket.pk, actor=agent, body="The cap follows.")
    before = answer.mail.mail_id

    part = joining.split_ticket(
        ticket.pk, actor=agent, message_ids=[said.pk, answer.pk], subject="Cap"
    )

    queued = part.mails.get()
    assert Attachment.objects.get(pk=file.pk).ticket_id == part.pk
    assert queued.mail_id.startswith(f"<desk.{part.pk}.")
    assert queued.mail_id != before
    joining.unsplit_ticket(part.pk, actor=agent, note="one matter")
    assert Attachment.objects.get(pk=file.pk).ticket_id == ticket.pk
    assert ticket.mails.get().mail_id.startswith(f"<desk.{ticket.pk}.")


def test_mail_that_cannot_be_written_is_parked_for_a_person(
    run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead, ticket = make_user(Role.LEAD), make_ticket()
    conversation.reply(ticket.pk, actor=lead, body="We look into it.")

    def fail(*_args: Any, **_values: Any) -> None:
        raise LookupError("no such filter")

    monkeypatch.setattr(outbox, "write_letter", fail)
    tries = 0
    while (waiting := ticket.mails.get()).status == MailStatus.QUEUED and tries < 20:
        with later(waiting.send_after - now() + MINUTE):
            sweeps.ring_unsent_mails()
            run_jobs()
        tries += 1

    parked = ticket.mails.get()
    assert (tries, parked.status, parked.attempts) == (6, "parked", outbox.MOST_ATTEMPTS)
    assert (behind(parked.last_error), parked.body) == ("LookupError: no such filter", "")
    assert AuditEvent.objects.filter(code="tickets.mail_parked").count() == 1
    monkeypatch.setattr(outbox, "write_letter", letters.write_letter)
    outbox.retry_mail(parked.pk, actor=lead)
    run_jobs()
    assert ticket.mails.get().status == MailStatus.SENT


def test_words_on_a_finished_case_open_one_case_not_one_each() -> None:
    agent = make_user(Role.LEAD)
    ticket = make_ticket_in(TicketStatus.CLOSED, agent)

    landed = [
        opening.receive_message(
            ticket.pk, Words(body=f"Broken again {n}", channel="mail"), actor=agent
        )
        for n in range(4)
    ]

    (successor,) = {message.ticket_id for message in landed}
    assert successor != ticket.pk
    assert opening.landing(ticket).pk == successor


@pytest.mark.parametrize("then", [None, TicketStatus.PENDING, TicketStatus.ON_HOLD])
@pytest.mark.parametrize("before", [TicketStatus.OPEN, TicketStatus.PENDING, TicketStatus.ON_HOLD])
def test_recalled_answer_leaves_case_and_promises_as_they_were(
    before: TicketStatus, then: TicketStatus | None
) -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket_in(before, lead, kind="complaint")
    promised = list(Clock.objects.filter(case_id=ticket.pk).order_by("pk").values(*KEPT))

    message = conversation.reply(ticket.pk, actor=lead, body="Wrong case", then=then)
    conversation.undo_reply(message.pk, actor=lead)

    ticket.refresh_from_db()
    assert ticket.status == before
    assert list(Clock.objects.filter(case_id=ticket.pk).order_by("pk").values(*KEPT)) == promised
    assert list(deviations()) == []


KEPT = ("promise", "state", "due_at", "paused_at", "stopped_at", "next_step_at")


def test_late_answer_recalled_is_escalated_again() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    with later(30 * MINUTE):
        message = conversation.reply(ticket.pk, actor=lead, body="Wrong case")
        conversation.undo_reply(message.pk, actor=lead)

    clock = Clock.objects.get(case_id=ticket.pk, promise="first_response")
    assert (clock.state, clock.stopped_at) == ("breached", None)
    assert clock.next_step_at is not None


def test_recalled_answer_is_put_below_what_was_typed_since() -> None:
    agent, ticket = make_user(), make_ticket()
    message = conversation.reply(ticket.pk, actor=agent, body="Wrong case")
    conversation.save_draft(ticket.pk, actor=agent, kind="outbound", body="Another thought")

    conversation.undo_reply(message.pk, actor=agent)

    assert Draft.objects.get(ticket=ticket).body == "Another thought\n\nWrong case"


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@amy.", {"amy"}),
        ("@amy-", {"amy"}),
        ("@amy请看一下", {"amy"}),
        ("请@amy看", {"amy"}),
        ("@amy.li and @amy", {"amy.li", "amy"}),
        ("@顾晓岚 你好", {"xiaolan"}),
        ("请@顾晓岚看一下", {"xiaolan"}),
        ("mail bob@amy.example", set()),
        ("@nobody.here", set()),
        ("@Amy.", {"amy"}),
        ("@amyx", set()),
        ("@段建军请看", {"jianjun"}),
        ("ask @jianjun duan, please", {"jianjun"}),
    ],
)
def test_who_is_called_by_name(text: str, called: set[str]) -> None:
    agent = make_user()
    people = {
        "amy": "Amy",
        "amy.li": "Amy Li",
        "xiaolan": "顾晓岚",
        "jianjun": "段建军 Jianjun Duan",
    }
    for username, name in people.items():
        make_user(username=username, display_name=name)

    conversation.note(make_ticket(agent).pk, actor=agent, body=f"{text} …")

    assert {one.user.username for one in Mention.objects.all()} == called


def test_a_name_nobody_has_is_said(client: Client) -> None:
    agent, other = make_user(), make_user(username="amy", display_name="Amy Li")
    client.force_login(agent)
    page = f"/admin/tickets/ticket/{make_ticket(agent).number}/"

    told = client.post(f"{page}do/note/", {"body": "@amy @amx look"}, follow=True)

    assert "Nobody here is called @amx; nobody was told." in told.content.decode()
    assert [one.user for one in Mention.objects.all()] == [other]
    offered = client.get(f"{page}people/").json()["tools"]
    assert [(one["name"], one["text"]) for one in offered] == [("Amy Li", "@amy ")]
    client.force_login(make_user(Role.AUDITOR))
    assert client.get(f"{page}people/").status_code == 403


def test_taking_a_case_never_takes_it_from_a_colleague() -> None:
    first, second = make_user(), make_user()
    ticket = make_ticket(first)
    handling.take(ticket.pk, actor=first)

    with pytest.raises(InvalidTransition, match="has it already"):
        handling.take(ticket.pk, actor=second)

    ticket.refresh_from_db()
    assert ticket.assignee == first


def test_macro_needs_the_right_to_answer() -> None:
    macro = Macro.objects.create(name="Ask", name_zh="问", visibility="all", is_active=True)
    auditor, ticket = make_user(Role.AUDITOR), make_ticket()

    with pytest.raises(NotPermitted):
        macros.apply_macro(ticket.pk, macro.pk, actor=auditor)

    assert not AuditEvent.objects.filter(code="tickets.macro_applied").exists()


def invite(lead: User, ticket: Ticket) -> None:
    ratings.invite_rating(ticket.pk, actor=lead)


def hide(lead: User, ticket: Ticket) -> None:
    conversation.hide_message(ticket.messages.all()[0].pk, actor=lead, note="not for others")


@pytest.mark.parametrize(
    ("act", "code"), [(invite, "tickets.survey_invited"), (hide, "tickets.message_hidden")]
)
def test_due_time_moved_by_what_is_no_activity_is_saved(
    act: Callable[[User, Ticket], None], code: str
) -> None:
    make_rule(
        code="word", promise="word", starts_on=["tickets.resolved"], stops_on=[code], amount=1
    )
    lead = make_user(Role.LEAD)
    ticket = make_ticket_in(TicketStatus.RESOLVED, lead)
    owed = Clock.objects.live().filter(case_id=ticket.pk, promise="word")
    assert ticket.due_at == owed.get().due_at

    act(lead, ticket)

    ticket.refresh_from_db()
    assert not owed.exists()
    assert ticket.due_at is None


def test_one_failing_case_does_not_stop_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = make_ticket(channel="web"), make_ticket(channel="web")
    acknowledge = sweeps.acknowledge_by_mail

    def fail(pk: int, **values: Any) -> Any:
        if pk == first.pk:
            raise ValueError("broken")
        return acknowledge(pk, **values)

    monkeypatch.setattr(sweeps, "acknowledge_by_mail", fail)
    with later(3 * MINUTE):
        assert sweeps.acknowledge_unacknowledged() == 1

    second.refresh_from_db()
    assert second.acknowledged_at is not None


@pytest.mark.parametrize("until", ["9999-12-31", "0001-01-01", "2026-02-30"])
def test_day_that_cannot_be_counted_on_is_left_out(client: Client, until: str) -> None:
    client.force_login(make_user(), backend="staff.backends.RoleBackend")

    url = reverse("admin:tickets_ticket_changelist")
    assert client.get(url, {"until": until, "since": until}).status_code == 200


def test_words_to_a_merged_case_lock_the_case_it_joined_only() -> None:
    lead = make_user(Role.LEAD)
    stranger = make_user(department=make_department("elsewhere"))
    old = make_ticket(lead)
    new = make_ticket(lead, customer=old.customer)
    joining.merge_tickets(new.pk, old.pk, actor=lead)

    message = opening.receive_message(new.pk, Words(body="One more", channel="mail"), actor=lead)

    assert message.ticket_id == old.pk
    assert opening.merged_into(new.pk) == old.pk
    with pytest.raises(Ticket.DoesNotExist):
        opening.receive_message(new.pk, Words(body="Me, too", channel="mail"), actor=stranger)
    assert now() - message.created_at < timedelta(minutes=1)
