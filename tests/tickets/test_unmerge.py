"""Undoing a merge: the case stands where it stood, and owes what it owed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from aftersales.kernel.clock import now
from clocks.checks import deviations
from clocks.models import Clock
from staff.models import User
from staff.roles import Role
from tests.factories.clocks import clock_of, only_rule, owed
from tests.factories.people import make_user
from tests.factories.tickets import make_follow_up, make_ticket, make_ticket_in
from tickets.models import Ticket
from tickets.services import conversation, follow_ups, handling, joining
from tickets.services.handling import Assessment
from tickets.statuses import UNFINISHED, TicketStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> User:
    return make_user(Role.LEAD)


def merged_and_back(ticket: Ticket, lead: User, after: timedelta = timedelta()) -> Ticket:
    """The case after it was merged by mistake, for that long."""
    joining.merge_tickets(ticket.pk, make_ticket(lead).pk, actor=lead, is_sure=True)
    with time_machine.travel(now() + after, tick=False):
        joining.unmerge_ticket(ticket.pk, actor=lead, note="two different jackets")
    return Ticket.objects.get(pk=ticket.pk)


@pytest.mark.parametrize("status", UNFINISHED)
def test_unmerge_restores_status_due_time_and_promises(status: TicketStatus, lead: User) -> None:
    ticket = make_ticket_in(status, lead, kind="complaint")
    make_follow_up(ticket, lead)
    ticket.refresh_from_db()
    promises = owed(ticket)

    back = merged_and_back(ticket, lead, timedelta(minutes=5))

    assert (back.status, back.due_at) == (ticket.status, ticket.due_at)
    assert len(promises) >= 4
    assert owed(back) == promises
    assert list(deviations()) == []


def test_unmerge_makes_no_promise_that_was_kept(lead: User) -> None:
    ticket = make_ticket(lead)
    conversation.reply(ticket.pk, actor=lead, body="Sent today.", then=TicketStatus.PENDING)
    promises = owed(ticket)

    back = merged_and_back(ticket, lead)

    assert {one["promise"] for one in promises}.isdisjoint({"first_response", "next_response"})
    assert owed(back) == promises


def test_promise_late_before_the_merge_is_late_after_it(lead: User) -> None:
    only_rule(stops_on=["tickets.replied"], cancels_on=["tickets.merged:away"])
    ticket = make_ticket(lead)
    clock = clock_of(ticket)
    Clock.objects.filter(pk=clock.pk).update(state="breached", breached_at=clock.due_at)

    merged_and_back(ticket, lead)

    again = clock_of(ticket)
    assert (again.pk, again.state, again.stopped_at) == (clock.pk, "breached", None)
    assert again.breached_at == clock.due_at


def test_follow_up_done_while_merged_is_not_owed_again(lead: User) -> None:
    ticket = make_ticket(lead)
    row = make_follow_up(ticket, lead)
    target = make_ticket(lead)
    joining.merge_tickets(ticket.pk, target.pk, actor=lead, is_sure=True)
    follow_ups.complete_follow_up(row.pk, actor=lead, outcome="Called, all is well")

    joining.unmerge_ticket(ticket.pk, actor=lead, note="two different jackets")

    assert "follow_up" not in {one["promise"] for one in owed(ticket)}
    assert list(deviations()) == []


def test_promise_that_applies_only_after_an_unmerge_counts_from_the_beginning(lead: User) -> None:
    ticket = make_ticket(lead, kind="consultation")
    merged_and_back(ticket, lead)

    handling.assess(ticket.pk, Assessment(kind="complaint"), actor=lead)

    late = clock_of(ticket, "law_decision")
    assert (late.state, late.started_at) == ("running", ticket.received_at)
    assert list(deviations()) == []


def test_second_merge_and_its_undo_start_from_where_the_case_stands_then(lead: User) -> None:
    ticket = make_ticket(lead)
    merged_and_back(ticket, lead)
    handling.wait(ticket.pk, actor=lead, status=TicketStatus.PENDING)
    promises = owed(ticket)

    back = merged_and_back(ticket, lead)

    assert back.status == TicketStatus.PENDING
    assert owed(back) == promises
