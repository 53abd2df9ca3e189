"""Terms by the cases of the law: named dates, exact ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clocks.counting import Due, Roll, Unit, WorkWeek, due
from clocks.models import Calendar
from clocks.queries import week_of

pytestmark = pytest.mark.django_db

CHINA = ZoneInfo("Asia/Shanghai")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def end_of(text: str) -> datetime:
    """24:00 of a day in China."""
    return local(text) + timedelta(days=1)


@pytest.fixture
def office() -> WorkWeek:
    return week_of(Calendar.objects.get(code="office-cn").pk)


@pytest.mark.parametrize(
    ("start", "unit", "roll", "last"),
    [
        ("2026-09-24T10:00", Unit.CALENDAR_DAYS, Roll.NONE, "2026-10-01"),
        ("2026-09-24T10:00", Unit.CALENDAR_DAYS, Roll.REST_DAY, "2026-10-08"),
        ("2026-09-24T10:00", Unit.CALENDAR_DAYS, Roll.STAT_HOLIDAY, "2026-10-04"),
        ("2026-09-24T10:00", Unit.WORK_DAYS, Roll.NONE, "2026-10-12"),
        ("2026-02-10T10:00", Unit.WORK_DAYS, Roll.NONE, "2026-02-26"),
        ("2026-09-28T10:00", Unit.WORK_DAYS, Roll.NONE, "2026-10-13"),
    ],
)
def test_seven_days_end_as_the_law_says(
    office: WorkWeek, start: str, unit: Unit, roll: Roll, last: str
) -> None:
    assert due(office, local(start), 7, unit, roll) == Due(end_of(last))
