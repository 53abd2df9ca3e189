"""Taking over a region's list of holidays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.context import Person
from aftersales.kernel.errors import RuleViolated, require
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from clocks.calendar_hooks import calendars_changed
from clocks.day_list import DayList, ListedDay
from clocks.models import Calendar, CalendarDay, CalendarYear
from clocks.models.calendars import REGION
from clocks.policies import can_change_calendars
from clocks.queries.years import VALUES, YearDifference, compare
from clocks.statuses import YearStatus
from compliance.services import record

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class YearList:
    """A whole year as a notice gives it; ``is_official`` is false for one's own expectation."""

    region: str
    year: int
    notice: str
    days: Sequence[ListedDay]
    is_official: bool = True

    @classmethod
    def of(
        cls, found: DayList, region: str, year: int, notice: str, *, is_official: bool = True
    ) -> YearList:
        """The list of a file; raises ``RuleViolated`` naming the first refused rows."""
        if found.refused:
            rows = "; ".join(f"{row.number}: {row.reason}" for row in found.refused[:3])
            message = _("%(count)s rows are refused. %(rows)s") % {
                "count": len(found.refused),
                "rows": rows,
            }
            raise RuleViolated("rows_refused", message, field="file")
        return cls(region, year, notice.strip(), tuple(found.days), is_official)


@service
def import_year(listed: YearList, *, actor: Person, note: str = "") -> YearDifference:
    """Replace the year's days by those of the list; clocks counted provisionally count anew.

    Raises ``RuleViolated`` for a list without notice or region, and for an expectation where an
    official list exists.
    """
    require(can_change_calendars(actor))
    _check(listed)
    CalendarYear.objects.get_or_create(
        region=listed.region,
        year=listed.year,
        defaults={"status": YearStatus.PROVISIONAL, "source_notice": listed.notice},
    )
    year = CalendarYear.objects.locked().get(region=listed.region, year=listed.year)
    _settle(year, listed)
    difference = compare(CalendarDay.objects.filter(calendar_year=year), listed.days)
    _write(year, difference)
    record(
        "clocks.year_imported",
        year,
        actor=actor,
        note=note,
        data={"source_notice": listed.notice, "is_official": listed.is_official}
        | difference.counts(),
    )
    calendars = Calendar.objects.filter(region=listed.region).order_by("pk")
    calendars_changed(list(calendars.values_list("pk", flat=True)), actor)
    return difference


def _check(listed: YearList) -> None:
    try:
        REGION(listed.region)
    except ValidationError as error:
        raise RuleViolated("bad_region", error.messages[0], field="region") from None
    if not FIRST_YEAR <= listed.year <= LAST_YEAR:
        raise RuleViolated("bad_year", _("The year is out of range."), field="year")
    if not 4 <= len(listed.notice) <= 200:
        message = _("Name the notice the days were taken from (4 to 200 characters).")
        raise RuleViolated("notice_missing", message, field="notice")
    if not listed.days:
        raise RuleViolated("file_empty", _("The file has no rows."), field="file")


def _settle(year: CalendarYear, listed: YearList) -> None:
    """Make the year official, or refuse to make an official one a guess."""
    if listed.is_official and year.status == YearStatus.PROVISIONAL:
        move(year, YearStatus.OFFICIAL)
    elif not listed.is_official and year.status == YearStatus.OFFICIAL:
        message = _("The official list of this year is known; a provisional one cannot replace it.")
        raise RuleViolated("official_list_exists", message, field="year")
    year.source_notice = listed.notice
    year.save(update_fields=["status", "source_notice"])


def _write(year: CalendarYear, difference: YearDifference) -> None:
    for row in difference.removed:
        row.delete()
    for row, day in difference.changed:
        for name in VALUES:
            setattr(row, name, getattr(day, name))
        row.save(update_fields=VALUES)
    for day in difference.added:
        values = {name: getattr(day, name) for name in VALUES}
        CalendarDay(calendar_year=year, region=year.region, date=day.date, **values).save()
