"""Calendars for tests, written out in a line each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from clocks.counting import DayKind, Frame, WorkWeek


def frames(text: str) -> tuple[Frame, ...]:
    """``frames("09:00-12:00 13:30-18:00")``; 24:00 is the end of the day."""
    pairs = (pair.split("-") for pair in text.split())
    return tuple(
        Frame(time.fromisoformat(start), time.fromisoformat(end.replace("24:", "00:")))
        for start, end in pairs
    )


def make_week(
    zone: str, hours: str, days: str = "12345", special: Mapping[str, DayKind] | None = None
) -> WorkWeek:
    """The same hours on the given ISO weekdays, Monday to Friday being working days."""
    known = {date.fromisoformat(day): kind for day, kind in (special or {}).items()}
    return WorkWeek(
        ZoneInfo(zone),
        {int(day): frames(hours) for day in days},
        lambda day: known.get(day) or DayKind(is_workday=day.isoweekday() < 6),
    )


def at(week: WorkWeek, text: str) -> datetime:
    """A moment by the wall clock of the calendar."""
    return datetime.fromisoformat(text).replace(tzinfo=week.zone)
