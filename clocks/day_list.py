"""A year's list of holidays as a file: CSV, UTF-8 or GBK, one row per date that a notice names.

Reading never raises for a row: each refused row comes back with its number and the rule it breaks.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from chinese_calendar.constants import Holiday
from django.utils.translation import gettext as _

from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.localized import localized
from aftersales.kernel.spreadsheet import csv_in_words, unguard
from clocks.statuses import Mark

MOST_BYTES = 64 * 1024
LONGEST_NAME = 80
COLUMNS = {
    "date": ("date", "日期"),
    "kind": ("kind", "type", "类型", "类别"),
    "name": ("name", "名称", "节日"),
}
STATUTORY, HOLIDAY, WORKDAY = "statutory", "holiday", "workday"
KINDS = {
    STATUTORY: (STATUTORY, "法定节假日", "法定"),
    HOLIDAY: (HOLIDAY, "放假", "休息日", "休"),
    WORKDAY: (WORKDAY, "上班", "调休上班", "工作日", "班"),
}
DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日")
HOLIDAYS = {word: (one.value, one.chinese) for one in Holiday for word in (one.value, one.chinese)}


@dataclass(frozen=True, slots=True)
class ListedDay:
    """A date that a notice names."""

    date: date
    is_workday: bool
    is_statutory_holiday: bool
    name: str
    name_zh: str

    def __str__(self) -> str:
        return localized(self.name, self.name_zh)

    @property
    def mark(self) -> Mark:
        if self.is_workday:
            return Mark.MAKE_UP
        return Mark.STATUTORY if self.is_statutory_holiday else Mark.HOLIDAY


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """``rule`` is stable, ``reason`` is said in the language of the reader."""

    number: int
    text: str
    rule: str
    reason: str


@dataclass(slots=True)
class DayList:
    """What a file says; it is taken whole or, with one refused row, not at all."""

    encoding: str
    days: list[ListedDay] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)


class Refused(Exception):
    """A row breaks a rule."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(reason)
        self.rule = rule
        self.reason = reason


def read_day_list(content: bytes, year: int) -> DayList:
    """Read the list of ``year``; raises ``RuleViolated`` when the file is no such list at all."""
    if len(content) > MOST_BYTES:
        raise RuleViolated("file_too_large", _("The file is larger than 64 KB."), field="file")
    text, encoding = decode(content)
    rows = list(split_rows(text))
    if len(rows) < 2:
        raise RuleViolated("file_empty", _("The file has no rows."), field="file")
    columns = known_columns(rows[0][1])
    found = DayList(encoding)
    seen: set[date] = set()
    for number, cells in rows[1:]:
        try:
            day = read_row(cells, columns, year)
            if day.date in seen:
                raise Refused("date_twice", _("The date appears twice."))
        except Refused as error:
            shown = " · ".join(cells)[:120]
            found.refused.append(RefusedRow(number, shown, error.rule, error.reason))
        else:
            seen.add(day.date)
            found.days.append(day)
    return found


def decode(content: bytes) -> tuple[str, str]:
    """UTF-8 if it fits, else GBK; raises ``RuleViolated`` for anything else."""
    for codec, name in (("utf-8-sig", "UTF-8"), ("gb18030", "GBK")):
        try:
            return content.decode(codec), name
        except UnicodeDecodeError:
            continue
    raise RuleViolated("unreadable", _("The file is neither UTF-8 nor GBK."), field="file")


def split_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of every row that is not empty."""
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [unguard(cell).strip() for cell in cells]
    except csv.Error as error:
        raise RuleViolated("unreadable", csv_in_words(error), field="file") from None


def known_columns(header: list[str]) -> dict[str, int]:
    """Where each of our columns is; raises ``RuleViolated`` for a missing one."""
    lowered = [cell.lower() for cell in header]
    places = {
        name: lowered.index(alias)
        for name, aliases in COLUMNS.items()
        for alias in aliases
        if alias in lowered
    }
    missing = [name for name in COLUMNS if name not in places]
    if missing:
        names = ", ".join(map(heading_of, missing))
        message = _("Missing columns: %(names)s.") % {"names": names}
        raise RuleViolated("column_missing", message, field="file")
    return places


def heading_of(name: str) -> str:
    """A heading of the column in the reader's language: for what a file lacks."""
    return localized(name, next(one for one in COLUMNS[name] if not one.isascii()))


def read_row(cells: list[str], columns: dict[str, int], year: int) -> ListedDay:
    if len(cells) <= max(columns.values()):
        raise Refused("cell_missing", _("The row has too few cells."))
    day = read_date(cells[columns["date"]], year)
    kind = read_kind(cells[columns["kind"]])
    name, name_zh = names_of(cells[columns["name"]])
    if kind == WORKDAY and day.isoweekday() <= 5:
        raise Refused("no_change", _("Monday to Friday are working days anyway."))
    return ListedDay(day, kind == WORKDAY, kind == STATUTORY, name, name_zh)


def read_date(text: str, year: int) -> date:
    for pattern in DATE_FORMATS:
        try:
            day = datetime.strptime(text, pattern).date()  # noqa: DTZ007 -- a date has no zone
        except ValueError:
            continue
        if day.year != year:
            raise Refused(
                "wrong_year", _("The date does not lie in %(year)s.") % {"year": str(year)}
            )
        return day
    raise Refused("bad_date", _("This is no date like 2027-01-01."))


def read_kind(text: str) -> str:
    for kind, words in KINDS.items():
        if text.lower() in words:
            return kind
    known = ", ".join(KINDS)
    raise Refused("unknown_kind", _("The kind is none of: %(kinds)s.") % {"kinds": known})


def names_of(text: str) -> tuple[str, str]:
    """The name in both languages where it is a known holiday, else in its own."""
    if not text:
        raise Refused("name_missing", _("The name is missing."))
    if len(text) > LONGEST_NAME or not text.isprintable():
        raise Refused(
            "bad_name", _("At most %(count)s readable characters.") % {"count": LONGEST_NAME}
        )
    own = ("", text) if not text.isascii() else (text, "")
    return HOLIDAYS.get(text, own)
