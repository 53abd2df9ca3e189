"""When the time allowed ends, by the calendar of the market (law.md 2): start day not counted,
consumers' rights roll over rest days."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from clocks.counting import DayKind, Roll, Unit, WorkWeek, due
from clocks.queries.calendars import week_of_region


def week_of_market(market: str) -> WorkWeek:
    """The market's calendar; a plain week where none is kept."""
    return week_of_region(market) or PLAIN_WEEK


def _plain(day: date) -> DayKind:
    return DayKind(
        is_workday=day.isoweekday() <= 5,
        is_statutory_holiday=False,
        is_official=False,
        frames=None,
    )


PLAIN_WEEK = WorkWeek(ZoneInfo("UTC"), {}, _plain)


def days_after(week: WorkWeek, start: datetime, days: int) -> datetime:
    """Exclusive end of a consumer's right of so many calendar days."""
    return _end(week, start, days, Unit.CALENDAR_DAYS)


def months_after(week: WorkWeek, start: datetime, months: int) -> datetime:
    """Exclusive end of so many months."""
    return _end(week, start, months, Unit.MONTHS)


def _end(week: WorkWeek, start: datetime, amount: int, unit: Unit) -> datetime:
    at = due(week, start, amount, unit, Roll.REST_DAY).at
    assert at is not None  # noqa: S101 -- only an open pause has no end
    return at
