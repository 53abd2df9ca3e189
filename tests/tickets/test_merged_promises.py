"""A case that takes another one in owes what that one owed; undone, neither owes more or less."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from clocks.checks import deviations
from clocks.sweep import sweep_due
from staff.models import User
from staff.roles import Role
from tests.factories.clocks import clock_of, only_rule, owed
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.tickets.timing import state
from tickets.models import Ticket
from tickets.services import conversation, handling, joining, opening
from tickets.services.opening import Words
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db

# A Wednesday morning in China.
START = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def lead(clock_time: object) -> User:
    return make_user(Role.LEAD)


@pytest.fixture
def answered(lead: User, clock_time: time_machine.Coordinates) -> Ticket:
    """Answered and waiting for the customer, an hour ago."""
    ticket = make_ticket(lead)
    conversation.reply(ticket.pk, actor=lead, body="Which one?", then=TicketStatus.PENDING)
    clock_time.shift(HOUR)
    return fresh(ticket)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def again(ticket: Ticket, lead: User, **values: str) -> Ticket:
    """Another case of the same customer."""
    return make_ticket(lead, customer=ticket.customer, **values)


def test_unanswered_words_have_the_waiting_case_taken_up_from_when_they_were_written(
    lead: User, answered: Ticket, clock_time: time_machine.Coordinates
) -> None:
    second = again(answered, lead, channel="mail")
    written = second.received_at
    clock_time.shift(HOUR)

    joining.merge_tickets(second.pk, answered.pk, actor=lead)

    answer, target = clock_of(answered, "next_response"), fresh(answered)
    assert target.status == TicketStatus.OPEN
    assert (answer.state, answer.started_at) == ("running", written)
    assert answer.due_at == target.due_at == written + 24 * HOUR
    assert clock_of(answered, "resolution").state == "running"
    assert list(deviations()) == []


def test_undone_merge_leaves_both_cases_as_they_were(
    lead: User, answered: Ticket, clock_time: time_machine.Coordinates
) -> None:
    second = again(answered, lead)
    before = state(answered), state(second)
    joining.merge_tickets(second.pk, answered.pk, actor=lead)
    clock_time.shift(HOUR)

    joining.unmerge_ticket(second.pk, actor=lead, note="two jackets")

    assert (state(answered), state(second)) == before
    assert list(deviations()) == []


def test_undone_merge_leaves_what_the_customer_asked_since(
    lead: User, answered: Ticket, clock_time: time_machine.Coordinates
) -> None:
    second = again(answered, lead)
    joining.merge_tickets(second.pk, answered.pk, actor=lead)
    clock_time.shift(HOUR)
    said = opening.receive_message(
        answered.pk, Words(body="The red one", channel="mail"), actor=lead
    )

    joining.unmerge_ticket(second.pk, actor=lead, note="two jackets")

    answer = clock_of(answered, "next_response")
    assert fresh(answered).status == TicketStatus.OPEN
    assert (answer.state, answer.started_at) == ("running", said.created_at)
    assert list(deviations()) == []


def test_answer_keeps_the_promise_that_came_along(
    lead: User, answered: Ticket, clock_time: time_machine.Coordinates
) -> None:
    second = again(answered, lead)
    joining.merge_tickets(second.pk, answered.pk, actor=lead)

    conversation.reply(answered.pk, actor=lead, body="Both are on the way.")

    assert clock_of(answered, "next_response").state == "met"
    joining.unmerge_ticket(second.pk, actor=lead, note="two jackets")
    assert fresh(answered).status == TicketStatus.OPEN
    assert list(deviations()) == []


@pytest.mark.parametrize("answer", ["waits", "thanks"])
def test_case_is_not_taken_up_for_what_needs_no_answer(
    lead: User, answered: Ticket, answer: str
) -> None:
    second = again(answered, lead)
    conversation.reply(second.pk, actor=lead, body="See the other case.", then=TicketStatus.PENDING)
    if answer == "thanks":
        opening.receive_message(second.pk, Words(body="Thank you!", channel="mail"), actor=lead)
    promises = owed(answered)

    joining.merge_tickets(second.pk, answered.pk, actor=lead)

    assert fresh(answered).status == TicketStatus.PENDING
    assert owed(answered) == promises
    assert list(deviations()) == []


def test_complaint_makes_a_question_a_complaint_with_its_terms_of_law(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    complaint = make_ticket(lead)
    clock_time.shift(HOUR)
    question = again(complaint, lead, kind="consultation")
    before = state(question), state(complaint)

    joining.merge_tickets(complaint.pk, question.pk, actor=lead)

    assert fresh(question).kind == "complaint"
    for promise in ("law_acknowledgement", "law_decision", "proposal"):
        clock = clock_of(question, promise)
        assert (clock.state, clock.started_at) == ("running", complaint.received_at)
    assert list(deviations()) == []
    clock_time.shift(HOUR)
    joining.unmerge_ticket(complaint.pk, actor=lead, note="two matters")
    assert (state(question), state(complaint)) == before
    assert list(deviations()) == []


def test_question_leaves_a_complaint_what_it_is(lead: User) -> None:
    complaint = make_ticket(lead)
    question = again(complaint, lead, kind="consultation")

    joining.merge_tickets(question.pk, complaint.pk, actor=lead)

    assert fresh(complaint).kind == "complaint"


def test_second_complaint_keeps_the_case_one_after_the_first_left(lead: User) -> None:
    first, second = make_ticket(lead), make_ticket(lead)
    question = make_ticket(lead, kind="consultation")
    for source in (first, second):
        joining.merge_tickets(source.pk, question.pk, actor=lead, is_sure=True)

    joining.unmerge_ticket(first.pk, actor=lead, note="two matters")

    assert fresh(question).kind == "complaint"
    assert clock_of(question, "law_decision").state == "running"
    assert list(deviations()) == []


def test_older_unanswered_words_bring_the_first_answer_forward(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    older = make_ticket(lead, channel="mail")
    clock_time.shift(HOUR)
    newer = again(older, lead, channel="mail")
    before = state(newer), state(older)

    joining.merge_tickets(older.pk, newer.pk, actor=lead)

    first = clock_of(newer, "first_response")
    assert (first.state, first.started_at) == ("running", older.received_at)
    assert first.changes.get().to_due == first.due_at
    assert clock_of(newer, "resolution").started_at == older.received_at
    assert list(deviations()) == []
    joining.unmerge_ticket(older.pk, actor=lead, note="two matters")
    assert (state(newer), state(older)) == before
    assert list(deviations()) == []


def test_time_a_promise_rested_is_not_counted_after_the_merge(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    only_rule(amount=600, cancels_on=["tickets.merged:away"])
    older = make_ticket(lead)
    handling.wait(older.pk, actor=lead, status=TicketStatus.PENDING)
    clock_time.shift(3 * HOUR)
    handling.resume(older.pk, actor=lead)
    clock_time.shift(HOUR)
    newer = again(older, lead)

    joining.merge_tickets(older.pk, newer.pk, actor=lead)

    assert clock_of(newer).started_at == START + 3 * HOUR
    assert fresh(newer).due_at == START + 13 * HOUR


def test_promise_late_only_by_what_came_along_runs_again_after_the_undo(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    only_rule(cancels_on=["tickets.merged:away"])
    older = make_ticket(lead)
    clock_time.shift(2 * HOUR)
    newer = again(older, lead)
    before = owed(newer)
    joining.merge_tickets(older.pk, newer.pk, actor=lead)
    clock_time.shift(HOUR / 4)
    sweep_due(actor=lead)
    assert clock_of(newer).state == "breached"

    joining.unmerge_ticket(older.pk, actor=lead, note="two matters")

    assert (clock_of(newer).breached_at, owed(newer)) == (None, before)
    assert list(deviations()) == []


def test_resting_promise_that_is_late_by_what_came_along_goes_on_and_rests_again_after_the_undo(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    only_rule(cancels_on=["tickets.merged:away"])
    older = make_ticket(lead)
    clock_time.shift(2 * HOUR)
    newer = again(older, lead)
    handling.wait(newer.pk, actor=lead, status=TicketStatus.PENDING)
    before = owed(newer)

    joining.merge_tickets(older.pk, newer.pk, actor=lead)

    assert clock_of(newer).due_at == older.received_at + HOUR
    assert list(deviations()) == []
    joining.unmerge_ticket(older.pk, actor=lead, note="two matters")
    assert owed(newer) == before
    assert list(deviations()) == []


def test_chain_of_merges_carries_the_oldest_words_and_gives_them_back(
    lead: User, answered: Ticket, clock_time: time_machine.Coordinates
) -> None:
    second = again(answered, lead)
    clock_time.shift(HOUR)
    third = again(answered, lead)
    joining.merge_tickets(second.pk, third.pk, actor=lead)

    joining.merge_tickets(third.pk, answered.pk, actor=lead)

    assert clock_of(answered, "next_response").started_at == second.received_at
    joining.unmerge_ticket(third.pk, actor=lead, note="two matters")
    assert clock_of(third, "first_response").started_at == second.received_at
    assert fresh(answered).status == TicketStatus.PENDING
    assert list(deviations()) == []
