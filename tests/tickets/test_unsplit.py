"""Undoing a split: whatever was said and promised on the part goes back, and nothing else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated
from clocks.checks import deviations
from clocks.models import Clock
from staff.models import User
from staff.roles import Role
from tests.factories.clocks import clock_of, owed
from tests.factories.people import make_user
from tests.factories.tickets import deliver_mails, make_follow_up, make_ticket
from tests.tickets.case_page import traces
from tests.tickets.portal_page import page_of, text_of
from tickets.models import Attachment, Message, Ticket
from tickets.services import conversation, files, handling, joining, opening, outcome
from tickets.services.opening import Words
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db

WHY = "one matter after all"


@pytest.fixture
def lead() -> User:
    return make_user(Role.LEAD)


@pytest.fixture
def origin(lead: User) -> Ticket:
    """A case with a second question, both answered."""
    ticket = make_ticket(lead, kind="consultation")
    say(ticket, "And the cap?")
    conversation.reply(ticket.pk, actor=lead, body="See below.", then=TicketStatus.PENDING)
    return ticket


@pytest.fixture
def part(lead: User, origin: Ticket) -> Ticket:
    return split(lead, origin, "And the cap?")


def say(ticket: Ticket, body: str) -> Message:
    return opening.receive_message(
        ticket.pk, Words(body=body, channel="mail"), actor=make_user(Role.LEAD)
    )


def split(lead: User, ticket: Ticket, *words: str) -> Ticket:
    ids = list(ticket.messages.filter(body__in=words).values_list("pk", flat=True))
    return joining.split_ticket(ticket.pk, actor=lead, message_ids=ids, subject="Cap")


def undo(part: Ticket, lead: User) -> Ticket:
    return joining.unsplit_ticket(part.pk, actor=lead, note=WHY)


def bodies(ticket: Ticket) -> set[str]:
    return set(ticket.messages.values_list("body", flat=True))


def test_what_the_customer_wrote_meanwhile_goes_back_and_waits_there_for_an_answer(
    lead: User, origin: Ticket, part: Ticket
) -> None:
    conversation.reply(part.pk, actor=lead, body="The cap follows.", then=TicketStatus.PENDING)
    asked = say(part, "When?")
    since = clock_of(part, "next_response").started_at
    loose = files.add_file(part.pk, files.NewFile("cap.txt", b"cap"), actor=lead)
    with time_machine.travel(now() + timedelta(hours=1), tick=False):
        undo(part, lead)

    origin.refresh_from_db()
    answer = clock_of(origin, "next_response")
    assert {"And the cap?", "The cap follows.", "When?"} < bodies(origin)
    assert not part.messages.exists()
    assert Attachment.objects.get(pk=loose.pk).ticket == origin
    assert (origin.status, origin.last_inbound_at) == (TicketStatus.OPEN, asked.created_at)
    assert (answer.state, answer.started_at) == ("running", since)
    assert not Clock.objects.live().filter(case_id=part.pk).exists()
    assert list(deviations()) == []


def test_origin_goes_on_waiting_when_nothing_needs_an_answer(
    lead: User, origin: Ticket, part: Ticket
) -> None:
    handling.wait(part.pk, actor=lead, status=TicketStatus.PENDING)
    promises = owed(origin)

    undo(part, lead)

    origin.refresh_from_db()
    assert origin.status == TicketStatus.PENDING
    assert owed(origin) == promises


def test_later_words_to_the_part_land_on_the_origin(
    client: Client, lead: User, origin: Ticket, part: Ticket
) -> None:
    page = page_of(part)
    undo(part, lead)

    said = say(part, "Any news?")

    assert said.ticket == origin
    assert Ticket.objects.count() == 2
    assert origin.number in text_of(client.get(page))


def test_promised_follow_up_goes_back(lead: User, origin: Ticket, part: Ticket) -> None:
    row = make_follow_up(part, lead)

    undo(part, lead)

    row.refresh_from_db()
    clock = Clock.objects.live().get(subject_type="tickets.followup", subject_id=row.pk)
    assert (row.ticket, row.status) == (origin, "planned")
    assert (clock.case_id, clock.due_at) == (origin.pk, row.due_at)
    assert list(deviations()) == []


def test_what_was_split_off_from_the_part_stays_and_goes_to_the_origin_by_its_own_undo(
    lead: User, origin: Ticket
) -> None:
    say(origin, "And the scarf?")
    part = split(lead, origin, "And the cap?", "And the scarf?")
    third = split(lead, part, "And the scarf?")
    before = traces(third)[-1]

    undo(part, lead)

    assert (bodies(third), traces(third)[-1]) == ({"And the scarf?"}, before)
    assert undo(third, lead) == origin
    assert "And the scarf?" in bodies(origin)
    assert list(deviations()) == []


def test_split_is_not_undone_while_another_case_is_merged_into_the_part(
    lead: User, origin: Ticket, part: Ticket
) -> None:
    other = make_ticket(lead, customer=origin.customer)
    joining.merge_tickets(other.pk, part.pk, actor=lead)
    before = traces(part), traces(origin)

    with pytest.raises(RuleViolated) as refusal:
        undo(part, lead)

    assert refusal.value.code == "merged_in"
    assert str(refusal.value) == f"Undo the merge of {other.number} into this case first."
    assert (traces(part), traces(origin)) == before


def test_split_is_not_undone_into_a_case_that_is_closed(
    lead: User, origin: Ticket, part: Ticket
) -> None:
    outcome.tell_result(origin.pk, actor=lead, body="All is settled.")
    with time_machine.travel(now() + timedelta(minutes=1), tick=False):
        deliver_mails(origin)
        outcome.close_ticket(origin.pk, actor=lead)
    before = traces(part), traces(origin)

    with pytest.raises(InvalidTransition):
        undo(part, lead)

    assert (traces(part), traces(origin)) == before


@pytest.mark.parametrize(
    ("status", "after", "count"),
    [(TicketStatus.OPEN, TicketStatus.OPEN, 1), (TicketStatus.PENDING, TicketStatus.RESOLVED, 0)],
)
def test_resolved_origin_is_reopened_by_what_waits_for_an_answer_only(
    lead: User, origin: Ticket, part: Ticket, status: str, after: str, count: int
) -> None:
    if status == TicketStatus.OPEN:
        handling.resume(part.pk, actor=lead)
    else:
        handling.wait(part.pk, actor=lead, status=TicketStatus.PENDING)
    outcome.tell_result(origin.pk, actor=lead, body="All is settled.")
    promises = owed(origin)

    undo(part, lead)

    origin.refresh_from_db()
    assert (origin.status, origin.reopened_count) == (after, count)
    assert ("next_response" in {one["promise"] for one in owed(origin)}) is bool(count)
    assert count or owed(origin) == promises
    assert list(deviations()) == []


def test_origin_that_was_merged_has_the_words_and_the_case_that_goes_on_the_answer(
    lead: User, origin: Ticket, part: Ticket
) -> None:
    target = make_ticket(lead, kind="consultation")
    conversation.reply(target.pk, actor=lead, body="Which one?", then=TicketStatus.PENDING)
    joining.merge_tickets(origin.pk, target.pk, actor=lead, is_sure=True)

    undo(part, lead)

    target.refresh_from_db()
    assert "And the cap?" in bodies(origin)
    assert target.status == TicketStatus.OPEN
    assert clock_of(target, "next_response").state == "running"
    assert list(deviations()) == []
