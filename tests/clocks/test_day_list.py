"""A year's list as a file: what is read, which rows are refused by which rule, all or nothing."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import translation

from aftersales.kernel.errors import RuleViolated
from clocks.day_list import ListedDay, read_day_list
from clocks.models import CalendarDay, CalendarYear
from clocks.services import YearList
from compliance.models import AuditEvent

GOOD = "日期,类型,名称\n2027-01-01,法定,元旦\n2027/1/2,休,元旦\n20270109,班,元旦\n"
NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gbk"])
def test_a_list_is_read_in_the_usual_encodings(codec: str) -> None:
    found = read_day_list(GOOD.encode(codec), 2027)

    new_year = ("New Year's Day", "元旦")
    assert found.refused == []
    assert found.days == [
        ListedDay(date(2027, 1, 1), False, True, *new_year),
        ListedDay(date(2027, 1, 2), False, False, *new_year),
        ListedDay(date(2027, 1, 9), True, False, *new_year),
    ]
    assert found.encoding == ("GBK" if codec == "gbk" else "UTF-8")


def test_columns_may_come_in_any_order_and_separator() -> None:
    text = "name;note;kind;date\nFoundation Day;ours;holiday;2027-05-03\n\n"

    (day,) = read_day_list(text.encode(), 2027).days

    assert day == ListedDay(date(2027, 5, 3), False, False, "Foundation Day", "")


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("2027-02-30,holiday,X", "bad_date"),
        ("soon,holiday,X", "bad_date"),
        ("2026-01-01,holiday,X", "wrong_year"),
        ("2027-01-01,party,X", "unknown_kind"),
        ("2027-01-04,workday,X", "no_change"),
        ("2027-01-01,holiday,", "name_missing"),
        ("2027-01-01,holiday," + "x" * 81, "bad_name"),
        ("2027-01-01,holiday", "cell_missing"),
        ("2027-05-01,holiday,X", "date_twice"),
    ],
)
def test_a_refused_row_is_named_with_its_rule(row: str, rule: str) -> None:
    text = f"date,kind,name\n2027-05-01,statutory,Labour Day\n{row}\n"

    found = read_day_list(text.encode(), 2027)

    assert [(one.number, one.rule) for one in found.refused] == [(3, rule)]
    with pytest.raises(RuleViolated, match=r"1 rows are refused\. 3: ") as refused:
        YearList.of(found, "CN", 2027, NOTICE)
    assert refused.value.code == "rows_refused"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"date,kind,name\n", "file_empty"),
        (b"date,name\n2027-01-01,X\n", "column_missing"),
        (b"\xff\xff\xff", "unreadable"),
        (b"x" * 65_537, "file_too_large"),
    ],
)
def test_what_is_no_list_is_refused_whole(content: bytes, code: str) -> None:
    with pytest.raises(RuleViolated) as refused:
        read_day_list(content, 2027)

    assert (refused.value.code, refused.value.field) == (code, "file")


@pytest.fixture
def short_columns() -> Iterator[None]:
    longest = csv.field_size_limit(9)
    yield
    csv.field_size_limit(longest)


@pytest.mark.usefixtures("short_columns")
def test_a_column_without_end_is_said_in_words() -> None:
    with pytest.raises(RuleViolated, match="A column is longer than 9 characters"):
        read_day_list(b"date,kind,name\n2027-01-01,holiday,New Year's Day\n", 2027)


def run(file: Path, **options: Any) -> dict[str, Any]:
    out = StringIO()
    options = {"region": "CN", "year": 2027, "notice": NOTICE, "json": True} | options
    call_command("import_calendar", file, stdout=out, **options)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


@pytest.mark.django_db
def test_the_command_takes_a_list_over(tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    file.write_text(GOOD, encoding="gbk")

    first, second = run(file), run(file)

    counts = {"region": "CN", "year": 2027, "changed": 0, "removed": 0}
    assert first == counts | {"added": 3, "unchanged": 0}
    assert second == counts | {"added": 0, "unchanged": 3}
    year = CalendarYear.objects.get(year=2027)
    assert (year.status, year.source_notice) == ("official", NOTICE)
    event = AuditEvent.objects.filter(code="clocks.year_imported").latest("id")
    assert (event.actor_name, event.source) == ("System (system)", "import")


@pytest.mark.django_db
def test_the_command_leaves_everything_when_a_row_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    file.write_text(f"{GOOD}2027-01-05,班,元旦\n", encoding="utf-8")
    before, errors = CalendarDay.objects.count(), StringIO()

    with pytest.raises(CommandError, match="1 rows are refused"):
        run(file, stderr=errors)

    assert errors.getvalue() == "row 5 (no_change): Monday to Friday are working days anyway.\n"
    assert CalendarDay.objects.count() == before
    assert not CalendarYear.objects.filter(year=2027).exists()
    with pytest.raises(CommandError, match=r"missing\.csv"):
        run(tmp_path / "missing.csv")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "missing"),
    [
        ("2026-09-30", []),
        ("2026-10-01", [{"region": "CN", "year": 2027, "is_current": False}]),
        ("2027-01-01", [{"region": "CN", "year": 2027, "is_current": True}]),
    ],
)
def test_a_missing_list_is_an_alarm_from_october_on(
    day: str, missing: list[dict[str, Any]]
) -> None:
    out = StringIO()
    failed = False

    with time_machine.travel(f"{day}T12:00:00Z", tick=False):
        try:
            call_command("check_calendars", json=True, stdout=out)
        except CommandError as error:
            failed = "CN 2027" in str(error)

    assert json.loads(out.getvalue()) == {"missing": missing}
    assert failed == bool(missing)


@pytest.mark.parametrize(
    ("language", "told"), [("en", "Missing columns: kind."), ("zh-hans", "缺少列：类型。")]
)
def test_a_missing_column_is_named_in_the_language_of_the_reader(language: str, told: str) -> None:
    with translation.override(language), pytest.raises(RuleViolated) as refusal:
        read_day_list(b"date,name\n2027-01-01,X\n", 2027)

    assert str(refusal.value) == told
