"""A year of one calendar, day by day, as its page shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import pgettext, pgettext_lazy

from aftersales.kernel.localized import localized
from clocks.counting import Frame
from clocks.frames import read_frames, read_week, stored_frames
from clocks.models import Calendar, CalendarDay, CalendarException, CalendarYear
from clocks.queries.calendars import build_week
from clocks.statuses import Mark, YearStatus

SHORT = {
    Mark.STATUTORY: pgettext_lazy("calendar mark", "holiday"),
    Mark.HOLIDAY: pgettext_lazy("calendar mark", "off"),
    Mark.MAKE_UP: pgettext_lazy("calendar mark", "work"),
    Mark.EXCEPTION: pgettext_lazy("calendar mark", "special"),
}


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day: its mark, the word in the cell, and all there is to say; ``hours`` as stored."""

    date: date
    mark: Mark
    is_workday: bool
    hours: list[list[str]]
    words: str

    @property
    def short(self) -> str:
        return str(SHORT.get(self.mark, ""))


@dataclass(frozen=True, slots=True)
class Month:
    """Weeks from Monday to Sunday; days of other months are left out."""

    first: date
    weeks: Sequence[Sequence[DayCell | None]]


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """An exception in words."""

    pk: int
    date: date
    hours: str
    reason: str


@dataclass(frozen=True, slots=True)
class YearPage:
    """``status`` is empty when the calendar follows no region."""

    year: int
    status: str
    source_notice: str
    months: Sequence[Month]
    counts: Sequence[tuple[str, str, int]]
    exceptions: Sequence[ExceptionRow]

    @property
    def weekdays(self) -> list[date]:
        """Any Monday to Sunday, for the heads of the columns."""
        return [date(2024, 1, day) for day in range(1, 8)]

    @property
    def is_provisional(self) -> bool:
        return self.status == YearStatus.PROVISIONAL


def year_page(calendar: Calendar, year: int) -> YearPage:
    """The page of ``year``; a handful of statements whatever the year holds."""
    listed = CalendarYear.objects.filter(region=calendar.region, year=year).first()
    rows = CalendarDay.objects.filter(calendar_year=listed) if listed else ()
    named = {row.date: row for row in rows}
    exceptions = list(calendar.exceptions.filter(date__year=year))
    marker = Marker(calendar, named, {one.date: one for one in exceptions})
    cells = [marker.cell(day) for day in days_of_year(year)]
    marks = Counter(cell.mark for cell in cells)
    return YearPage(
        year=year,
        status=status_of(calendar, listed),
        source_notice=listed.source_notice if listed else "",
        months=[month_of(cells, number) for number in range(1, 13)],
        counts=[(mark.value, str(mark.label), marks[mark]) for mark in Mark],
        exceptions=[
            ExceptionRow(one.pk, one.date, hours(read_frames(one.frames)), one.reason)
            for one in exceptions
        ],
    )


def status_of(calendar: Calendar, listed: CalendarYear | None) -> str:
    if not calendar.region:
        return ""
    return listed.status if listed else YearStatus.PROVISIONAL


def month_of(cells: Sequence[DayCell], number: int) -> Month:
    days = [cell for cell in cells if cell.date.month == number]
    padded = [*[None] * (days[0].date.isoweekday() - 1), *days]
    padded += [None] * (-len(padded) % 7)
    return Month(days[0].date, [padded[at : at + 7] for at in range(0, len(padded), 7)])


def days_of_year(year: int) -> list[date]:
    first = date(year, 1, 1).toordinal()
    return [date.fromordinal(at) for at in range(first, date(year + 1, 1, 1).toordinal())]


class Marker:
    """Says what each day is, in words."""

    def __init__(
        self,
        calendar: Calendar,
        named: dict[date, CalendarDay],
        special: dict[date, CalendarException],
    ) -> None:
        self.week = build_week(calendar)
        self.named = named
        self.special = special

    def cell(self, day: date) -> DayCell:
        row, exception = self.named.get(day), self.special.get(day)
        kind = self.week.day(day)
        frames = self.week.frames_on(day, kind)
        mark = self.mark(row, exception, is_workday=kind.is_workday)
        said = [str(mark.label)]
        if row is not None:
            said.append(localized(row.name, row.name_zh))
        if exception is not None:
            said.append(exception.reason)
        said.append(hours(frames))
        return DayCell(day, mark, kind.is_workday, stored_frames(frames), " · ".join(said))

    def mark(
        self, row: CalendarDay | None, exception: CalendarException | None, *, is_workday: bool
    ) -> Mark:
        if exception is not None:
            return Mark.EXCEPTION
        if row is None:
            return Mark.WORK if is_workday else Mark.REST
        if row.is_workday:
            return Mark.MAKE_UP
        return Mark.STATUTORY if row.is_statutory_holiday else Mark.HOLIDAY


def hours(frames: Sequence[Frame]) -> str:
    """Open hours in words."""
    if not frames:
        return pgettext("open hours", "closed")
    return ", ".join(f"{start}–{end}" for start, end in stored_frames(frames))


def week_words(calendar: Calendar) -> list[str]:
    """The hours of Monday to Sunday."""
    return [hours(frames) for _weekday, frames in sorted(read_week(calendar.frames).items())]
