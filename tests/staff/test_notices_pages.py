"""The bell, its page, the wishes, chat groups and what was sent, as people see them."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.models import AuditEvent
from staff.models import ChatTarget, Notice, NoticeDelivery, NoticePreference, User
from staff.roles import Role
from tests.factories.notices import SHOUTED, make_chat, put_away, tell
from tests.factories.people import make_department, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/staff/notice/"
WISHES = LIST + "wishes/"
HOOK = "jsons://hooks.example.com/desk-key-1"


def sign_in(user: User, language: str = "en") -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(user)
    return client


def page(client: Client, address: str = LIST, **params: Any) -> str:
    response = client.get(address, params)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SERVICE_ACCOUNT])
def test_bell_is_on_every_page_of_everybody(role: str) -> None:
    user = make_user(role)
    client = sign_in(user)
    tell(user)
    tell(user)

    for address in ("/admin/", LIST, WISHES):
        response = client.get(address)
        assert response.context["unread_notices"] == "2"
        assert f'href="{LIST}"' in response.content.decode()


def test_bell_costs_no_statement_within_half_a_minute_and_hears_of_news() -> None:
    user = make_user()
    client = sign_in(user)
    client.get(WISHES)

    with CaptureQueriesContext(connection) as asked:
        before = client.get(WISHES).context["unread_notices"]
    tell(user)
    after = client.get(WISHES).context["unread_notices"]

    assert [query for query in asked if "staff_notice" in query["sql"]] == [
        query for query in asked if "staff_noticepreference" in query["sql"]
    ]
    assert (before, after) == ("", "1")


def test_bell_counts_to_ninety_nine() -> None:
    user = make_user()
    (notice,) = tell(user)
    Notice.objects.bulk_create(
        Notice(
            recipient=user,
            code=notice.code,
            url=notice.url,
            urgency=notice.urgency,
            source_key=f"many:{number}",
            created_at=notice.created_at,
        )
        for number in range(100)
    )

    assert sign_in(user).get(WISHES).context["unread_notices"] == "99+"


def test_page_lists_unread_notices_first_then_read_ones_of_oneself_only() -> None:
    user = make_user()
    put_away(tell(user, params={"what": "T-000001"}))
    tell(user, params={"what": "T-000002"}, urgency="urgent", case_id=2, case_label="T-000002")
    tell(make_user(), params={"what": "T-000003"})

    shown = page(sign_in(user))

    assert shown.index("About T-000002") < shown.index("About T-000001")
    assert "T-000003" not in shown
    assert "Urgent" in shown


def test_page_speaks_chinese() -> None:
    user = make_user()
    tell(user)

    shown = page(sign_in(user, "zh-hans"))

    assert "全部标为已读" in shown
    assert "About T-000001" in shown


def test_page_escapes_what_is_told() -> None:
    user = make_user()
    tell(user, params={"what": "<script>alert(1)</script>"})

    assert "<script>alert(1)" not in page(sign_in(user))


def test_read_notices_are_paged() -> None:
    user = make_user()
    for number in range(27):
        put_away(tell(user, params={"what": f"N-{number:02}"}))
    client = sign_in(user)

    first = client.get(LIST)
    older = first.context["page"].older
    second = page(client, before=older)

    assert "About N-26" in first.content.decode()
    assert "About N-01" not in first.content.decode()
    assert ("About N-01" in second, "About N-02" in second) == (True, False)
    assert "About N-26" in page(client, before="x")


def test_list_costs_the_same_with_one_notice_and_with_three() -> None:
    user = make_user()
    client = sign_in(user)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        return len(asked)

    put_away(tell(user))
    tell(user)
    client.get(LIST)
    one = cost()
    for _ in range(2):
        put_away(tell(user))
        tell(user)
    client.get(LIST)

    assert cost() == one


def test_opening_a_notice_reads_it_and_leads_to_its_page() -> None:
    user = make_user()
    (notice,) = tell(user, url="/admin/tickets/ticket/")
    client = sign_in(user)
    address = f"{LIST}{notice.pk}/open/"

    looked = client.get(address)
    assert (looked.status_code, Notice.objects.get().read_at) == (405, None)
    went = client.post(address, {"go": "1"})

    assert (went.status_code, went["Location"]) == (302, "/admin/tickets/ticket/")
    assert Notice.objects.get().read_at is not None
    assert client.get(WISHES).context["unread_notices"] == ""


def test_notices_are_marked_one_by_one_or_all_at_once() -> None:
    user = make_user()
    client = sign_in(user)
    first, _second, _third = (tell(user)[0] for _ in range(3))

    client.post(f"{LIST}{first.pk}/open/")
    left = Notice.objects.unread().count()
    refused = client.get(f"{LIST}read/").status_code
    client.post(f"{LIST}read/")

    assert (left, refused, Notice.objects.unread().count()) == (2, 405, 0)


def test_notice_of_another_is_not_there() -> None:
    (notice,) = tell(make_user())

    answer = sign_in(make_user()).post(f"{LIST}{notice.pk}/open/", {"go": "1"})

    assert answer.status_code == 404
    assert Notice.objects.get().read_at is None


# Wishes


def test_wishes_are_changed_on_the_own_page() -> None:
    lead = make_user(Role.LEAD)
    client = sign_in(lead)
    form = {
        "mail_normal": "on",
        "quiet_from": "22:00",
        "quiet_until": "07:00",
        "urgent_breaks_quiet": "on",
        "digest_hour": "9",
    }

    answer = client.post(WISHES, form)

    assert answer.status_code == 302
    wishes = NoticePreference.objects.get(user=lead)
    assert (wishes.mail_normal, wishes.mail_urgent, wishes.digest_hour) == (True, False, 9)
    assert wishes.hours == (time(22), time(7))
    assert 'value="22:00"' in page(client, WISHES)


def test_digest_is_offered_to_leads_only() -> None:
    assert "digest_hour" in page(sign_in(make_user(Role.LEAD)), WISHES)
    assert "digest_hour" not in page(sign_in(make_user()), WISHES)


@pytest.mark.parametrize(
    "form", [{"quiet_from": "22:00"}, {"quiet_from": "25:00"}, {"digest_hour": "24"}]
)
def test_odd_wishes_are_an_error_on_the_page(form: dict[str, str]) -> None:
    lead = make_user(Role.LEAD)

    answer = sign_in(lead).post(WISHES, form)

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert NoticePreference.objects.count() == 0


# Chat groups


def chat_form(**overrides: Any) -> dict[str, Any]:
    return {
        "label": "Service group",
        "department": make_department().pk,
        "language": "en",
        "url": HOOK,
        "min_urgency": "normal",
        "is_active": "on",
        "quiet_from": "",
        "quiet_until": "",
    } | overrides


def test_administrator_adds_and_changes_a_chat_group_without_seeing_the_key() -> None:
    client = sign_in(make_user(Role.ADMINISTRATOR))

    added = client.post(reverse("admin:staff_chattarget_add"), chat_form())
    chat = ChatTarget.objects.get()
    change = reverse("admin:staff_chattarget_change", args=[chat.pk])
    kept = client.post(change, chat_form(url="", label="Night group"))
    chat.refresh_from_db()

    assert (added.status_code, kept.status_code) == (302, 302)
    assert (chat.url, chat.label) == (HOOK, "Night group")
    assert "desk-key" not in page(client, change)
    assert AuditEvent.objects.filter(code="staff.chat_changed").count() == 2


@pytest.mark.parametrize("url", ["", "http://hooks.example.com/x", "jsons://10.0.0.1/x"])
def test_address_that_is_not_allowed_is_an_error_at_the_field(url: str) -> None:
    client = sign_in(make_user(Role.ADMINISTRATOR))

    answer = client.post(reverse("admin:staff_chattarget_add"), chat_form(url=url))

    assert answer.status_code == 200
    assert "url" in answer.context["adminform"].form.errors
    assert ChatTarget.objects.count() == 0


def test_quiet_hours_with_one_end_are_an_error() -> None:
    client = sign_in(make_user(Role.ADMINISTRATOR))

    answer = client.post(reverse("admin:staff_chattarget_add"), chat_form(quiet_from="22:00"))

    assert answer.status_code == 200
    assert ChatTarget.objects.count() == 0


def test_auditor_reads_chat_groups_without_the_key_agents_do_not() -> None:
    chat = make_chat(HOOK)
    address = reverse("admin:staff_chattarget_change", args=[chat.pk])

    shown = page(sign_in(make_user(Role.AUDITOR)), address)

    assert ("jsons://***" in shown, "desk-key" in shown) == (True, False)
    assert sign_in(make_user()).get(address).status_code == 403


def test_chat_group_is_tried_out_from_its_page() -> None:
    administrator = make_user(Role.ADMINISTRATOR)
    chat = make_chat(HOOK, quiet_from=time(0), quiet_until=time(23, 59))
    address = reverse("admin:staff_chattarget_try_out", args=[chat.pk])

    answer = sign_in(administrator).post(address, {"_form_submitted": "1", "note": "new robot"})

    delivery = NoticeDelivery.objects.get()
    assert answer["HX-Redirect"] == reverse("admin:staff_noticedelivery_changelist")
    assert (delivery.target, delivery.is_held_back) == (chat, False)
    assert AuditEvent.objects.get(code="staff.chat_tried").note == "new robot"


# What was sent


def test_lead_sees_what_left_to_the_department_and_the_error() -> None:
    lead = make_user(Role.LEAD)
    elsewhere = make_user(Role.LEAD, department=make_department("logistics"))
    make_chat(HOOK)
    tell(make_user(email="li@desk.example"), code=SHOUTED.code)
    NoticeDelivery.objects.filter(channel="chat").update(status="parked", error="not taken")
    chat = NoticeDelivery.objects.get(channel="chat")
    address = reverse("admin:staff_noticedelivery_changelist")
    one = reverse("admin:staff_noticedelivery_change", args=[chat.pk])

    shown = page(sign_in(lead), address)
    detail = page(sign_in(lead), one)

    assert ("Service group" in shown, "T-000001 is late" in shown) == (True, True)
    assert ("not taken" in detail, "Send again" in detail) == (True, True)
    assert "T-000001" not in page(sign_in(elsewhere), address)
    assert sign_in(make_user()).get(address).status_code == 403


def test_list_of_what_was_sent_costs_the_same_with_one_and_with_three() -> None:
    lead = make_user(Role.LEAD)
    client = sign_in(lead)
    address = reverse("admin:staff_noticedelivery_changelist")

    def cost() -> int:
        client.get(WISHES)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    tell(make_user(email="a@desk.example"))
    client.get(address)
    one = cost()
    tell(make_user(email="b@desk.example"), make_user(email="c@desk.example"))

    assert cost() == one


# Departments without a lead


def test_department_without_a_lead_is_warned_of_on_its_page_and_at_home() -> None:
    administrator = make_user(Role.ADMINISTRATOR, department=None)
    department = make_department()
    client = sign_in(administrator)
    address = reverse("admin:staff_department_change", args=[department.pk])
    warning = "Nobody leads this department"

    alone = (
        warning in page(client, address),
        "Departments without a lead" in page(client, "/admin/"),
    )
    listed = "no lead" in page(client, reverse("admin:staff_department_changelist"))
    make_user(Role.LEAD)
    led = warning in page(client, address), "Departments without a lead" in page(client, "/admin/")

    assert (alone, listed, led) == ((True, True), True, (False, False))
