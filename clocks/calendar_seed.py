"""The calendars every desk starts with, and China's holidays as far as they are announced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import chinese_calendar
from chinese_calendar.constants import Holiday
from django.db import connection, transaction

from aftersales.kernel.journal import signed_in_bulk
from aftersales.kernel.loading import insert
from clocks.models import Calendar, CalendarDay, CalendarYear
from clocks.statuses import YearStatus

REASON = "Shipped calendars"
CHINA = "CN"
YEARS = (2024, 2025, 2026)
NOTICE = "国务院办公厅关于{year}年部分节假日安排的通知"
# Days named by 全国年节及纪念日放假办法 art. 2 (revised as of 2025-01-01): first day and how many.
STATUTORY = (
    ("2024-01-01", 1),
    ("2024-02-10", 3),
    ("2024-04-04", 1),
    ("2024-05-01", 1),
    ("2024-06-10", 1),
    ("2024-09-17", 1),
    ("2024-10-01", 3),
    ("2025-01-01", 1),
    ("2025-01-28", 4),
    ("2025-04-04", 1),
    ("2025-05-01", 2),
    ("2025-05-31", 1),
    ("2025-10-06", 1),
    ("2025-10-01", 3),
    ("2026-01-01", 1),
    ("2026-02-16", 4),
    ("2026-04-05", 1),
    ("2026-05-01", 2),
    ("2026-06-19", 1),
    ("2026-09-25", 1),
    ("2026-10-01", 3),
)

Frames = list[list[str]]


def every(weekdays: str, frames: Frames) -> dict[str, Frames]:
    """The same hours on each of the ISO weekdays."""
    return dict.fromkeys(weekdays, frames)


@dataclass(frozen=True, slots=True)
class Shipped:
    """A calendar as it is delivered; editable data afterwards."""

    code: str
    name: str
    name_zh: str
    frames: dict[str, Frames]
    region: str = CHINA
    works_on_holidays: bool = False
    is_default: bool = False


CALENDARS = (
    Shipped(
        "office-cn",
        "Office",
        "办公室",
        every("12345", [["09:00", "12:00"], ["13:30", "18:00"]]),
        is_default=True,
    ),
    Shipped(
        "service-cn",
        "Service desk",
        "客服台",
        every("1234567", [["09:00", "21:00"]]),
        works_on_holidays=True,
    ),
    Shipped(
        "always",
        "Round the clock",
        "全天候",
        every("1234567", [["00:00", "24:00"]]),
        works_on_holidays=True,
    ),
)


def install(**_signal: Any) -> None:
    """Write all of it into a database without calendars; also called after each ``migrate``."""
    if Calendar._meta.db_table not in connection.introspection.table_names():
        return
    with transaction.atomic(), signed_in_bulk(REASON):
        if Calendar.objects.exists():
            return
        insert(
            [
                Calendar(
                    code=one.code,
                    name=one.name,
                    name_zh=one.name_zh,
                    region=one.region,
                    time_zone="Asia/Shanghai",
                    frames=one.frames,
                    works_on_holidays=one.works_on_holidays,
                    is_default=one.is_default,
                )
                for one in CALENDARS
            ]
        )
        years = [
            CalendarYear(
                region=CHINA,
                year=year,
                status=YearStatus.OFFICIAL,
                source_notice=NOTICE.format(year=year),
            )
            for year in YEARS
        ]
        insert(years)
        insert([day for year in years for day in days_of(year)])


def days_of(year: CalendarYear) -> Iterator[CalendarDay]:
    """The days of the year that the notice names."""
    statutory = set(statutory_days())
    day = date(year.year, 1, 1)
    while day.year == year.year:
        is_free, name = chinese_calendar.get_holiday_detail(day)
        if name is not None:
            yield CalendarDay(
                calendar_year=year,
                region=year.region,
                date=day,
                is_workday=not is_free,
                is_statutory_holiday=day in statutory,
                name=name,
                name_zh=Holiday(name).chinese,
            )
        day += timedelta(days=1)


def statutory_days() -> Iterator[date]:
    for first, count in STATUTORY:
        for step in range(count):
            yield date.fromisoformat(first) + timedelta(days=step)
