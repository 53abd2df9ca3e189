"""When a clock is due and when its steps are, from its rule, its start and its pauses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from clocks.counting import Due, Interval, Roll, Unit, due, point
from clocks.models import Clock, ClockPause, EscalationStep
from clocks.queries.calendars import week_of
from clocks.rulebook import Rule
from clocks.statuses import ClockState
from clocks.track import Break


@dataclass(frozen=True, slots=True)
class Rung:
    """Something a clock has to do at a moment; without ``step`` it is becoming late."""

    at: datetime
    step: EscalationStep | None = None


def intervals(pauses: Iterable[ClockPause]) -> list[Interval]:
    return [Interval(pause.started_at, pause.ended_at) for pause in pauses]


def due_of(
    rule: Rule, start: datetime, until: datetime | None, paused: Sequence[Interval] = ()
) -> Due:
    """By when the rule wants it done; none while paused."""
    row = rule.row
    if row.unit == Unit.UNTIL:
        return Due(until or start)
    week = week_of(row.calendar_id)
    return due(week, start, row.amount, Unit(row.unit), Roll(row.roll), paused=paused)


def timely(rule: Rule, clock: Clock, breaks: Iterable[Break]) -> list[Break]:
    """Without the pauses that began when the clock's time was over: those cannot mend it."""
    kept: list[Break] = []
    for one in breaks:
        before = [Interval(known.start, known.end) for known in kept]
        is_resting = any(known.end is None or known.end > one.start for known in kept)
        at = due_of(rule, clock.started_at, clock.until_at, before).at
        if is_resting or at is None or at > one.start:
            kept.append(one)
    return kept


def rung_at(
    rule: Rule, clock: Clock, step: EscalationStep, paused: Sequence[Interval]
) -> datetime | None:
    """When a step of the ladder is to be done; none while that is open."""
    if clock.due_at is None:
        return None
    if step.at_percent is None:
        return clock.due_at + timedelta(minutes=step.after_due_minutes or 0)
    if step.at_percent == 100:
        return clock.due_at
    row, percent = rule.row, step.at_percent
    if row.unit == Unit.UNTIL:
        return clock.started_at + (clock.due_at - clock.started_at) * percent / 100
    return point(
        week_of(row.calendar_id),
        clock.started_at,
        row.amount,
        Unit(row.unit),
        Roll(row.roll),
        percent=percent,
        paused=paused,
    )


def ladder(
    rule: Rule, clock: Clock, paused: Sequence[Interval], done: Collection[int] = ()
) -> list[Rung]:
    """What is still to do, in order; being late comes before the steps of that moment."""
    rungs: list[Rung] = []
    if clock.due_at is not None and clock.state == ClockState.RUNNING:
        rungs.append(Rung(clock.due_at))
    for step in rule.steps:
        if step.pk not in done and (at := rung_at(rule, clock, step, paused)):
            rungs.append(Rung(at, step))
    return sorted(rungs, key=lambda rung: (rung.at, rung.step.position if rung.step else 0))


def plan(rule: Rule, clock: Clock, paused: Sequence[Interval], done: Collection[int] = ()) -> None:
    """Set due time and next step in memory; the caller saves."""
    found = due_of(rule, clock.started_at, clock.until_at, paused)
    clock.due_at, clock.is_provisional = found.at, found.is_provisional
    plan_next(rule, clock, paused, done)


def plan_next(
    rule: Rule, clock: Clock, paused: Sequence[Interval], done: Collection[int] = ()
) -> None:
    """Set the time of the next step in memory."""
    rungs = ladder(rule, clock, paused, done)
    clock.next_step_at = rungs[0].at if rungs else None
