"""The one sweep that finds which promises run out, and does what their ladders say.

Each step is done once, in order, however long nobody swept. Cases are locked before their clocks
and whatever somebody else holds is left for the next round, so any number of workers may sweep at
once. A step that fails is tried again with growing pauses and parked after ``MOST_ATTEMPTS``; the
steps after it wait until then, other clocks do not.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction

from aftersales.kernel.clock import now
from clocks import actions
from clocks.counting import Interval
from clocks.locking import by_clock, lock_owners, owner_of, rule_of
from clocks.models import Clock, ClockPause, ClockStep, EscalationStep
from clocks.rulebook import Rule
from clocks.services.reacting import mark_breached, record_breach
from clocks.timing import Rung, intervals, ladder

log = logging.getLogger(__name__)

BATCH = 50
CHOICE = 8
MOST_PER_ROUND = 2000
MOST_ATTEMPTS = 5
FIRST_RETRY = timedelta(minutes=1)


def sweep_due(limit: int = MOST_PER_ROUND, *, actor: Any) -> int:
    """Do every step that is due, oldest first; returns how many clocks were looked after."""
    done = 0
    while done < limit:
        swept = sweep_batch(min(BATCH, limit - done), actor=actor)
        if not swept:
            break
        done += swept
    return done


@dataclass
class Held:
    """A clock under our lock with what its ladder needs; ``tried`` are steps that failed so far."""

    clock: Clock
    case: models.Model | None
    rule: Rule
    paused: Sequence[Interval]
    done: set[int]
    tried: dict[int, ClockStep]

    def next(self) -> Rung | None:
        """The first thing still to do; of an ended clock only what outlasts it."""
        clock = self.clock
        rungs = ladder(self.rule, clock, self.paused, self.done)
        if clock.stopped_at is not None:
            rungs = [
                one
                for one in rungs
                if one.step and actions.is_lasting(one.step.action) and one.at <= clock.stopped_at
            ]
        if not rungs:
            return None
        first = rungs[0]
        failed = self.tried.get(first.step.pk) if first.step else None
        return replace(first, at=failed.try_at) if failed and failed.try_at else first


def sweep_batch(size: int, *, actor: Any) -> int:
    """One transaction: lock some cases nobody holds, then their clocks, and act."""
    with transaction.atomic():
        held = _hold(size)
        for one in held:
            _act(one, actor)
    return len(held)


def _hold(size: int) -> list[Held]:
    """Clocks with a step due, locked after their cases."""
    due = Clock.objects.with_step_due(now())
    # More than fit: workers that sweep at once find different ones free.
    candidates = list(due.order_by("next_step_at", "id")[: CHOICE * size])
    owners = lock_owners(candidates, size)
    ids = [one.pk for one in candidates if owner_of(one) in owners][:size]
    if not ids:
        return []
    clocks = list(
        due.filter(pk__in=ids).select_for_update(skip_locked=True).order_by("next_step_at", "id")
    )
    pauses, steps = (
        by_clock(ClockPause.objects.all(), clocks),
        by_clock(ClockStep.objects.all(), clocks),
    )
    return [
        Held(
            clock,
            owners[owner_of(clock)] if clock.case_id else None,
            rule_of(clock),
            intervals(pauses[clock.pk]),
            {one.step_id for one in steps[clock.pk] if one.done_at or one.parked_at},
            {one.step_id: one for one in steps[clock.pk] if one.try_at},
        )
        for clock in clocks
    ]


def _act(held: Held, actor: Any) -> None:
    """Everything that is due on one clock, in order; then say when the next step is."""
    clock = held.clock
    while (rung := held.next()) and rung.at <= now():
        if rung.step is None:
            mark_breached(clock)
            record_breach(clock, held.case, actor)
        else:
            _do(held, rung.at, rung.step, actor)
    clock.next_step_at = rung.at if rung else None
    clock.save(update_fields=["state", "breached_at", "next_step_at"])


def _do(held: Held, due_at: datetime, step: EscalationStep, actor: Any) -> None:
    """Do one step in a savepoint of its own; a failure is kept with it and tried again later."""
    clock, moment = held.clock, now()
    row = held.tried.pop(step.pk, None) or ClockStep(clock=clock, step=step, due_at=due_at)
    row.attempts += 1
    row.try_at, row.error = None, ""
    try:
        with transaction.atomic():
            row.result = actions.perform(clock, step, actor=actor)[:500]
    except Exception as problem:  # one bad step must not hold up the others
        log.exception("step %s of clock %s failed", step.pk, clock.pk)
        row.error = f"{type(problem).__name__}: {problem}"[:300]
        if row.attempts < MOST_ATTEMPTS:
            row.try_at = moment + FIRST_RETRY * 2 ** (row.attempts - 1)
            held.tried[step.pk] = row
        else:
            row.parked_at = moment
    else:
        row.done_at = moment
    row.save()
    if row.try_at is None:
        held.done.add(step.pk)
    if row.done_at and actions.get(step.action).moves_case:
        _read_again(held)


def _read_again(held: Held) -> None:
    """The step's verb may have stopped the clock or put it under another rule."""
    held.clock.refresh_from_db()
    held.rule = rule_of(held.clock)
    held.paused = intervals(ClockPause.objects.filter(clock=held.clock))
