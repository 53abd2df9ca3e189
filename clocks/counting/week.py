"""A calendar as counting sees it: frames of the week, kinds of days, one time zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Frame:
    """Open from ``start`` to ``end`` on the wall clock; an ``end`` of 00:00 means 24:00."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``start`` to before ``end``; without an end it still lasts."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class DayKind:
    """What a date is by law and by the calendar.

    ``frames`` replaces the week's plan on this date, an empty tuple closes it. ``is_official`` is
    false for a date whose year no notice has settled yet.
    """

    is_workday: bool
    is_statutory_holiday: bool = False
    is_official: bool = True
    frames: tuple[Frame, ...] | None = None


@dataclass(frozen=True, slots=True)
class WorkWeek:
    """Frames per ISO weekday (1 is Monday), and what each date is.

    ``day`` answers for every date. Whether a date is a working day and whether it is open are two
    questions: a desk may be open on Sundays, which stay rest days.
    """

    zone: ZoneInfo
    frames: Mapping[int, tuple[Frame, ...]]
    day: Callable[[date], DayKind]
    _spans: dict[date, tuple[Span, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def frames_on(self, day: date, kind: DayKind) -> tuple[Frame, ...]:
        """The open hours; a make-up day the plan leaves empty has those of the usual day."""
        if kind.frames is not None:
            return kind.frames
        planned = self.frames.get(day.isoweekday(), ())
        if planned or not kind.is_workday:
            return planned
        return next((frames for _, frames in sorted(self.frames.items()) if frames), ())

    def spans_on(self, day: date, kind: DayKind) -> tuple[Span, ...]:
        """The open hours as moments, kept because clocks of one day ask for the same ones."""
        known = self._spans.get(day)
        if known is None:
            known = self._spans[day] = tuple(
                span
                for frame in self.frames_on(day, kind)
                if (span := self._span(day, frame))[0] < span[1]
            )
        return known

    def _span(self, day: date, frame: Frame) -> Span:
        closes = day + DAY if frame.end == time.min else day
        return wall_moment(self.zone, day, frame.start), wall_moment(self.zone, closes, frame.end)

    def date_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()


def wall_moment(zone: ZoneInfo, day: date, at: time) -> datetime:
    """The first moment at which the wall clock of ``day`` shows ``at`` or later, in UTC.

    So an hour that comes twice means its first pass, and one that is skipped means the jump.
    """
    before = datetime.combine(day, at).replace(tzinfo=zone, fold=0)
    after = before.replace(fold=1)
    low, high = after.astimezone(UTC), before.astimezone(UTC)
    if low >= high:
        return high
    jumped = after.utcoffset()
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == jumped:
            high = middle
        else:
            low = middle
    return high


def day_end(zone: ZoneInfo, day: date) -> datetime:
    """24:00 of ``day``, exclusive."""
    return wall_moment(zone, day + DAY, time.min)
