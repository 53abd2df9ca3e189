"""The ladder: every step once and in order, late or not, failing or not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from clocks import actions
from clocks.models import Clock, ClockStep
from clocks.sweep import MOST_ATTEMPTS, sweep_due
from compliance.models import AuditEvent
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.clocks import clock_of, only_rule
from tests.factories.people import make_user
from tests.factories.staff import make_absence
from tests.factories.tickets import make_follow_up, make_ticket, make_ticket_in
from tests.kept import failed, kept
from tickets.models import FollowUp, Ticket
from tickets.services import conversation, follow_ups, handling
from tickets.services.handling import Assessment

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OURS = (
    "我方系统出错；管理员可在记录中查看详情。"
    " / An error on our side; administrators find it in the records."
)


@pytest.fixture
def lead() -> User:
    return make_user(Role.LEAD)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """An action that writes down for which clock and whom it was asked, and fails on demand."""
    said: list[tuple[int, str]] = []

    def tell(clock: Clock, step: Any, *, actor: Any) -> str:
        if step.target == "deputy":
            raise RuntimeError("no line")
        said.append((clock.pk, step.target))
        return f"told {step.target}"

    for code, is_lasting in (("tell", False), ("keep", True)):
        action = actions.Action(code, code, tell, is_lasting)
        monkeypatch.setitem(actions._actions, code, action)
    return said


def tell(target: str, **when: int) -> dict[str, Any]:
    return {"action": "tell", "target": target, **when}


def sweep() -> int:
    return sweep_due(actor=system_actor())


def outcomes() -> list[str]:
    return list(
        ClockStep.objects.order_by("done_at", "due_at", "id").values_list("result", flat=True)
    )


def test_steps_come_at_their_time_and_once(
    lead: User, clock_time: time_machine.Coordinates, told: list[tuple[int, str]]
) -> None:
    only_rule(tell("assignee", at_percent=50), tell("lead", after_due_minutes=30))
    ticket = make_ticket(lead)
    clock = clock_of(ticket)
    assert clock.next_step_at == START + 30 * MINUTE
    assert sweep() == 0

    clock_time.shift(30 * MINUTE)
    assert (sweep(), sweep()) == (1, 0)
    assert told == [(clock.pk, "assignee")]

    clock_time.shift(30 * MINUTE)
    assert (sweep(), sweep()) == (1, 0)
    clock.refresh_from_db()
    assert (clock.state, clock.breached_at) == ("breached", START + 60 * MINUTE)
    assert clock.next_step_at == START + 90 * MINUTE

    clock_time.shift(30 * MINUTE)
    assert (sweep(), sweep()) == (1, 0)
    clock.refresh_from_db()
    assert told == [(clock.pk, "assignee"), (clock.pk, "lead")]
    assert clock.next_step_at is None
    assert clock.stopped_at is None
    breach = AuditEvent.objects.get(code="clocks.breached")
    assert (breach.case_id, breach.actor_name) == (ticket.pk, "System (system)")


def test_catch_up_after_a_day_of_downtime_does_everything_in_order(
    lead: User, clock_time: time_machine.Coordinates, told: list[tuple[int, str]]
) -> None:
    only_rule(
        tell("assignee", at_percent=50),
        tell("lead", at_percent=100),
        tell("role", after_due_minutes=60, role="lead") | {"role": "lead"},
    )
    tickets = [make_ticket(lead) for _number in range(3)]

    clock_time.shift(timedelta(hours=24))
    assert (sweep(), sweep()) == (3, 0)

    for ticket in tickets:
        clock = clock_of(ticket)
        assert [target for pk, target in told if pk == clock.pk] == ["assignee", "lead", "role"]
        steps = list(clock.steps.order_by("due_at"))
        assert [step.due_at - START for step in steps] == [30 * MINUTE, 60 * MINUTE, 120 * MINUTE]
        assert {step.done_at for step in steps} == {START + timedelta(hours=24)}
        assert clock.breached_at == START + 60 * MINUTE
    assert AuditEvent.objects.filter(code="clocks.breached").count() == 3


def test_a_failing_step_is_tried_again_then_parked_and_blocks_nobody_else(
    lead: User, clock_time: time_machine.Coordinates, told: list[tuple[int, str]]
) -> None:
    only_rule(tell("deputy", at_percent=50), tell("lead", at_percent=60))
    ticket, other = make_ticket(lead), make_ticket(lead)
    clock_time.shift(31 * MINUTE)

    assert sweep() == 2
    assert told == []
    missed = ClockStep.objects.get(clock=clock_of(ticket))
    assert (missed.attempts, missed.error) == (1, failed(OURS, "RuntimeError: no line"))
    assert clock_of(ticket).next_step_at == missed.try_at == START + 32 * MINUTE

    for _attempt in range(MOST_ATTEMPTS - 1):
        clock_time.shift(20 * MINUTE)
        sweep()

    missed.refresh_from_db()
    assert (missed.attempts, missed.try_at, missed.done_at) == (MOST_ATTEMPTS, None, None)
    assert missed.parked_at is not None
    assert sorted(told) == sorted((clock_of(one).pk, "lead") for one in (ticket, other))
    assert clock_of(ticket).state == "breached"


def test_a_step_nobody_registered_is_a_failure_too(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    only_rule({"action": "fly", "at_percent": 50})
    make_ticket(lead)
    clock_time.shift(30 * MINUTE)

    sweep()

    said = "LookupError: unknown clock action fly"
    assert ClockStep.objects.get().error == failed(OURS, said)


def test_kept_promise_does_nothing_more(
    lead: User, clock_time: time_machine.Coordinates, told: list[tuple[int, str]]
) -> None:
    only_rule(tell("lead", at_percent=50))
    ticket = make_ticket(lead)
    conversation.reply(ticket.pk, actor=lead, body="We look into it.")

    clock_time.shift(90 * MINUTE)

    assert sweep() == 0
    assert told == []


def test_what_outlasts_the_promise_is_done_though_it_was_kept_late(
    lead: User, clock_time: time_machine.Coordinates, told: list[tuple[int, str]]
) -> None:
    only_rule(
        tell("lead", at_percent=100),
        {"action": "keep", "target": "lead", "at_percent": 100},
        {"action": "keep", "target": "lead", "after_due_minutes": 600},
    )
    ticket = make_ticket(lead)
    clock_time.shift(90 * MINUTE)
    conversation.reply(ticket.pk, actor=lead, body="We look into it.")

    assert (sweep(), sweep()) == (1, 0)

    assert told == [(clock_of(ticket).pk, "lead")]
    assert ClockStep.objects.get().step.action == "keep"


def test_late_promise_makes_the_case_louder(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    only_rule({"action": "raise_priority", "at_percent": 100})
    ticket = make_ticket(lead)
    clock_time.shift(60 * MINUTE)

    sweep()

    ticket.refresh_from_db()
    assert ticket.priority == "high"
    assert outcomes() == [kept("优先级现为“高”。 / Priority is now “High”.")]
    event = AuditEvent.objects.get(code="tickets.priority_raised")
    assert (event.note, event.data) == (
        kept("承诺：答复 / Promise: Answer"),
        {"before": "normal"},
    )


def test_urgent_case_cannot_get_louder(lead: User, clock_time: time_machine.Coordinates) -> None:
    only_rule({"action": "raise_priority", "at_percent": 100})
    make_ticket(lead, priority="urgent")
    clock_time.shift(60 * MINUTE)

    sweep()

    assert outcomes() == [kept("已经是紧急优先级。 / It is urgent already.")]
    assert not AuditEvent.objects.filter(code="tickets.priority_raised").exists()


def test_case_goes_to_the_least_loaded_colleague_who_is_there(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    only_rule({"action": "reassign", "after_due_minutes": 60})
    holder, away, busy, free = (make_user() for _number in range(4))
    make_absence(away, starts_at=START - MINUTE, ends_at=START + timedelta(days=1))
    make_ticket(lead, assignee=busy)
    ticket = make_ticket(lead, assignee=holder)
    Clock.objects.exclude(case_id=ticket.pk).delete()
    clock_time.shift(120 * MINUTE)

    sweep()

    ticket.refresh_from_db()
    assert ticket.assignee == free
    assert outcomes() == [kept(f"已收回并改派给{free}。 / Taken back and given to {free}.")]


def test_case_goes_to_the_lead_when_no_colleague_is_there(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    only_rule({"action": "reassign", "after_due_minutes": 60})
    holder = make_user()
    ticket = make_ticket(lead, assignee=holder)
    clock_time.shift(120 * MINUTE)

    sweep()

    ticket.refresh_from_db()
    assert ticket.assignee == lead


def test_case_stays_when_nobody_else_is_there(
    clock_time: time_machine.Coordinates,
) -> None:
    only_rule({"action": "reassign", "after_due_minutes": 60})
    holder = make_user()
    ticket = make_ticket(holder, assignee=holder)
    clock_time.shift(120 * MINUTE)

    sweep()

    ticket.refresh_from_db()
    assert ticket.assignee == holder
    assert outcomes() == [
        kept("部门内没有其他在岗人员。 / Nobody else of the department is there.")
    ]


def test_follow_up_is_a_promise_and_tops_the_day_when_due(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    ticket = make_ticket(lead)
    planned = make_follow_up(ticket, lead, due_at=START + timedelta(hours=5))
    clock = Clock.objects.get(promise="follow_up")
    assert (clock.due_at, clock.until_at) == (planned.due_at, planned.due_at)
    assert Ticket.objects.get(pk=ticket.pk).due_at == START + 15 * MINUTE

    clock_time.shift(timedelta(hours=5))
    sweep()

    planned.refresh_from_db()
    assert planned.reminded_at == START + timedelta(hours=5)
    follow_ups.complete_follow_up(planned.pk, actor=lead, outcome="All is well")
    clock.refresh_from_db()
    assert (clock.state, clock.stopped_at) == ("breached", START + timedelta(hours=5))


def test_follow_up_clocks_do_not_mix(lead: User, clock_time: object) -> None:
    ticket = make_ticket(lead)
    first, second = make_follow_up(ticket, lead), make_follow_up(ticket, lead)

    follow_ups.complete_follow_up(first.pk, actor=lead, outcome="All is well")

    states = dict(Clock.objects.filter(promise="follow_up").values_list("subject_id", "state"))
    assert states == {first.pk: "met", second.pk: "running"}


def test_serious_case_gets_its_check_planned_by_rule(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    ticket = make_ticket(lead)
    handling.assess(ticket.pk, Assessment(severity="major"), actor=lead)
    handling.assign(ticket.pk, actor=lead, assignee=lead)
    from tickets.services import outcome  # noqa: PLC0415

    outcome.tell_result(ticket.pk, actor=lead, body="We send a new jacket.")
    assert clock_of(ticket, "check").state == "running"

    clock_time.shift(timedelta(days=2))
    sweep()

    planned = FollowUp.objects.get()
    assert (planned.kind, planned.assignee) == ("check", lead)
    assert clock_of(ticket, "check").state == "met"
    assert clock_of(ticket, "follow_up").state == "running"


def test_resolved_case_owes_nothing(lead: User) -> None:
    ticket = make_ticket_in("resolved", lead)

    assert ticket.due_at is None
    assert not Clock.objects.live().filter(case_id=ticket.pk).exists()
