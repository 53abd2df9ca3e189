"""Calendars and lists of holidays, as plain functions."""

from __future__ import annotations

from datetime import date
from typing import Any

from clocks.day_list import ListedDay
from clocks.models import Calendar, CalendarYear
from clocks.queries.years import calendar_gaps
from clocks.services import YearList
from clocks.statuses import YearStatus

WEEKDAYS = {day: [["09:00", "17:00"]] for day in "12345"}


def make_calendar(code: str = "branch", **overrides: Any) -> Calendar:
    """A branch in Shanghai, Monday to Friday from nine to five."""
    values: dict[str, Any] = {
        "name": code.title(),
        "region": "CN",
        "time_zone": "Asia/Shanghai",
        "frames": WEEKDAYS,
    } | overrides
    calendar = Calendar(code=code, **values)
    calendar.save()
    return calendar


def free(day: str, *, is_statutory: bool = True) -> ListedDay:
    return ListedDay(date.fromisoformat(day), False, is_statutory, "New Year's Day", "元旦")


def make_up(day: str) -> ListedDay:
    return ListedDay(date.fromisoformat(day), True, False, "New Year's Day", "元旦")


def year_list(*days: ListedDay, year: int = 2027, **overrides: Any) -> YearList:
    """A list of China's, official unless said otherwise."""
    values: dict[str, Any] = {"region": "CN", "notice": f"Notice on {year}"} | overrides
    return YearList(year=year, days=days, **values)


def settle_years() -> None:
    """Give every year that is needed now an official list, so that nothing warns."""
    for gap in calendar_gaps():
        CalendarYear(
            region=gap.region, year=gap.year, status=YearStatus.OFFICIAL, source_notice="Notice"
        ).save()
