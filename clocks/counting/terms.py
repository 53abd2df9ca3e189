"""When a promise is due, how much of it has passed, and when a share of it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from clocks.counting.days import Days, Months, Roll, WorkDays, Years
from clocks.counting.lookout import Lookout
from clocks.counting.spans import merged, opened, running, total, unpaused, walk
from clocks.counting.week import Interval, Span, WorkWeek


class Unit(TextChoices):
    """What a term is measured in."""

    MINUTES = "minutes", _("minutes")
    WORK_MINUTES = "work_minutes", _("working minutes")
    HOURS = "hours", _("hours")
    CALENDAR_DAYS = "calendar_days", _("calendar days")
    WORK_DAYS = "work_days", _("working days")
    MONTHS = "months", _("months")
    YEARS = "years", _("years")
    UNTIL = "until", _("until the agreed time")


@dataclass(frozen=True, slots=True)
class Due:
    """``at`` is none while paused and beyond a century; provisional results may move."""

    at: datetime | None
    is_provisional: bool = False


LENGTHS = {
    Unit.MINUTES: timedelta(minutes=1),
    Unit.WORK_MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
}
DAYS = {
    Unit.CALENDAR_DAYS: Days,
    Unit.WORK_DAYS: WorkDays,
    Unit.MONTHS: Months,
    Unit.YEARS: Years,
}


def due(
    week: WorkWeek,
    start: datetime,
    amount: int,
    unit: Unit,
    roll: Roll = Roll.NONE,
    *,
    paused: Sequence[Interval] = (),
) -> Due:
    """The end of a term that began at ``start``; raises ``ValueError`` for a negative amount.

    Minutes and hours run from the moment, working minutes inside open frames; what is paused is
    not counted. Days are counted by ``Days``; only they roll. ``UNTIL`` is the moment ``start``
    itself, which no pause moves. A pause that begins at the end or later changes nothing.
    """
    if amount < 0:
        raise ValueError("a term cannot be negative")
    start = start.astimezone(UTC)
    if unit == Unit.UNTIL:
        return Due(start)
    look, pauses = Lookout(week), merged(paused, start)
    if unit in LENGTHS:
        at = walk(_pieces(look, start, unit, pauses), LENGTHS[unit] * amount, start)
    else:
        at = DAYS[unit](look, roll).due(start, amount, pauses)
    return Due(at, look.is_provisional)


def elapsed(
    week: WorkWeek,
    start: datetime,
    until: datetime,
    unit: Unit,
    *,
    paused: Sequence[Interval] = (),
) -> int:
    """Whole units passed: the largest amount whose ``due`` without roll is not after ``until``."""
    start, until = start.astimezone(UTC), until.astimezone(UTC)
    if unit == Unit.UNTIL or until <= start:
        return 0
    look, pauses = Lookout(week), merged(paused, start)
    if unit in LENGTHS:
        return total(_pieces(look, start, unit, pauses), until) // LENGTHS[unit]
    return max(DAYS[unit](look, Roll.NONE).elapsed(start, until, pauses), 0)


def point(
    week: WorkWeek,
    start: datetime,
    amount: int,
    unit: Unit,
    roll: Roll = Roll.NONE,
    *,
    percent: int,
    paused: Sequence[Interval] = (),
) -> datetime | None:
    """The moment at which ``percent`` of the term has passed; 100 is when it is due.

    A share of days is a share of the real, unpaused time up to the end. None like ``Due.at``.
    """
    start = start.astimezone(UTC)
    look, pauses = Lookout(week), merged(paused, start)
    if unit in LENGTHS:
        length = LENGTHS[unit] * amount
    else:
        end = due(week, start, amount, unit, roll, paused=paused).at
        if end is None or unit == Unit.UNTIL:
            return end
        unit, length = Unit.MINUTES, total(unpaused(running(start), pauses), end)
    return walk(_pieces(look, start, unit, pauses), length * percent / 100, start)


def _pieces(
    look: Lookout, start: datetime, unit: Unit, pauses: Sequence[Interval]
) -> Iterator[Span]:
    spans = opened(look, start) if unit == Unit.WORK_MINUTES else running(start)
    return unpaused(spans, pauses)
