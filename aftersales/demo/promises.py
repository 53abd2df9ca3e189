"""Promises of the demo's past: when an answer is due, and what was due on told clocks."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from aftersales.demo.rows import Row
from aftersales.kernel.clock import now
from aftersales.kernel.conditions import matches
from aftersales.kernel.loading import change, insert
from clocks import rulebook
from clocks.locking import by_clock, rule_of
from clocks.models import Clock, ClockPause, ClockStep, EscalationStep
from clocks.rulebook import Rule
from clocks.services.reacting import mark_breached, run_out
from clocks.services.scene import done_steps
from clocks.statuses import ClockState
from clocks.timing import due_of, intervals, ladder

CASE: Final = "tickets.ticket"


def answer_due(ticket: Row, start: datetime) -> datetime:
    """By when a first answer is promised to a case that is being invented."""
    facts = ticket | {"is_answered": False, "is_green_channel": False}
    for rule in rulebook.current().alternatives[CASE, "first_response"]:
        if matches(rule.row.conditions, facts):
            return due_of(rule, start, None).at or start
    return start


def catch_up() -> None:
    """What was due on told clocks counts as done when it was due, as it would have been.

    Told moments ago, a clock may have done its first steps already: those stay as they are.
    """
    due = list(Clock.objects.with_step_due(now()).select_related("rule"))
    pauses, done = by_clock(ClockPause.objects.all(), due), done_steps(due)
    steps = []
    for clock in due:
        rungs = ladder(rule_of(clock), clock, intervals(pauses[clock.pk]), done[clock.pk])
        is_running = clock.state == ClockState.RUNNING
        if is_running and clock.due_at is not None and clock.due_at <= now():
            end_time(clock, rule_of(clock))
        for rung in rungs:
            if rung.step is not None and rung.at <= now():
                steps.append(_done(clock, rung.step, rung.at))
        clock.next_step_at = next((rung.at for rung in rungs if rung.at > now()), None)
    insert(steps)
    change(due, ["state", "breached_at", "stopped_at", "next_step_at"])


def end_time(clock: Clock, rule: Rule) -> None:
    """Its time is over: a promise is late, a right has run out."""
    if rule.is_right:
        run_out(clock)
    else:
        mark_breached(clock)


def _done(clock: Clock, step: EscalationStep, at: datetime) -> ClockStep:
    return ClockStep(clock=clock, step=step, due_at=at, done_at=at, attempts=1)
