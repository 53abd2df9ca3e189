"""After a calendar changed: due times of what runs under it, counted anew in the background."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.context import NamedActor, Person, acting
from aftersales.kernel.jobs import enqueue
from aftersales.kernel.refs import in_each_language
from clocks import registry
from clocks.locking import by_clock, lock_owners, owner_of, rule_of
from clocks.models import Clock, ClockChange, ClockPause, ClockStep
from clocks.statuses import ClockState
from clocks.timing import intervals, plan

WHY = _("a change of the calendar")
JOB = "clocks.recount"
BATCH = 100
# Somebody works on the case right now.
BUSY_PAUSE = timedelta(seconds=5)


def recount(calendar_ids: Sequence[int], actor: Person) -> None:
    """Ask for it; thousands of cases are not locked in the transaction of the change."""
    for pk in calendar_ids:
        enqueue(JOB, pk, 0, actor.pk, actor.audit_name)


def recount_calendar(calendar_id: int, after: int, actor_id: int, actor_name: str) -> None:
    """Count the running clocks of a calendar anew, those with a key above ``after``; the cases
    that move are attributed to whoever changed the calendar."""
    last: int | None = after
    with acting(NamedActor(actor_id, actor_name), reason=in_each_language(WHY.__str__)):
        while last is not None:
            last, busy = recount_batch(calendar_id, last)
            if busy is not None:
                enqueue(JOB, calendar_id, busy - 1, actor_id, actor_name, delay=BUSY_PAUSE)


def recount_batch(calendar_id: int, after: int) -> tuple[int | None, int | None]:
    """One transaction; returns the last key looked at, ``None`` when nothing is left, and the
    first one that somebody else holds."""
    with transaction.atomic():
        rows = Clock.objects.live().filter(
            rule__calendar=calendar_id, state=ClockState.RUNNING, pk__gt=after
        )
        chosen = list(rows.order_by("id")[:BATCH])
        if not chosen:
            return None, None
        owners = lock_owners(chosen, BATCH)
        free = [one.pk for one in chosen if owner_of(one) in owners]
        clocks = list(rows.filter(pk__in=free).select_for_update(of=("self",)).order_by("id"))
        _tell_due(_recount(clocks), owners)
    busy = (one.pk for one in chosen if one.pk not in free)
    return chosen[-1].pk, next(busy, None)


def _recount(clocks: Sequence[Clock]) -> list[Clock]:
    """Those whose due time moved, saved with the change on record."""
    pauses, steps = (
        by_clock(ClockPause.objects.all(), clocks),
        by_clock(ClockStep.objects.all(), clocks),
    )
    moved = []
    for clock in clocks:
        before = clock.due_at, clock.is_provisional
        done = {one.step_id for one in steps[clock.pk] if one.done_at or one.parked_at}
        plan(rule_of(clock), clock, intervals(pauses[clock.pk]), done)
        if (clock.due_at, clock.is_provisional) != before:
            clock.save(update_fields=["due_at", "is_provisional", "next_step_at"])
            _note(clock, before[0])
            moved.append(clock)
    return moved


def _note(clock: Clock, before: datetime | None) -> None:
    ClockChange.objects.create(
        clock=clock,
        at=now(),
        from_rule_id=clock.rule_id,
        to_rule_id=clock.rule_id,
        from_due=before,
        to_due=clock.due_at,
        reason=in_each_language(WHY.__str__),
    )


def _tell_due(moved: Iterable[Clock], owners: dict[tuple[str, int], Any]) -> None:
    """Save the nearest due time of the cases concerned."""
    case = registry.case_subject()
    ids = {clock.case_id for clock in moved if clock.case_id is not None}
    if case is None or case.set_due is None or case.save_due is None or not ids:
        return
    owed = Clock.objects.live().filter(case_id__in=ids, counts_for_due=True)
    first = owed.values("case_id").annotate(first=Min("due_at"))
    nearest = {row["case_id"]: row["first"] for row in first}
    for pk in sorted(ids):
        obj = owners[case.type, pk]
        case.set_due(obj, nearest.get(pk))
        case.save_due(obj)
