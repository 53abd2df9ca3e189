"""What was promised for later goes with a merged case and comes back with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from aftersales.kernel.clock import now
from clocks.checks import deviations
from clocks.models import Clock
from clocks.sweep import sweep_due
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.clocks import owed
from tests.factories.people import make_user
from tests.factories.tickets import make_follow_up, make_ticket
from tickets.models import FollowUp, Ticket
from tickets.services import follow_ups, joining

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> User:
    return make_user(Role.LEAD)


@pytest.fixture
def source(lead: User) -> Ticket:
    return make_ticket(lead)


@pytest.fixture
def target(lead: User, source: Ticket) -> Ticket:
    return make_ticket(lead, customer=source.customer)


def clocks_of(row: FollowUp) -> list[tuple[int, str]]:
    """The live promises of a follow-up, by case and state."""
    mine = Clock.objects.live().filter(subject_type="tickets.followup", subject_id=row.pk)
    return [(clock.case_id or 0, clock.state) for clock in mine]


def case_of(row: FollowUp) -> Ticket:
    return FollowUp.objects.get(pk=row.pk).ticket


def test_planned_follow_up_goes_along_and_its_promise_runs(
    lead: User, source: Ticket, target: Ticket
) -> None:
    row = make_follow_up(source, lead)

    joining.merge_tickets(source.pk, target.pk, actor=lead)

    assert case_of(row) == target
    assert clocks_of(row) == [(target.pk, "running")]
    with time_machine.travel(row.due_at + timedelta(minutes=1), tick=False):
        sweep_due(actor=system_actor())
    assert FollowUp.objects.get(pk=row.pk).reminded_at is not None
    assert list(deviations()) == []


def test_undone_merge_takes_it_back_with_the_promise_it_had(
    lead: User, source: Ticket, target: Ticket
) -> None:
    row, own = make_follow_up(source, lead), make_follow_up(target, lead)
    before = owed(source), owed(target)
    joining.merge_tickets(source.pk, target.pk, actor=lead)

    with time_machine.travel(now() + timedelta(minutes=5), tick=False):
        joining.unmerge_ticket(source.pk, actor=lead, note="two matters")

    assert (case_of(row), case_of(own)) == (source, target)
    assert clocks_of(row) == [(source.pk, "running")]
    assert (owed(source), owed(target)) == before
    assert list(deviations()) == []


@pytest.mark.parametrize("end", ["done", "canceled"])
def test_what_was_ended_meanwhile_goes_back_and_is_not_owed_again(
    lead: User, source: Ticket, target: Ticket, end: str
) -> None:
    row = make_follow_up(source, lead)
    joining.merge_tickets(source.pk, target.pk, actor=lead)
    if end == "done":
        follow_ups.complete_follow_up(row.pk, actor=lead, outcome="Called, all is well")
    else:
        follow_ups.cancel_follow_up(row.pk, actor=lead, note="not needed")

    joining.unmerge_ticket(source.pk, actor=lead, note="two matters")

    assert (case_of(row), clocks_of(row)) == (source, [])
    assert list(deviations()) == []


def test_chain_of_merges_carries_it_on_and_gives_it_back_from_where_it_is(
    lead: User, source: Ticket, target: Ticket
) -> None:
    third = make_ticket(lead, customer=source.customer)
    row = make_follow_up(source, lead)
    joining.merge_tickets(source.pk, target.pk, actor=lead)
    joining.merge_tickets(target.pk, third.pk, actor=lead)
    assert clocks_of(row) == [(third.pk, "running")]

    joining.unmerge_ticket(source.pk, actor=lead, note="two matters")

    assert (case_of(row), clocks_of(row)) == (source, [(source.pk, "running")])
    joining.unmerge_ticket(target.pk, actor=lead, note="two matters")
    assert (case_of(row), clocks_of(row)) == (source, [(source.pk, "running")])
