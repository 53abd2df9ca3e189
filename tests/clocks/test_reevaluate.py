"""A case that changes comes under other promises: same start, same pauses, said aloud."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from clocks import rulebook
from clocks.checks import deviations
from clocks.models import Clock, ClockChange
from clocks.services.rules import retire_rule, revise_rule
from clocks.statuses import ClockState
from clocks.sweep import sweep_due
from compliance.models import AuditEvent
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.clocks import clock_of, make_rule, only_rule
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.kept import kept
from tickets.models import Ticket
from tickets.services import conversation, handling, outcome
from tickets.services.handling import Assessment
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
URGENT = {"fact": "priority", "op": "is", "value": "urgent"}
COMPLAINT = {"fact": "kind", "op": "is", "value": "complaint"}


@pytest.fixture
def lead() -> User:
    return make_user(Role.LEAD)


def due(ticket: Ticket) -> datetime | None:
    return Ticket.objects.values_list("due_at", flat=True).get(pk=ticket.pk)


def test_new_priority_moves_the_clock_to_its_rule(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    usual = only_rule()
    fast = make_rule(code="fast", position=10, amount=30, conditions=[URGENT])
    ticket = make_ticket(lead)
    clock_time.shift(5 * MINUTE)
    handling.wait(ticket.pk, actor=lead, status=TicketStatus.PENDING)
    clock_time.shift(10 * MINUTE)
    handling.resume(ticket.pk, actor=lead)

    handling.assess(ticket.pk, Assessment(priority="urgent"), actor=lead)

    clock = Clock.objects.get()
    assert (clock.rule, clock.started_at) == (fast, START)
    assert clock.due_at == due(ticket) == START + 40 * MINUTE
    change = ClockChange.objects.get()
    assert (change.from_rule, change.to_rule) == (usual, fast)
    assert (change.from_due, change.to_due) == (START + 70 * MINUTE, START + 40 * MINUTE)
    event = AuditEvent.objects.get(code="clocks.reevaluated")
    assert (event.case_id, event.actor_id) == (ticket.pk, lead.pk)
    assert event.note == kept(
        "答复：2026年3月2日 11:10 → 2026年3月2日 10:40"
        " / Answer: 2 Mar 2026, 11:10 → 2 Mar 2026, 10:40"
    )


def test_paused_clock_changes_its_rule_and_stays_paused(lead: User, clock_time: object) -> None:
    only_rule()
    fast = make_rule(code="fast", position=10, amount=30, conditions=[URGENT])
    ticket = make_ticket(lead)
    handling.wait(ticket.pk, actor=lead, status=TicketStatus.PENDING)

    handling.assess(ticket.pk, Assessment(priority="urgent"), actor=lead)

    clock = Clock.objects.get()
    assert (clock.rule, clock.state, clock.due_at) == (fast, "paused", None)


def test_paused_clock_that_was_late_by_its_new_rule_goes_on_and_is_late(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    """Late before it began to rest: a pause cannot mend that, under any rule."""
    only_rule()
    fast = make_rule(code="fast", position=10, amount=30, conditions=[URGENT])
    ticket = make_ticket(lead)
    clock_time.shift(40 * MINUTE)
    handling.wait(ticket.pk, actor=lead, status=TicketStatus.PENDING)
    clock_time.shift(10 * MINUTE)

    handling.assess(ticket.pk, Assessment(priority="urgent"), actor=lead)

    clock = Clock.objects.get()
    assert (clock.rule, clock.state, clock.paused_at) == (fast, ClockState.RUNNING, None)
    assert clock.due_at == clock.next_step_at == due(ticket) == START + 30 * MINUTE
    pause = clock.pauses.get()
    assert (pause.started_at, pause.ended_at) == (START + 40 * MINUTE, START + 50 * MINUTE)
    change = ClockChange.objects.get()
    assert (change.from_due, change.to_due) == (None, START + 30 * MINUTE)
    assert list(deviations()) == []

    handling.resume(ticket.pk, actor=lead)
    sweep_due(actor=system_actor())
    clock.refresh_from_db()
    assert (clock.state, clock.breached_at) == (ClockState.BREACHED, START + 30 * MINUTE)
    assert AuditEvent.objects.filter(code="clocks.breached").count() == 1
    assert list(deviations()) == []


def test_promise_that_no_rule_covers_any_more_is_not_owed(lead: User, clock_time: object) -> None:
    only_rule(conditions=[COMPLAINT])
    ticket = make_ticket(lead)

    handling.assess(ticket.pk, Assessment(kind="consultation"), actor=lead)

    assert clock_of(ticket).state == "canceled"
    assert due(ticket) is None


def test_promise_that_applies_only_now_counts_from_the_arrival(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    only_rule(conditions=[COMPLAINT])
    ticket = make_ticket(lead, kind="consultation")
    clock_time.shift(10 * MINUTE)
    handling.wait(ticket.pk, actor=lead, status=TicketStatus.PENDING)
    clock_time.shift(10 * MINUTE)
    handling.resume(ticket.pk, actor=lead)
    assert not Clock.objects.exists()

    handling.assess(ticket.pk, Assessment(kind="complaint"), actor=lead)

    clock = Clock.objects.get()
    assert (clock.state, clock.started_at) == ("running", START)
    assert clock.started_event == AuditEvent.objects.get(code="tickets.received").pk
    assert clock.due_at == due(ticket) == START + 70 * MINUTE
    assert clock.pauses.count() == 1


def test_promise_that_applies_only_now_and_was_kept_is_not_owed(
    lead: User, clock_time: object
) -> None:
    only_rule(conditions=[COMPLAINT])
    ticket = make_ticket(lead, kind="consultation")
    conversation.reply(ticket.pk, actor=lead, body="We look into it.")

    handling.assess(ticket.pk, Assessment(kind="complaint"), actor=lead)

    assert not Clock.objects.exists()


def test_promise_that_applies_only_now_is_paused_if_the_case_waits(
    lead: User, clock_time: object
) -> None:
    only_rule(conditions=[COMPLAINT])
    ticket = make_ticket(lead, kind="consultation")
    handling.wait(ticket.pk, actor=lead, status=TicketStatus.PENDING)

    handling.assess(ticket.pk, Assessment(kind="complaint"), actor=lead)

    clock = Clock.objects.get()
    assert (clock.state, clock.paused_at, clock.due_at) == ("paused", START, None)


def test_promise_that_applies_only_now_and_is_late_is_not_paused(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    only_rule(conditions=[COMPLAINT])
    ticket = make_ticket(lead, kind="consultation")
    clock_time.shift(90 * MINUTE)
    handling.wait(ticket.pk, actor=lead, status=TicketStatus.PENDING)

    handling.assess(ticket.pk, Assessment(kind="complaint"), actor=lead)

    clock = Clock.objects.get()
    assert (clock.state, clock.paused_at) == ("running", None)
    assert (clock.due_at, clock.next_step_at) == (START + 60 * MINUTE, START + 60 * MINUTE)
    assert not clock.pauses.exists()


def test_what_is_late_is_not_moved(lead: User, clock_time: time_machine.Coordinates) -> None:
    usual = only_rule()
    make_rule(code="slow", position=10, amount=600, conditions=[URGENT])
    ticket = make_ticket(lead)
    Clock.objects.update(state="breached", breached_at=START + 60 * MINUTE)

    clock_time.shift(61 * MINUTE)
    handling.assess(ticket.pk, Assessment(priority="urgent"), actor=lead)

    clock = Clock.objects.get()
    assert (clock.rule, clock.state) == (usual, "breached")


@pytest.mark.parametrize("change", [{"priority": "urgent"}, {"kind": "consultation"}])
def test_what_is_late_and_not_swept_yet_is_not_moved_and_said_to_be_late(
    lead: User, clock_time: time_machine.Coordinates, change: dict[str, str]
) -> None:
    usual = only_rule(conditions=[COMPLAINT])
    make_rule(code="slow", position=10, amount=600, conditions=[URGENT])
    ticket = make_ticket(lead, kind="complaint")
    clock_time.shift(61 * MINUTE)

    handling.assess(ticket.pk, Assessment(**change), actor=lead)

    clock = Clock.objects.get()
    assert (clock.rule, clock.breached_at) == (usual, START + 60 * MINUTE)
    assert clock.due_at == START + 60 * MINUTE
    assert clock.state == ("breached" if "priority" in change else "canceled")
    assert AuditEvent.objects.filter(code="clocks.breached").count() == 1
    assert not ClockChange.objects.exists()
    sweep_due(actor=system_actor())
    assert AuditEvent.objects.filter(code="clocks.breached").count() == 1
    assert list(deviations()) == []


def test_an_assessment_that_changes_no_promise_says_nothing(lead: User, clock_time: object) -> None:
    only_rule()
    ticket = make_ticket(lead)

    handling.assess(ticket.pk, Assessment(complexity="simple"), actor=lead)

    assert not ClockChange.objects.exists()
    assert not AuditEvent.objects.filter(code="clocks.reevaluated").exists()


def test_running_clock_keeps_its_version_when_the_rule_is_revised(
    lead: User, clock_time: object
) -> None:
    first = only_rule()
    ticket = make_ticket(lead)

    second = revise_rule(first.pk, {"amount": 30}, actor=lead, note="Faster from now on")
    handling.assess(ticket.pk, Assessment(complexity="simple"), actor=lead)
    later = make_ticket(lead)

    assert clock_of(ticket).rule == first
    assert clock_of(later).rule == second
    assert (due(ticket), due(later)) == (START + 60 * MINUTE, START + 30 * MINUTE)


def test_clock_of_a_retired_rule_runs_on(lead: User, clock_time: object) -> None:
    rule = only_rule()
    ticket = make_ticket(lead)

    retire_rule(rule.pk, actor=lead, note="No longer promised")
    handling.assess(ticket.pk, Assessment(complexity="simple"), actor=lead)
    later = make_ticket(lead)

    assert clock_of(ticket).state == "running"
    assert not Clock.objects.filter(case_id=later.pk).exists()


def test_shipped_rules_shorten_for_the_green_channel(lead: User, clock_time: object) -> None:
    ticket = make_ticket(lead, channel="mail")
    assert clock_of(ticket, "first_response").due_at == START + 120 * MINUTE

    handling.assess(ticket.pk, Assessment(severity="critical"), actor=lead)

    clock = clock_of(ticket, "first_response")
    assert (clock.rule.code, clock.due_at) == ("first-response-green", START + 30 * MINUTE)
    assert clock_of(ticket, "resolution").rule.code == "resolution-green"


def test_customer_who_urges_shortens_the_resolution(lead: User, clock_time: object) -> None:
    ticket = make_ticket(lead)

    outcome.urge(ticket.pk, actor=lead)

    assert clock_of(ticket, "resolution").rule.code == "resolution-high"


def test_rules_changed_by_another_process_are_seen(lead: User, settings) -> None:  # type: ignore[no-untyped-def]
    rule = only_rule()
    known = rulebook.current()
    rule.amount = 5
    rule.save()
    assert rulebook.current() is known

    settings.CLOCK_RULES_SECONDS = -1

    assert rulebook.current().versions[rule.pk].row.amount == 5
