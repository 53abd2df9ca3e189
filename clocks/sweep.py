"""The one sweep that finds which promises run out, and does what their ladders say.

Each step is done once, in order, however long nobody swept. Cases are locked before their clocks
and whatever somebody else holds is left for the next round, so any number of workers may sweep at
once. A step that fails is tried again with growing pauses and parked after ``MOST_ATTEMPTS``; the
steps after it wait until then, other clocks do not.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction

from aftersales.kernel.clock import now
from aftersales.kernel.failures import in_words, kept, technical
from aftersales.kernel.loading import change, insert
from aftersales.kernel.refs import in_each_language
from aftersales.kernel.services import service
from clocks import actions
from clocks.counting import Interval
from clocks.locking import by_clock, lock_owners, owner_of, rule_of
from clocks.models import Clock, ClockPause, ClockStep, EscalationStep
from clocks.rulebook import Rule
from clocks.services.reacting import breach_event, mark_breached, run_out
from clocks.statuses import ClockState
from clocks.timing import Rung, intervals, ladder
from compliance import events
from compliance.models import AuditEvent

log = logging.getLogger(__name__)

# (held clock, the row of the step, what the batch gathers)
Doer = Callable[["Held", ClockStep, "Ledger"], None]

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
    rungs: list[Rung] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.look()

    def look(self) -> None:
        """Read the ladder off the clock as it is now."""
        clock = self.clock
        rungs = ladder(self.rule, clock, self.paused, self.done)
        if clock.stopped_at is not None:
            # It ended, late: only what outlasts it is still done.
            rungs = [
                one
                for one in rungs
                if one.step and actions.is_lasting(one.step.action) and one.at <= clock.stopped_at
            ]
        self.rungs = rungs

    def next(self) -> Rung | None:
        """The first thing still to do."""
        while self.rungs and self._is_done(self.rungs[0]):
            self.rungs.pop(0)
        if not self.rungs:
            return None
        first = self.rungs[0]
        failed = self.tried.get(first.step.pk) if first.step else None
        return replace(first, at=failed.try_at) if failed and failed.try_at else first

    def _is_done(self, rung: Rung) -> bool:
        if rung.step is None:
            return self.clock.state != ClockState.RUNNING
        return rung.step.pk in self.done


def sweep_batch(size: int, *, actor: Any) -> int:
    """One transaction: lock some cases nobody holds, then their clocks, and act.

    All at once first, which takes a third of the statements; when anything fails that is taken
    back and every step gets a savepoint of its own.
    """
    with transaction.atomic():
        held = _hold(size)
        try:
            with transaction.atomic():
                _act_at_once(held, actor=actor)
        except Exception:
            log.exception("some step of %s clocks failed, each is tried alone", len(held))
            held = _hold(size)
            ledger = Ledger(actor)
            for one in held:
                _act(one, ledger, _do_alone)
            ledger.write()
    return len(held)


@service
def _act_at_once(held: Sequence[Held], *, actor: Any) -> None:
    """Inside one service the steps' own services open no savepoints."""
    ledger = Ledger(actor)
    for one in held:
        _act(one, ledger, _do)
    ledger.write()


@dataclass
class Ledger:
    """What a batch has to write of its own, gathered into one statement per table."""

    actor: Any
    clocks: list[Clock] = field(default_factory=list)
    steps: list[ClockStep] = field(default_factory=list)
    breaches: list[tuple[AuditEvent, Clock, models.Model | None]] = field(default_factory=list)

    def breach(self, held: Held) -> None:
        event = breach_event(held.clock, held.case, self.actor)
        self.breaches.append((event, held.clock, held.case))

    def write(self) -> None:
        """Write what was gathered and tell the consumers; may be called in between."""
        insert([event for event, _clock, _case in self.breaches])
        for breach in self.breaches:
            events.publish(*breach)
        insert([row for row in self.steps if row.pk is None])
        for row in self.steps:
            if row.attempts > 1:
                row.save()
        change(self.clocks, ["state", "breached_at", "stopped_at", "next_step_at"])
        self.clocks, self.steps, self.breaches = [], [], []


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


def _act(held: Held, ledger: Ledger, do: Doer) -> None:
    """Everything that is due on one clock, in order; then say when the next step is."""
    clock = held.clock
    while (rung := held.next()) and rung.at <= now():
        if rung.step is None and held.rule.is_right:
            run_out(clock)
        elif rung.step is None:
            mark_breached(clock)
            ledger.breach(held)
        else:
            if actions.moves_case(rung.step.action):
                # Its verb reads and writes this clock.
                ledger.clocks.append(clock)
                ledger.write()
            do(held, _attempt(held, rung.at, rung.step), ledger)
    clock.next_step_at = rung.at if rung else None
    ledger.clocks.append(clock)


def _attempt(held: Held, due_at: datetime, step: EscalationStep) -> ClockStep:
    """The row of a step that is about to be tried, or tried again."""
    row = held.tried.pop(step.pk, None) or ClockStep(clock=held.clock, step=step, due_at=due_at)
    row.attempts += 1
    row.try_at, row.error = None, ""
    return row


def _do(held: Held, row: ClockStep, ledger: Ledger) -> None:
    """Do one step; whatever it raises undoes the batch."""
    row.result = actions.perform(held.clock, row.step, actor=ledger.actor)[:500]
    row.done_at = now()
    held.done.add(row.step_id)
    ledger.steps.append(row)
    if actions.moves_case(row.step.action):
        _read_again(held)


def _do_alone(held: Held, row: ClockStep, ledger: Ledger) -> None:
    """Do one step in a savepoint of its own; a failure is kept with it and tried again later."""
    try:
        with transaction.atomic():
            _do(held, row, ledger)
    except Exception as problem:  # one bad step must not hold up the others
        log.exception("step %s of clock %s failed", row.step_id, held.clock.pk)
        words = in_each_language(in_words(problem).__str__)
        row.error = kept(words, technical(problem), most=300)
        if row.attempts < MOST_ATTEMPTS:
            row.try_at = now() + FIRST_RETRY * 2 ** (row.attempts - 1)
            held.tried[row.step_id] = row
        else:
            row.parked_at = now()
            held.done.add(row.step_id)
        ledger.steps.append(row)


def _read_again(held: Held) -> None:
    """The step's verb may have stopped the clock or put it under another rule."""
    held.clock.refresh_from_db()
    held.rule = rule_of(held.clock)
    held.paused = intervals(ClockPause.objects.filter(clock=held.clock))
    held.look()
