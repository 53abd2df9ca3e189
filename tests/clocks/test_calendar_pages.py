"""Calendars in the admin and the API: hours as text, the year, exceptions, a list with preview."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clocks.forms import parse_hours
from clocks.models import Calendar, CalendarDay, CalendarException, CalendarYear
from clocks.queries.year_page import year_page
from clocks.services import ExceptionDraft, add_exception
from clocks.statuses import Mark
from compliance.models import AuditEvent
from staff.roles import Role
from tests.api.calls import Caller
from tests.factories.calendars import make_calendar
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
LIST = (
    "date,kind,name\n2027-01-01,statutory,元旦\n2027-01-02,holiday,元旦\n2027-01-09,workday,元旦\n"
)
NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"


def signed_in(role: str = Role.ADMINISTRATOR) -> Client:
    client = Client()
    client.force_login(make_user(role), backend="staff.backends.RoleBackend")
    return client


def year_url(calendar: Calendar, year: int = 2026) -> str:
    return reverse("admin:clocks_calendar_year", args=[calendar.pk, year])


def calendar_form(**overrides: str) -> dict[str, str]:
    week = {f"day_{day}": "09:00–12:00, 13:30-18:00" for day in range(1, 6)}
    return {
        "name": "Branch",
        "name_zh": "分店",
        "code": "branch",
        "region": "CN",
        "time_zone": "Asia/Shanghai",
        "day_6": "",
        "day_7": "",
    } | week | overrides  # fmt: skip


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("", []),
        ("9:00-12:00", [["09:00", "12:00"]]),
        ("09:00–12:00, 13:30–24:00", [["09:00", "12:00"], ["13:30", "24:00"]]),
        ("09:00至12:00；13:30~18:00", [["09:00", "12:00"], ["13:30", "18:00"]]),
    ],
)
def test_hours_are_typed_as_people_write_them(text: str, stored: list[list[str]]) -> None:
    assert parse_hours(text) == stored


def test_a_calendar_is_added_and_changed_by_the_form() -> None:
    client = signed_in()
    noon = [["09:00", "12:00"], ["13:30", "18:00"]]

    added = client.post(reverse("admin:clocks_calendar_add"), calendar_form())
    calendar = Calendar.objects.get(code="branch")
    url = reverse("admin:clocks_calendar_change", args=[calendar.pk])
    changed = client.post(url, calendar_form(day_6="10:00-16:00", works_on_holidays="on"))

    assert (added.status_code, changed.status_code) == (302, 302)
    calendar.refresh_from_db()
    assert calendar.frames == dict.fromkeys("12345", noon) | {"6": [["10:00", "16:00"]]}
    assert calendar.works_on_holidays is True
    assert list(AuditEvent.objects.order_by("id").values_list("code", "data")) == [
        ("clocks.calendar_added", {"code": "branch"}),
        ("clocks.calendar_changed", {"fields": ["frames", "works_on_holidays"]}),
    ]
    assert "09:00–12:00, 13:30–18:00" in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"day_1": "from nine to five"}, "Write hours like"),
        ({"day_1": "09:00-12:00, 11:00-13:00"}, "must follow the hours before it"),
        ({"day_1": "09:00-25:00"}, "is no time like 09:30"),
        ({f"day_{day}": "" for day in range(1, 6)}, "open at least once a week"),
        ({"time_zone": "Mars/Olympus"}, "is no time zone"),
    ],
)
def test_odd_hours_are_an_error_at_the_field(overrides: dict[str, str], message: str) -> None:
    response = signed_in().post(reverse("admin:clocks_calendar_add"), calendar_form(**overrides))

    assert message in response.content.decode()
    assert Calendar.objects.count() == 3
    assert not AuditEvent.objects.exists()


def test_the_default_is_handed_over_in_a_dialog(office: Calendar) -> None:
    branch = make_calendar()
    client = signed_in()
    dialog = {"_form_submitted": "1", "note": "we moved"}

    client.post(reverse("admin:clocks_calendar_make_default", args=[branch.pk]), dialog)

    assert list(Calendar.objects.filter(is_default=True)) == [branch]
    assert AuditEvent.objects.get(code="clocks.calendar_changed").note == "we moved"


def test_the_year_marks_every_day(office: Calendar) -> None:
    draft = ExceptionDraft(date(2026, 12, 31), "Stocktaking", [["09:00", "12:00"]])
    add_exception(office.pk, draft, actor=make_user(Role.ADMINISTRATOR))

    page = year_page(office, 2026)
    cells = {
        f"{cell.date:%m-%d}": cell
        for month in page.months
        for week in month.weeks
        for cell in week
        if cell
    }

    assert len(cells) == 365
    assert {day: cells[day].mark for day in ("03-02", "03-07", "10-01", "10-05", "10-10")} == {
        "03-02": Mark.WORK,
        "03-07": Mark.REST,
        "10-01": Mark.STATUTORY,
        "10-05": Mark.HOLIDAY,
        "10-10": Mark.MAKE_UP,
    }
    assert cells["12-31"].words == "other hours · Stocktaking · 09:00–12:00"
    assert cells["10-10"].words == ("make-up working day · National Day · 09:00–12:00, 13:30–18:00")
    assert [count for _mark, _label, count in page.counts] == [241, 84, 13, 20, 6, 1]
    assert (page.status, page.is_provisional) == ("official", False)


def test_the_year_is_read_in_both_languages(office: Calendar) -> None:
    client = signed_in(Role.LEAD)

    english = client.get(f"{year_url(office)}?lang=en").content.decode()
    chinese = client.get(f"{year_url(office)}?lang=zh-hans").content.decode()

    assert "make-up working day · National Day" in english
    assert "调休上班日 · 国庆节" in chinese


@time_machine.travel("2026-11-28T09:00:00Z", tick=False)
def test_a_year_without_a_list_says_so_loudly(office: Calendar) -> None:
    client = signed_in()
    warning = "CN 2027 has no official list of holidays"
    listing = reverse("admin:clocks_calendar_changelist")

    for url in (year_url(office, 2027), listing, reverse("admin:index")):
        assert warning in client.get(url).content.decode(), url
    assert "provisional" in client.get(year_url(office, 2027)).content.decode()
    assert warning in signed_in(Role.LEAD).get(reverse("admin:index")).content.decode()
    assert warning not in signed_in(Role.AGENT).get(reverse("admin:index")).content.decode()


def test_the_year_costs_the_same_whatever_it_holds(office: Calendar) -> None:
    client, admin = signed_in(), make_user(Role.ADMINISTRATOR)
    client.get(year_url(office))
    counts = []

    for days in (1, 2):
        for day in range(days):
            draft = ExceptionDraft(date(2026, 6, 10 * days + day), "Stocktaking")
            add_exception(office.pk, draft, actor=admin)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(year_url(office))
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 15


def test_the_list_costs_the_same_at_three_and_at_six(office: Calendar) -> None:
    client = signed_in()
    url = reverse("admin:clocks_calendar_changelist")
    client.get(url)
    counts = []

    for codes in ((), ("a", "b", "c")):
        for code in codes:
            make_calendar(code)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_exceptions_come_and_go_on_the_page(office: Calendar) -> None:
    client = signed_in()
    add = reverse("admin:clocks_calendar_except", args=[office.pk, 2026])
    values = {"date": "2026-12-31", "frames": "09:00-12:00", "reason": "Stocktaking"}

    assert client.post(add, values).status_code == 302
    exception = CalendarException.objects.get()
    assert (exception.date, exception.frames) == (date(2026, 12, 31), [["09:00", "12:00"]])

    again = client.post(add, values)
    assert "This date has an exception already." in again.content.decode()

    gone = reverse("admin:clocks_calendar_unexcept", args=[office.pk, 2026, exception.pk])
    assert client.get(gone).status_code == 405
    assert client.post(gone).status_code == 302
    assert not CalendarException.objects.exists()


def upload(text: str, **overrides: Any) -> dict[str, Any]:
    file = SimpleUploadedFile("2027.csv", text.encode("gbk"))
    values = {"region": "CN", "year": "2027", "notice": NOTICE, "is_official": "on"}
    return values | {"file": file} | overrides


def test_a_list_is_previewed_confirmed_and_taken_over() -> None:
    client = signed_in()
    url = reverse("admin:clocks_calendar_import")

    preview = client.post(url, upload(LIST))
    assert "Take over this list" in preview.content.decode()
    assert not CalendarYear.objects.filter(year=2027).exists()

    confirmed = client.post(url, preview.context["confirm"].initial)
    assert confirmed.status_code == 302
    year = CalendarYear.objects.get(year=2027)
    assert (year.status, year.source_notice, year.days.count()) == ("official", NOTICE, 3)


def test_a_refused_row_is_shown_and_cannot_be_confirmed() -> None:
    client = signed_in()
    url = reverse("admin:clocks_calendar_import")
    broken = LIST + "2027-01-05,workday,元旦\n"
    before = CalendarDay.objects.count()

    preview = client.post(url, upload(broken)).content.decode()
    values = {"region": "CN", "year": "2027", "notice": NOTICE, "text": broken}
    forced = client.post(url, values, follow=True).content.decode()

    assert "Monday to Friday are working days anyway." in preview
    assert "Take over this list" not in preview
    assert "1 rows are refused. 5: Monday to Friday are working days anyway." in forced
    assert CalendarDay.objects.count() == before


def test_what_is_no_list_is_an_error_at_the_file() -> None:
    response = signed_in().post(reverse("admin:clocks_calendar_import"), upload("a,b\n1,2\n"))

    assert "Missing columns: date, kind, name." in response.content.decode()


@pytest.mark.parametrize("role", [Role.LEAD, Role.AUDITOR])
def test_leads_and_auditors_look_but_change_nothing(office: Calendar, role: str) -> None:
    client = signed_in(role)
    change = reverse("admin:clocks_calendar_change", args=[office.pk])

    assert client.get(reverse("admin:clocks_calendar_changelist")).status_code == 200
    assert "09:00–12:00, 13:30–18:00" in client.get(change).content.decode()
    page = client.get(year_url(office)).content.decode()
    assert ("National Day" in page, "Add exception" in page) == (True, False)
    assert client.post(change, calendar_form()).status_code == 403
    assert client.get(reverse("admin:clocks_calendar_import")).status_code == 403
    values = {"date": "2026-12-31", "frames": "", "reason": "Party"}
    client.post(reverse("admin:clocks_calendar_except", args=[office.pk, 2026]), values)
    assert not CalendarException.objects.exists()
    assert not AuditEvent.objects.exists()


def test_agents_do_not_see_calendars(office: Calendar) -> None:
    client = signed_in(Role.AGENT)

    assert client.get(year_url(office)).status_code == 403
    assert client.get(reverse("admin:clocks_calendar_changelist")).status_code == 403


def test_years_nobody_plans_are_not_there(office: Calendar) -> None:
    client = signed_in()

    assert client.get(year_url(office, 1999)).status_code == 404
    assert client.get(year_url(office, 2101)).status_code == 404


def test_the_api_tells_calendars_and_their_days(office: Calendar) -> None:
    caller = Caller(make_user(Role.LEAD))

    listed = caller.get("calendars/").json()["results"]
    year = caller.get("calendars/office-cn/days/?year=2026").json()

    assert [one["code"] for one in listed] == ["always", "office-cn", "service-cn"]
    assert listed[1]["hours"]["1"] == [["09:00", "12:00"], ["13:30", "18:00"]]
    assert (year["status"], len(year["days"])) == ("official", 365)
    assert year["days"][282] == {
        "date": "2026-10-10",
        "mark": "make_up",
        "is_workday": True,
        "words": "make-up working day · National Day · 09:00–12:00, 13:30–18:00",
        "hours": [["09:00", "12:00"], ["13:30", "18:00"]],
    }
    assert caller.get("calendars/office-cn/days/?year=soon").status_code == 400
    assert caller.get("calendars/nowhere/days/").status_code == 404
