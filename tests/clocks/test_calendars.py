"""Calendars as data: what is shipped, what a change does, who may, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from aftersales.kernel.errors import NotPermitted, RuleViolated
from clocks import calendar_hooks, calendar_seed
from clocks.counting import Due, Roll, Unit, due
from clocks.frames import read_frames, read_week, stored_frames
from clocks.models import Calendar, CalendarDay, CalendarException, CalendarYear
from clocks.queries import week_of
from clocks.queries.calendars import revision
from clocks.services import (
    ExceptionDraft,
    add_calendar,
    add_exception,
    change_calendar,
    import_year,
    remove_exception,
)
from compliance.models import AuditEvent, JournalEntry
from staff.roles import Role
from tests.clocks.weeks import frames
from tests.factories.calendars import WEEKDAYS, free, make_calendar, make_up, year_list
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
CHINA = ZoneInfo("Asia/Shanghai")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The calendars that hooks were told of."""
    told: list[list[int]] = []
    monkeypatch.setattr(calendar_hooks, "_hooks", [lambda ids, actor: told.append([*ids])])
    return told


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
    office: Calendar, start: str, unit: Unit, roll: Roll, last: str
) -> None:
    found = due(week_of(office.pk), local(start), 7, unit, roll)

    assert found == Due(local(last) + timedelta(days=1))


def test_china_is_shipped_as_announced() -> None:
    days = CalendarDay.objects.filter(region="CN")
    make_ups = days.filter(date__year=2026, is_workday=True).values_list("date", flat=True)
    statutory = days.filter(is_statutory_holiday=True)

    assert [f"{day:%m-%d}" for day in make_ups] == [
        "01-04", "02-14", "02-28", "05-09", "09-20", "10-10"
    ]  # fmt: skip
    assert [statutory.filter(date__year=year).count() for year in (2024, 2025, 2026)] == [
        11, 13, 13
    ]  # fmt: skip
    assert not days.filter(is_workday=False, name_zh="").exists()
    assert set(CalendarYear.objects.values_list("year", "status")) == {
        (2024, "official"), (2025, "official"), (2026, "official")
    }  # fmt: skip
    assert CalendarYear.objects.get(year=2026).source_notice == (
        "国务院办公厅关于2026年部分节假日安排的通知"
    )


def test_what_is_shipped_is_signed_and_shipped_once() -> None:
    before = revision()
    signed = JournalEntry.objects.filter(table_name__startswith="clocks_calendar")

    calendar_seed.install()

    assert revision() == before
    assert Calendar.history.count() == Calendar.objects.count() == 3
    assert CalendarDay.history.count() == CalendarDay.objects.count()
    assert set(signed.values_list("reason", flat=True)) <= {"Shipped calendars"}


def test_a_desk_open_every_day_knows_rest_days_all_the_same() -> None:
    week = week_of(Calendar.objects.get(code="service-cn").pk)
    festival = local("2026-02-17T08:00")

    assert due(week, festival, 30, Unit.WORK_MINUTES) == Due(local("2026-02-17T09:30"))
    assert due(week, festival, 1, Unit.WORK_DAYS) == Due(local("2026-02-25T00:00"))


def test_a_year_without_a_list_is_counted_provisionally(office: Calendar) -> None:
    found = due(week_of(office.pk), local("2026-12-30T10:00"), 5, Unit.WORK_DAYS)

    assert found == Due(local("2027-01-07T00:00"), is_provisional=True)


def test_a_calendar_without_region_has_plain_weeks_that_are_certain() -> None:
    week = week_of(make_calendar(region="").pk)

    found = due(week, local("2026-12-31T10:00"), 1, Unit.WORK_DAYS)

    assert found == Due(local("2027-01-02T00:00"))


def test_a_change_is_recorded_counted_with_and_announced(
    office: Calendar, announced: list[list[int]]
) -> None:
    admin = make_user(Role.ADMINISTRATOR)
    week_of(office.pk)

    change_calendar(office.pk, {"frames": WEEKDAYS, "name": "Office"}, actor=admin, note="summer")

    found = due(week_of(office.pk), local("2026-03-02T11:30"), 60, Unit.WORK_MINUTES)
    assert found.at == local("2026-03-02T12:30")
    event = AuditEvent.objects.get(code="clocks.calendar_changed")
    assert (event.data, event.note) == ({"fields": ["frames"]}, "summer")
    assert announced == [[office.pk]]


def test_a_change_by_another_process_is_seen(office: Calendar) -> None:
    """The history's newest row tells, whoever wrote it."""
    before = revision()
    office.name = "Head office"
    office.save(update_fields=["name"])

    assert revision() > before


def test_a_new_default_replaces_the_old_one(office: Calendar) -> None:
    admin = make_user(Role.ADMINISTRATOR)
    values = {"name": "Branch", "time_zone": "Asia/Shanghai", "frames": WEEKDAYS}
    branch = Calendar(code="branch", is_default=True, **values)

    add_calendar(branch, actor=admin)

    assert list(Calendar.objects.filter(is_default=True)) == [branch]
    with pytest.raises(RuleViolated) as refused:
        change_calendar(branch.pk, {"is_default": False}, actor=admin)
    assert (refused.value.code, refused.value.field) == ("default_needed", "is_default")
    office.is_default = True
    with pytest.raises(IntegrityError), transaction.atomic():
        office.save(update_fields=["is_default"])


def test_an_exception_opens_and_closes_a_date(office: Calendar, announced: list[list[int]]) -> None:
    admin = make_user(Role.ADMINISTRATOR)
    monday = local("2026-03-02T09:00")

    closed = ExceptionDraft(date(2026, 3, 2), "Stocktaking")
    exception = add_exception(office.pk, closed, actor=admin)
    assert due(week_of(office.pk), monday, 60, Unit.WORK_MINUTES).at == local("2026-03-03T10:00")
    assert due(week_of(office.pk), monday, 1, Unit.WORK_DAYS).at == local("2026-03-04T00:00")

    remove_exception(exception.pk, actor=admin, note="cancelled")
    evening = ExceptionDraft(date(2026, 3, 2), "Fair", [["18:00", "20:00"]])
    add_exception(office.pk, evening, actor=admin)
    assert due(week_of(office.pk), monday, 60, Unit.WORK_MINUTES).at == local("2026-03-02T19:00")
    assert announced == [[office.pk]] * 3
    assert CalendarException.history.filter(history_type="-").count() == 1


def test_an_import_settles_a_year(office: Calendar, announced: list[list[int]]) -> None:
    admin = make_user(Role.ADMINISTRATOR)
    guess = year_list(free("2027-01-01"), free("2027-01-04"), is_official=False)
    import_year(guess, actor=admin)
    start = local("2026-12-31T10:00")
    assert due(week_of(office.pk), start, 1, Unit.WORK_DAYS) == Due(local("2027-01-06"), True)

    official = year_list(free("2027-01-01"), make_up("2027-01-02"), notice="国办发明电〔2026〕7号")
    difference = import_year(official, actor=admin)

    assert difference.counts() == {"added": 1, "changed": 0, "removed": 1, "unchanged": 1}
    assert due(week_of(office.pk), start, 1, Unit.WORK_DAYS) == Due(local("2027-01-03"))
    year = CalendarYear.objects.get(region="CN", year=2027)
    assert (year.status, year.source_notice) == ("official", "国办发明电〔2026〕7号")
    assert CalendarDay.history.filter(date="2027-01-04").count() == 2
    chinese = sorted(Calendar.objects.filter(region="CN").values_list("pk", flat=True))
    assert announced == [chinese, chinese]
    assert [event.data["is_official"] for event in AuditEvent.objects.order_by("id")] == [
        False, True
    ]  # fmt: skip


def everything() -> list[Any]:
    return [
        list(model.objects.order_by("pk").values())
        for model in (Calendar, CalendarException, CalendarYear, CalendarDay, AuditEvent)
    ]


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"region": "China"}, "bad_region"),
        ({"region": "cn"}, "bad_region"),
        ({"year": 1999}, "bad_year"),
        ({"notice": ""}, "notice_missing"),
        ({"days": ()}, "file_empty"),
        ({"year": 2026, "is_official": False}, "official_list_exists"),
    ],
)
def test_a_refused_import_changes_nothing(overrides: dict[str, Any], code: str) -> None:
    admin = make_user(Role.ADMINISTRATOR)
    days = overrides.pop("days", (free("2027-01-01"),))
    before = everything()

    with pytest.raises(RuleViolated) as refused:
        import_year(year_list(*days, **overrides), actor=admin)

    assert refused.value.code == code
    assert everything() == before


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"time_zone": "Asia/Nowhere"}, "time_zone"),
        ({"region": "china"}, "region"),
        ({"frames": {}}, "frames"),
        ({"frames": {"8": [["09:00", "10:00"]]}}, "frames"),
        ({"frames": {"1": [["09:00", "12:00"], ["11:00", "13:00"]]}}, "frames"),
        ({"frames": {"1": [["12:00", "09:00"]]}}, "frames"),
        ({"frames": {"1": [["09:00", "25:00"]]}}, "frames"),
        ({"frames": {"1": "all day"}}, "frames"),
        ({"name": ""}, "name"),
        ({"code": "other"}, "code"),
    ],
)
def test_a_refused_change_changes_nothing(
    office: Calendar, values: dict[str, Any], field: str
) -> None:
    admin = make_user(Role.ADMINISTRATOR)
    before = everything()

    with pytest.raises(RuleViolated) as refused:
        change_calendar(office.pk, values, actor=admin)

    assert refused.value.field == field
    assert everything() == before


def test_a_second_exception_of_a_date_is_refused(office: Calendar) -> None:
    admin = make_user(Role.ADMINISTRATOR)
    draft = ExceptionDraft(date(2026, 3, 2), "Stocktaking")
    add_exception(office.pk, draft, actor=admin)
    before = everything()

    with pytest.raises(RuleViolated, match="exception already"):
        add_exception(office.pk, draft, actor=admin)

    assert everything() == before


@pytest.mark.parametrize("role", [Role.LEAD, Role.AUDITOR, Role.AGENT])
@pytest.mark.parametrize(
    "act",
    [
        lambda office, actor: change_calendar(office.pk, {"name": "Ours"}, actor=actor),
        lambda office, actor: add_calendar(Calendar(code="x"), actor=actor),
        lambda office, actor: add_exception(
            office.pk, ExceptionDraft(date(2026, 3, 2), "Party"), actor=actor
        ),
        lambda office, actor: remove_exception(office.exceptions.get().pk, actor=actor),
        lambda office, actor: import_year(year_list(free("2027-01-01")), actor=actor),
    ],
)
def test_only_administrators_set_the_time(
    office: Calendar, role: str, act: Callable[[Calendar, Any], object]
) -> None:
    stocktaking = ExceptionDraft(date(2026, 3, 3), "Stocktaking")
    add_exception(office.pk, stocktaking, actor=make_user(Role.ADMINISTRATOR))
    before = everything()

    with pytest.raises(NotPermitted):
        act(office, make_user(role))

    assert everything() == before


def test_hours_are_stored_as_they_are_read() -> None:
    stored = [["00:00", "09:30"], ["22:00", "24:00"]]

    assert read_frames(stored) == frames("00:00-09:30 22:00-24:00")
    assert stored_frames(read_frames(stored)) == stored
    assert read_week({"7": stored})[7] == read_frames(stored)
    with pytest.raises(ValidationError):
        read_frames([["9:00", "10:00"]])


def test_days_lie_in_the_calendar_s_own_zone() -> None:
    berlin = make_calendar("berlin", region="", time_zone="Europe/Berlin")

    found = due(week_of(berlin.pk), datetime(2026, 3, 28, 9, tzinfo=UTC), 60, Unit.WORK_MINUTES)

    assert found.at == datetime(2026, 3, 30, 8, tzinfo=UTC)  # 10:00 in Berlin, now UTC+2
