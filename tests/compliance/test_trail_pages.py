"""Who reads the trail, what its pages cost, show and refuse."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.test import Client
from django.urls import reverse

from aftersales.kernel.context import acting
from compliance.models import AuditEvent, JournalEntry
from compliance.queries import (
    case_timeline,
)
from compliance.services import disclose, record
from compliance.tracked import tracked
from customers.services import receive_order
from staff.models import User
from staff.roles import Role
from tests.compliance.trail import browser, entries, last_entry
from tests.factories.customers import make_shop, order_payload
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_customer, make_ticket, make_ticket_in
from tickets.models import Category, RawIntake
from tickets.services import handling
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db

LIST = "/admin/compliance/journalentry/"
EVENTS = "/admin/compliance/auditevent/"


@pytest.mark.parametrize("address", ["journalentry", "auditevent", "disclosure"])
@pytest.mark.parametrize("role", list(Role))
def test_only_auditor_and_administrator_read_the_trail(address: str, role: Role) -> None:
    client = browser(make_user(role))

    status = client.get(f"/admin/compliance/{address}/").status_code

    if role in (Role.AUDITOR, Role.ADMINISTRATOR):
        assert status == 200
    else:
        assert status in (302, 403)


def test_trail_takes_no_writes(auditor: Client) -> None:
    entry = last_entry(make_department("returns"))
    count = JournalEntry.objects.count()

    answers = [
        auditor.post(f"{LIST}{entry.pk}/delete/", {"post": "yes"}).status_code,
        auditor.post(f"{LIST}add/", {}).status_code,
        auditor.get("/admin/compliance/auditevent/add/").status_code,
    ]

    assert set(answers) <= {403, 404}
    assert JournalEntry.objects.count() == count


def test_history_of_an_object_is_open_to_who_sees_the_object() -> None:
    ours, theirs = make_department(), make_department("warehouse", kind="warehouse")
    agent, stranger = make_user(department=ours), make_user(department=theirs)
    ticket = make_ticket(agent)
    address = reverse("admin:compliance_journalentry_object", args=["tickets.ticket", ticket.pk])

    seen = browser(agent).get(address)

    assert seen.status_code == 200
    assert [one.entry.row_pk for one in seen.context["rows"]] == [
        ticket.pk for _one in entries(ticket)
    ]
    assert "Same request" not in seen.content.decode()
    assert browser(stranger).get(address).status_code == 404
    assert browser(make_user(Role.AUDITOR)).get(address).status_code == 200


@pytest.mark.parametrize("label", ["staff.absence", "staff.team", "tickets.nothing", "auth.user"])
def test_history_of_models_one_may_not_view_is_not_found(label: str) -> None:
    agent = make_user()

    response = browser(agent).get(f"{LIST}object/{label}/1/")

    assert response.status_code == 404


def test_admin_history_leads_to_the_readable_one_and_hides_what_is_out_of_scope() -> None:
    auditor, department = make_user(Role.AUDITOR), make_department("returns")
    agent = make_user()
    address = f"/admin/staff/department/{department.pk}/history/"

    answer = browser(auditor).get(address)
    version = department.history.get().history_id

    assert answer.status_code == 302
    assert answer["Location"].endswith(f"/object/staff.department/{department.pk}/")
    assert browser(agent).get(address).status_code in (403, 404)
    assert browser(auditor).get(f"{address}{version}/").status_code == 404


def test_events_are_filtered_and_told_in_order(auditor: Client) -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    make_ticket()
    handling.wait(ticket.pk, actor=lead, status=TicketStatus.ON_HOLD, note="carrier is asked")

    rows = auditor.get(
        "/admin/compliance/auditevent/", {"case": ticket.number, "code": "tickets.waiting"}
    ).context["rows"]
    by_note = auditor.get("/admin/compliance/auditevent/", {"note": "CARRIER"}).context["rows"]
    by_person = auditor.get("/admin/compliance/auditevent/", {"person": lead.username}).context[
        "rows"
    ]

    assert [(one["label"], one["event"].note) for one in rows] == [("Waiting", "carrier is asked")]
    assert [one["event"].pk for one in by_note] == [rows[0]["event"].pk]
    assert {one["event"].actor_id for one in by_person} == {lead.pk}
    timeline = list(case_timeline(ticket.pk))
    assert [one.case_id for one in timeline] == [ticket.pk] * len(timeline)
    assert timeline == sorted(timeline, key=lambda one: (one.occurred_at, one.pk))
    assert timeline[-1].code == "tickets.waiting"
    assert AuditEvent.objects.filter(case_id=ticket.pk).count() == len(timeline)


def test_disclosures_are_listed_with_their_reason(auditor: Client) -> None:
    agent, customer = make_user(), make_customer(name="李小明")
    disclose(customer, ["name", "wechat", "address"], actor=agent, note="customer calls back")

    page = auditor.get("/admin/compliance/disclosure/").content.decode()

    assert "customer calls back" in page
    assert "Name, WeChat, Delivery address" in page
    assert "李小明" not in page


def test_trail_pages_carry_no_inline_script_or_style(auditor: Client) -> None:
    entry = last_entry(make_department("returns"))

    for address in (LIST, f"{LIST}{entry.pk}/change/", "/admin/compliance/auditevent/"):
        page = auditor.get(address).content.decode()
        content = page[page.index('id="content"') :]
        assert "style=" not in content[: content.index("</ol>") if "</ol>" in content else None]


def test_every_audited_model_is_named_in_the_filter() -> None:
    from compliance.forms import ChangeForm  # noqa: PLC0415 -- choices are read when asked

    labels = {value for value, _name in ChangeForm().fields["model"].choices}

    assert {known.label for known in tracked().values()} < labels
    assert site.is_registered(JournalEntry)
    assert {User, Category, RawIntake} <= {known.model for known in tracked().values()}


def test_details_of_an_event_are_shown_in_words(auditor: Client) -> None:
    lead = make_user(Role.LEAD)
    make_ticket_in(TicketStatus.RESOLVED, lead)

    rows = auditor.get(
        "/admin/compliance/auditevent/", {"code": "tickets.investigation_concluded"}
    ).context["rows"]

    assert [one["details"] for one in rows] == ["Responsible party: Warehouse"]


def test_events_are_found_by_whom_they_were_done_for_and_by_former_names(auditor: Client) -> None:
    giver, deputy = make_user(display_name="Wang Giver"), make_user(display_name="Li Deputy")
    own = record("staff.user_changed", giver, actor=giver)
    lent = record("staff.user_changed", deputy, actor=deputy, on_behalf_of=giver)
    both = record("staff.user_changed", giver, actor=giver, on_behalf_of=giver)
    record("staff.user_changed", deputy, actor=deputy)
    with acting(giver):
        giver.display_name = "Zhao Renamed"
        giver.save(update_fields=["display_name"])

    def found(person: str) -> list[int]:
        page = auditor.get(EVENTS, {"person": person, "code": "staff.user_changed"})
        return [one["event"].pk for one in page.context["rows"]]

    for name in (giver.username, "zhao renamed", "wang giver", str(giver.pk)):
        assert found(name) == [both.pk, lent.pk, own.pk]


@pytest.mark.parametrize(
    ("code", "data", "words"),
    [
        ("compliance.disclosed", {"fields": ["name", "phone"]}, "Name, Phone"),
        ("staff.user_changed", {"fields": ["roles", "capacity"]}, "Roles, Capacity"),
        ("staff.user_changed", {"fields": ["gone"]}, ""),
        ("compliance.exported", {"rows": 3}, ""),
    ],
)
def test_details_that_are_no_fields_of_the_object_are_shown_in_words(
    auditor: Client, code: str, data: dict[str, Any], words: str
) -> None:
    person = make_user()
    record(code, person, actor=person, data=data)

    rows = auditor.get("/admin/compliance/auditevent/", {"code": code}).context["rows"]

    assert [one["details"] for one in rows] == [words]


def test_values_of_a_change_are_shown_as_text_not_as_markup(auditor: Client) -> None:
    ticket = make_ticket(subject='<b onclick="x">Torn</b>')
    handling.change_details(
        ticket.pk, handling.Details(subject="<i>Worn</i>"), actor=make_user(Role.LEAD)
    )

    page = auditor.get(f"{LIST}{last_entry(ticket).pk}/change/").content.decode()

    assert "<del>&lt;b onclick=&quot;x&quot;&gt;Torn&lt;/b&gt;</del>" in page
    assert "<ins>&lt;i&gt;Worn&lt;/i&gt;</ins>" in page


@pytest.mark.parametrize("page", [LIST, EVENTS])
def test_too_many_people_called_alike_are_refused_not_left_out(page: str) -> None:
    shop = make_shop()
    for number in range(21):
        clerk = make_user(Role.AGENT, display_name=f"Wang {number}")
        make_customer(clerk, shop=shop)
    auditor = browser(make_user(Role.AUDITOR))

    many = auditor.get(page, {"person": "wang"}).content.decode()
    few = auditor.get(page, {"person": "wang 7"}).content.decode()

    assert "More than 20 are called that. Be more exact." in many
    assert "Wang 3" not in many
    assert "Wang 7" in few


def test_events_of_objects_called_alike_are_all_shown() -> None:
    clerk = make_user(Role.LEAD)
    shop_system = make_user(Role.SERVICE_ACCOUNT)
    orders = [
        receive_order(make_shop(code).code, "S-4711", order_payload(), actor=shop_system)[0]
        for code in ("one", "two")
    ]
    for order, words in zip(orders, ("first look", "second look"), strict=True):
        record("customers.order_changed", order, actor=clerk, note=words)

    page = browser(make_user(Role.AUDITOR)).get(
        EVENTS, {"model": "customers.order", "object": "S-4711"}
    )

    assert "first look" in page.content.decode()
    assert "second look" in page.content.decode()


@pytest.mark.parametrize("page", [LIST, EVENTS])
@pytest.mark.parametrize(
    "asked",
    [
        {"model": "tickets.ticket", "object": "99999999999999999999"},
        {"newer": f"{10**30}", "note": "x", "reason": "x"},
        {"older": f"{10**30}", "note": "x", "reason": "x"},
        {"person": f"{10**30}"},
    ],
)
def test_numbers_no_column_holds_find_nothing(page: str, asked: dict[str, str]) -> None:
    assert browser(make_user(Role.AUDITOR)).get(page, asked).status_code == 200
