"""The auditor reads old and new in words, filters, pages; nobody else gets in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftersales.kernel.clock import now
from aftersales.kernel.context import Source, acting, entering
from compliance import keyset
from compliance.describe import Change, describe
from compliance.keyset import Cursor
from compliance.models import JournalEntry
from compliance.queries import (
    UNSIGNED,
    ChangeFilter,
    change_page,
    objects_called,
)
from customers.models import ContactPoint, Order, Shop
from staff.models import Department
from staff.roles import Role
from tests.compliance.trail import entries, last_entry, sql
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_customer, make_ticket, make_ticket_in
from tickets.models import Tag, Ticket
from tickets.services import handling
from tickets.services.handling import Details
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db
LIST = "/admin/compliance/journalentry/"


def found(**filters: object) -> list[JournalEntry]:
    return change_page(ChangeFilter(**filters), Cursor()).rows  # type: ignore[arg-type]


def fields_of(change: Change) -> dict[str, tuple[str, str]]:
    return {one.label: (one.old, one.new) for one in change.fields}


def test_codes_references_and_times_are_shown_in_words() -> None:
    actor, colleague = make_user(Role.LEAD), make_user(display_name="Wang Fang")
    ticket = make_ticket(actor)
    ticket.priority, ticket.assignee, ticket.is_green_channel = "urgent", colleague, True
    ticket.tags, ticket.acknowledged_at = ["torn", "vip"], now()

    with acting(actor):
        ticket.save()

    change = describe([last_entry(ticket)])[0]
    values = fields_of(change)
    assert values["Priority"] == ("Normal", "Urgent")
    assert values["Assignee"] == ("–", "Wang Fang")
    assert values["Green channel"] == ("No", "Yes")
    assert values["Tags"] == ("–", "torn, vip")
    local = ticket.acknowledged_at + timedelta(hours=8)
    assert values["Acknowledged"] == ("–", f"{local:%Y-%m-%d %H:%M:%S}")
    assert (change.model_name, change.object_name) == ("Case", ticket.number)


def test_personal_data_stays_masked() -> None:
    actor = make_user()
    customer = make_customer(actor, email="li.wei@example.cn", name="李小明")
    shop = Shop(code="main", name="Main", name_zh="总店")
    shop.save()
    moment = now()
    order = Order(
        shop=shop,
        external_id="A-1",
        customer=customer,
        placed_at=moment,
        currency="CNY",
        total="99.00",
        recipient="李小明",
        recipient_phone="13812345678",
        address="上海市浦东新区世纪大道100号",
        received_at=moment,
        updated_at=moment,
    )
    order.save()

    point = ContactPoint.objects.get()
    texts = " ".join(
        f"{change.object_name} {one.old} {one.new}"
        for change in describe([last_entry(obj) for obj in (customer, point, order)])
        for one in change.fields
    )
    for secret in ("李小明", "li.wei@example.cn", "13812345678", "世纪大道100号"):
        assert secret not in texts
    for masked in ("李**", "l***@example.cn", "138****5678", "上海市浦东新***"):
        assert masked in texts
    assert "99.00" in texts


def test_password_is_never_shown() -> None:
    user = make_user()
    user.set_password("another horse")
    user.save(update_fields=["password"])

    change = describe([last_entry(user)])[0]

    assert fields_of(change) == {"Password": ("not shown", "not shown")}


def test_unattributed_change_shows_what_it_overwrote() -> None:
    department = make_department("returns", name="Returns")
    sql("UPDATE staff_department SET name = 'By hand' WHERE id = %s", department.pk)

    change = describe([last_entry(department)])[0]

    assert fields_of(change) == {"Name (English)": ("Returns", "By hand")}
    assert not change.is_signed


def test_value_nobody_recorded_is_not_invented() -> None:
    department = make_department("returns", name="Returns")
    sql("UPDATE staff_department SET name = 'First' WHERE id = %s", department.pk)
    sql("UPDATE staff_department SET name = 'Second' WHERE id = %s", department.pk)

    first, second = (fields_of(one) for one in describe(entries(department)[-2:]))

    assert first == {"Name (English)": ("Returns", "not recorded")}
    assert second == {"Name (English)": ("not recorded", "Second")}


def test_removed_object_keeps_its_name_and_values() -> None:
    tag = Tag(slug="torn")
    tag.save()
    entry_pk = tag.pk
    tag.delete()

    entry = JournalEntry.objects.get(table_name="tickets_tag", row_pk=entry_pk, operation="delete")
    change = describe([entry])[0]

    assert change.object_name == "torn"
    assert fields_of(change)["Tag"] == ("torn", "")


def test_every_audited_model_is_described_without_further_queries() -> None:
    for status in TicketStatus:
        make_ticket_in(status)
    rows = list(JournalEntry.objects.order_by("-id")[:200])

    with CaptureQueriesContext(
        connection,
    ) as queries:
        changes = describe(rows)

    assert len(changes) == len(rows)
    assert len({one.entry.table_name for one in changes}) > 5
    assert len(queries) == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_queries_for_any_rows_and_models(auditor: Client, rows: int) -> None:
    ticket = make_ticket()
    with entering(Source.API, request_id="wanted"), acting(make_user()):
        Tag(slug="one").save()
        if rows == 3:
            ticket.save()
            make_customer()
    auditor.get(LIST)

    with CaptureQueriesContext(connection) as queries:
        response = auditor.get(LIST, {"request": "wanted"})

    assert len(response.context["rows"]) >= rows
    assert len(queries) == 5, [one["sql"] for one in queries]


def test_filters_narrow_the_stream() -> None:
    wang = make_user(Role.LEAD, display_name="Wang Fang", username="wang")
    ticket = make_ticket(wang)
    other = make_ticket()
    with entering(Source.API, request_id="r-9"):
        handling.wait(ticket.pk, actor=wang, status=TicketStatus.ON_HOLD, note="carrier is asked")
    tag = Tag(slug="torn")
    tag.save()
    tag_pk = tag.pk
    tag.delete()
    Ticket.objects.filter(pk=other.pk).update(subject="By hand")
    hold = JournalEntry.objects.get(request_id="r-9", table_name="tickets_ticket")
    raw, removal = last_entry(other), JournalEntry.objects.get(operation="delete")

    assert {one.actor_name for one in found(person="wang f")} == {"Wang Fang (wang)"}
    assert found(person=str(wang.pk)) == found(person="WANG")
    assert found(person="nobody of this name") == []
    assert found(source=UNSIGNED) == [raw]
    assert found(operation="delete") == [removal]
    assert found(reason="CARRIER") == [hold]
    assert hold in found(source="api")
    assert {one.source for one in found(source="api")} == {"api"}
    assert {one.table_name for one in found(tables=["tickets_tag"])} == {"tickets_tag"}
    assert [one.row_pk for one in found(objects=[("tickets_tag", tag_pk)])] == [tag_pk, tag_pk]
    assert {one.case_id for one in found(case_id=ticket.pk)} == {ticket.pk}
    assert set(found(columns=["subject"])) == {raw}
    assert hold in found(columns=["status"], tables=["tickets_ticket"], person="wang")
    assert found(columns=["subject"], person="wang") == []
    assert found(columns=[]) == []
    assert found(objects=[]) == []
    assert hold in found(request_id="r-9")


def test_dates_are_whole_local_days(auditor: Client) -> None:
    entry = last_entry(make_department("returns"))
    today = (now() + timedelta(hours=8)).date()

    inside = auditor.get(LIST, {"since": today.isoformat(), "until": today.isoformat()})
    before = auditor.get(LIST, {"until": (today - timedelta(days=1)).isoformat()})
    after = auditor.get(LIST, {"since": (today + timedelta(days=1)).isoformat()})

    pages = (inside, before, after)
    shown = [entry.pk in {row.entry.pk for row in page.context["rows"]} for page in pages]
    assert shown == [True, False, False]
    assert after.context["rows"] == []


def test_an_hour_told_twice_by_a_clock_set_back_is_shown_whole() -> None:
    """The first time from 10:00 to 11:00, and again, many numbers later."""
    ten = datetime(2026, 3, 2, 10, tzinfo=UTC)
    rows = [
        JournalEntry(
            id=10_000_000 + number * 2_000,
            table_name="staff_department",
            row_pk=1,
            operation="update",
            digest="",
            txid=1,
            db_user="desk",
            width=1,
            recorded_at=ten + timedelta(minutes=minutes),
        )
        for number, minutes in enumerate([0, 31, 59, 1, 30.5, 58])
    ]
    JournalEntry.objects.bulk_create(rows)
    half, end = ten + timedelta(minutes=30), ten + timedelta(minutes=58.5)

    def minutes(**period: datetime) -> list[float]:
        page = found(objects=[("staff_department", 1)], **period)
        return [(one.recorded_at - ten).total_seconds() / 60 for one in page]

    assert minutes(since=half, until=ten + timedelta(hours=2)) == [58, 30.5, 59, 31]
    assert minutes(until=end) == [58, 30.5, 1, 31, 0]
    assert minutes(since=ten, until=half) == [1, 0]


def test_objects_are_found_by_what_people_call_them() -> None:
    ticket, user = make_ticket(), make_user(username="fang")

    assert objects_called(ticket.number.lower(), "tickets_ticket") == [
        ("tickets_ticket", ticket.pk)
    ]
    assert objects_called(f"#{user.pk}", "staff_user") == [("staff_user", user.pk)]
    assert objects_called("fang", "staff_user") == [("staff_user", user.pk)]


@pytest.mark.parametrize("filters", [{}, {"reason": "number"}, {"person": "Lead"}])
def test_pages_meet_without_gap_or_overlap(
    monkeypatch: pytest.MonkeyPatch, filters: dict[str, str]
) -> None:
    monkeypatch.setattr(keyset, "WINDOW", 7)
    lead, second = make_user(Role.LEAD), make_user(Role.LEAD)
    department = make_department("returns")
    for number in range(130):
        with acting(lead if number % 3 else second, f"number {number}" if number % 2 else ""):
            department.name = f"Returns {number}"
            department.save()
    everything = [one.pk for one in found_all(filters)]

    seen, cursor, pages = [], Cursor(), []
    while True:
        page = keyset_page(filters, cursor)
        pages.append(page)
        seen += [one.pk for one in page.rows]
        if page.older is None:
            break
        cursor = Cursor(older=page.older)
    back, cursor = [], Cursor(newer=0)
    while True:
        page = keyset_page(filters, cursor)
        back = [one.pk for one in page.rows] + back
        if page.newer is None:
            break
        cursor = Cursor(newer=page.newer)

    assert len(everything) >= 30
    assert seen == everything
    assert back == everything
    assert len(pages) > 2


def keyset_page(filters: dict[str, str], cursor: Cursor) -> keyset.Page[JournalEntry]:
    return change_page(ChangeFilter(**filters), cursor)  # type: ignore[arg-type]


def found_all(filters: dict[str, str]) -> list[JournalEntry]:
    """The same by brute force."""
    rows = JournalEntry.objects.order_by("-id")
    if "reason" in filters:
        rows = rows.filter(reason__icontains=filters["reason"])
    if "person" in filters:
        rows = rows.filter(actor_name__icontains=filters["person"])
    return list(rows)


def test_list_shouts_about_what_happened_behind_its_back(auditor: Client) -> None:
    department = make_department("returns")
    Department.objects.filter(pk=department.pk).update(name="By hand")

    page = auditor.get(LIST, {"source": UNSIGNED}).content.decode()

    assert "Unattributed" in page
    assert "behind the application" in page
    assert connection.settings_dict["USER"] in page
    assert "Name (English)" in page


def test_wrong_filters_are_named_and_show_nothing(auditor: Client) -> None:
    unknown = auditor.get(LIST, {"case": "T-999999"})
    alone = auditor.get(LIST, {"object": "7"})
    nonsense = auditor.get(LIST, {"since": "yesterday", "older": "x"})

    assert unknown.context["form"].errors == {"case": ["There is no case with this number."]}
    assert alone.context["form"].errors == {"object": ["Choose the kind of object, too."]}
    assert set(nonsense.context["form"].errors) == {"since", "older"}
    assert [one.context["rows"] for one in (unknown, alone, nonsense)] == [[], [], []]


def test_change_shows_what_happened_in_the_same_request(auditor: Client) -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    with entering(Source.ADMIN, request_id="r-7"):
        handling.change_details(ticket.pk, Details(subject="Torn twice"), actor=lead)
    entry = last_entry(ticket)

    response = auditor.get(f"{LIST}{entry.pk}/change/")

    together = response.context["together"]
    assert entry.pk in [one.entry.pk for one in together["changes"]]
    assert [one["event"].code for one in together["events"]] == ["tickets.details_changed"]
    assert [one.entry.pk for one in response.context["history"]] == [
        one.pk for one in reversed(entries(ticket))
    ]
    assert "Torn twice" in response.content.decode()


def test_change_without_request_shows_its_transaction(auditor: Client) -> None:
    with transaction.atomic():
        one, two = Tag(slug="one"), Tag(slug="two")
        one.save()
        two.save()

    response = auditor.get(f"{LIST}{last_entry(one).pk}/change/")

    together = {change.entry.pk for change in response.context["together"]["changes"]}
    assert {last_entry(one).pk, last_entry(two).pk} <= together
