"""Lists of years: what a new one would change, which are missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from aftersales.kernel.clock import now
from clocks.day_list import ListedDay
from clocks.models import Calendar, CalendarDay, CalendarYear
from clocks.statuses import YearStatus

VALUES = ("is_workday", "is_statutory_holiday", "name", "name_zh")
# China's notice usually appears in November; from October on its absence is worth a warning.
WARNS_FROM_MONTH = 10


@dataclass(frozen=True, slots=True)
class YearDifference:
    """What a list changes in a year."""

    added: Sequence[ListedDay]
    changed: Sequence[tuple[CalendarDay, ListedDay]]
    removed: Sequence[CalendarDay]
    unchanged: int

    def counts(self) -> dict[str, int]:
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "removed": len(self.removed),
            "unchanged": self.unchanged,
        }


@dataclass(frozen=True, slots=True)
class Gap:
    """A year of a region that is counted provisionally."""

    region: str
    year: int
    is_current: bool


def compare(rows: Iterable[CalendarDay], days: Sequence[ListedDay]) -> YearDifference:
    """The days of a list against those stored."""
    stored = {row.date: row for row in rows}
    changed = [
        (stored[day.date], day)
        for day in days
        if day.date in stored
        and any(getattr(stored[day.date], name) != getattr(day, name) for name in VALUES)
    ]
    kept = {day.date for day in days}
    added = [day for day in days if day.date not in stored]
    return YearDifference(
        added=added,
        changed=changed,
        removed=[row for day, row in sorted(stored.items()) if day not in kept],
        unchanged=len(days) - len(added) - len(changed),
    )


def difference(region: str, year: int, days: Sequence[ListedDay]) -> YearDifference:
    """What importing ``days`` would change."""
    rows = CalendarDay.objects.filter(calendar_year__region=region, calendar_year__year=year)
    return compare(rows, days)


def calendar_gaps() -> list[Gap]:
    """Years that calendars in use count provisionally: this one, and from October the next one."""
    today = now().date()
    wanted = [today.year] + ([today.year + 1] if today.month >= WARNS_FROM_MONTH else [])
    settled = CalendarYear.objects.filter(
        region=OuterRef("region"), year__in=wanted, status=YearStatus.OFFICIAL
    )
    regions = Calendar.objects.exclude(region="").order_by("region").distinct()
    return [
        Gap(region, year, year == today.year)
        for region, known in regions.values_list("region", ArraySubquery(settled.values("year")))
        for year in wanted
        if year not in known
    ]
