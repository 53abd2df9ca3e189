"""Calendars as counting needs them, kept in memory while nobody changes them."""

from __future__ import annotations

import time as clocktime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import connection

from clocks.counting import DayKind, WorkWeek
from clocks.frames import read_frames, read_week
from clocks.models import Calendar, CalendarDay, CalendarException, CalendarYear
from clocks.statuses import YearStatus

REFRESH_SECONDS = 2.0
SOURCES = (Calendar, CalendarException, CalendarYear, CalendarDay)

Revision = tuple[int, ...]


class WeekCache:
    """Weeks by calendar; every two seconds one query asks whether any calendar was changed."""

    def __init__(self) -> None:
        self.weeks: dict[int, WorkWeek] = {}
        self.regions: dict[str, int | None] = {}
        self.revision: Revision = ()
        self.checked_at = float("-inf")
        self.is_held = False

    def refresh(self) -> None:
        if not self.is_held and clocktime.monotonic() - self.checked_at > REFRESH_SECONDS:
            current = revision()
            if current != self.revision:
                self.weeks, self.regions, self.revision = {}, {}, current
            self.checked_at = clocktime.monotonic()

    def of_region(self, region: str) -> WorkWeek | None:
        self.refresh()
        if region not in self.regions:
            rows = Calendar.objects.filter(region=region).order_by("-is_default", "pk")
            self.regions[region] = rows.values_list("pk", flat=True).first()
        found = self.regions[region]
        return self.get(found) if found is not None else None

    def get(self, calendar_id: int) -> WorkWeek:
        self.refresh()
        week = self.weeks.get(calendar_id)
        if week is None:
            week = self.weeks[calendar_id] = build_week(Calendar.objects.get(pk=calendar_id))
        return week

    def doubt(self) -> None:
        self.checked_at = float("-inf")


_cache = WeekCache()


def week_of(calendar_id: int) -> WorkWeek:
    """The calendar for counting; another process's change is seen within two seconds."""
    return _cache.get(calendar_id)


def week_of_region(region: str) -> WorkWeek | None:
    """The first calendar with the region's holidays, the default one before others."""
    return _cache.of_region(region)


def forget_weeks() -> None:
    """Look next time whether calendars have changed; called by whoever changes one."""
    _cache.doubt()


@contextmanager
def held_weeks() -> Iterator[None]:
    """Read every calendar, and look for no changes in the block: for loaders, whose processes have
    no connection."""
    _cache.refresh()
    _cache.is_held = True
    for calendar_id, region in Calendar.objects.values_list("pk", "region"):
        _cache.get(calendar_id)
        _cache.of_region(region)
    try:
        yield
    finally:
        _cache.is_held = False


def revision() -> Revision:
    """Grows with every change of any calendar: the newest rows of the four histories."""
    newest = " UNION ALL ".join(
        f"SELECT coalesce(max(history_id), 0) FROM {model.history.model._meta.db_table}"  # noqa: S608 -- our own tables
        for model in SOURCES
    )
    with connection.cursor() as cursor:
        cursor.execute(newest)
        return tuple(row[0] for row in cursor.fetchall())


def build_week(calendar: Calendar) -> WorkWeek:
    """The calendar as it is now, four short reads."""
    return WorkWeek(ZoneInfo(calendar.time_zone), read_week(calendar.frames), day_lookup(calendar))


def day_lookup(calendar: Calendar) -> Callable[[date], DayKind]:
    """What each date is: the region's day, else the plain week; then the calendar's exception."""
    region = calendar.region
    named = {day.date: day for day in CalendarDay.objects.filter(region=region)} if region else {}
    official = set(
        CalendarYear.objects.filter(region=region, status=YearStatus.OFFICIAL).values_list(
            "year", flat=True
        )
    )
    special = {one.date: read_frames(one.frames) for one in calendar.exceptions.all()}

    @lru_cache(maxsize=4096)
    def kind(day: date) -> DayKind:
        row = named.get(day)
        is_workday = row.is_workday if row else day.isoweekday() <= 5
        is_closed = row is not None and not row.is_workday and not calendar.works_on_holidays
        return DayKind(
            is_workday=is_workday,
            is_statutory_holiday=row is not None and row.is_statutory_holiday,
            is_official=not region or day.year in official,
            frames=special.get(day, () if is_closed else None),
        )

    return kind
