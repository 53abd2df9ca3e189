"""A list of holidays arrives or changes: what runs is counted anew, and says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clocks.checks import deviations
from clocks.models import Calendar, ClockChange
from clocks.services import import_year
from clocks.services.recounting import recount_calendar
from clocks.sweep import sweep_due
from compliance.models import JournalEntry
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.calendars import free, year_list
from tests.factories.clocks import clock_of, only_rule
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.kept import kept
from tickets.models import Ticket
from tickets.services import handling
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db

# A Friday in a year without an official list.
FRIDAY = datetime(2027, 1, 8, 2, 0, tzinfo=UTC)
# The end of that day and of the next two in Shanghai.
MONDAY, TUESDAY = datetime(2027, 1, 11, 16, 0, tzinfo=UTC), datetime(2027, 1, 12, 16, 0, tzinfo=UTC)


@pytest.fixture
def one_work_day(office: Calendar) -> None:
    only_rule(amount=1, unit="work_days", calendar=office)


@pytest.fixture
def administrator() -> User:
    return make_user(Role.ADMINISTRATOR)


@time_machine.travel(FRIDAY, tick=False)
def test_holiday_of_an_official_list_moves_what_runs_and_the_case(
    one_work_day: None, administrator: User, run_jobs: Callable[[], list[str]]
) -> None:
    ticket = make_ticket(make_user(Role.LEAD))
    assert (clock_of(ticket).due_at, clock_of(ticket).is_provisional) == (MONDAY, True)

    import_year(year_list(free("2027-01-11")), actor=administrator)
    run_jobs()

    clock, change = clock_of(ticket), ClockChange.objects.get()
    assert (clock.due_at, clock.is_provisional) == (TUESDAY, False)
    assert Ticket.objects.get().due_at == TUESDAY
    assert (change.from_due, change.to_due) == (MONDAY, TUESDAY)
    assert change.reason == kept("日历变更 / a change of the calendar")
    moved = JournalEntry.objects.filter(table_name="tickets_ticket", operation="update").latest(
        "id"
    )
    assert (moved.actor_id, moved.source, moved.reason) == (
        administrator.pk,
        "job",
        kept("日历变更 / a change of the calendar"),
    )
    assert list(deviations()) == []


@time_machine.travel(FRIDAY, tick=False)
def test_list_that_changes_nothing_for_a_clock_leaves_no_change(
    one_work_day: None, administrator: User, run_jobs: Callable[[], list[str]]
) -> None:
    ticket = make_ticket(make_user(Role.LEAD))
    import_year(year_list(free("2027-10-01")), actor=administrator)
    run_jobs()
    assert ClockChange.objects.count() == 1  # official now, no longer provisional

    import_year(year_list(free("2027-10-01"), free("2027-10-04")), actor=administrator)
    run_jobs()

    assert ClockChange.objects.count() == 1
    assert clock_of(ticket).due_at == MONDAY


def test_paused_clock_waits_and_counts_by_the_new_list_when_it_goes_on(
    one_work_day: None, administrator: User, run_jobs: Callable[[], list[str]]
) -> None:
    lead = make_user(Role.LEAD)
    with time_machine.travel(FRIDAY, tick=False) as clock_time:
        ticket = make_ticket(lead)
        handling.wait(ticket.pk, actor=lead, status=TicketStatus.PENDING)
        import_year(year_list(free("2027-01-11")), actor=administrator)
        run_jobs()
        assert (clock_of(ticket).state, ClockChange.objects.count()) == ("paused", 0)

        clock_time.shift(timedelta(minutes=5))
        handling.resume(ticket.pk, actor=lead)

    assert (clock_of(ticket).state, clock_of(ticket).is_provisional) == ("running", False)
    assert clock_of(ticket).due_at == TUESDAY


def test_promise_that_was_late_stays_late(
    one_work_day: None, administrator: User, run_jobs: Callable[[], list[str]]
) -> None:
    with time_machine.travel(FRIDAY, tick=False) as clock_time:
        ticket = make_ticket(make_user(Role.LEAD))
        clock_time.shift(timedelta(days=7))
        sweep_due(actor=system_actor())

        import_year(year_list(free("2027-01-11")), actor=administrator)
        run_jobs()

    assert (clock_of(ticket).state, clock_of(ticket).due_at) == ("breached", MONDAY)
    assert ClockChange.objects.count() == 0


@time_machine.travel(FRIDAY, tick=False)
def test_recounting_three_costs_what_recounting_one_costs(
    one_work_day: None, administrator: User, office: Calendar
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            recount_calendar(office.pk, 0, administrator.pk, "Ann")
        return len(queries)

    lead = make_user(Role.LEAD)
    make_ticket(lead)
    one = cost()
    make_ticket(lead)
    make_ticket(lead)

    assert cost() == one
