"""Abuse cases 54 to 69 of reference/reliability.md section 9: other people's cases and data."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse

from compliance.models import AuditEvent
from customers.models import ContactPoint, Customer, Order
from handoffs.statuses import HandoffStatus
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.api.calls import Caller
from tests.architecture.test_addresses import addresses
from tests.factories.customers import make_order
from tests.factories.handoffs import make_handoff_in
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_customer, make_ticket
from tests.tickets.case_page import address, do, signed_in, traces
from tests.tickets.portal_page import footprint, page_of
from tickets.models import Attachment, Message, Ticket
from tickets.services import conversation, status_links
from tickets.services.files import NewFile, add_file

pytestmark = pytest.mark.django_db
PAGES = {model._meta.label_lower: page for model, page in admin.site._registry.items()}


def stranger(role: str = Role.LEAD) -> User:
    return make_user(role, department=make_department("legal"))


def test_abuse_54_another_customers_order_is_not_put_on_a_case() -> None:
    agent, own, other = make_user(), make_order(), make_order()
    ticket = make_ticket(customer=own.customer)
    caller, before = Caller(agent), traces(ticket)

    page = do(agent, ticket, "details", subject="x", language="en", order=other.pk)
    foreign = {"source": other.shop.code, "number": other.external_id}
    called = caller.post(f"tickets/{ticket.number}/details/", {"order": foreign})

    assert page.status_code == 422
    assert "Select a valid choice." in page.content.decode()
    assert (called.status_code, called.json()["error"]["code"]) == (422, "foreign_order")
    assert traces(ticket) == before
    assert Ticket.objects.get(pk=ticket.pk).order_id is None


@pytest.mark.parametrize(
    ("verb", "field", "more"),
    [
        ("link", "target", {"kind": "related"}),
        ("merge", "into", {}),
        ("merge", "into", {"is_sure": True}),
    ],
)
def test_abuse_55_57_case_of_another_department_is_no_target(
    verb: str, field: str, more: dict[str, Any]
) -> None:
    """Answered as for a number that nobody has."""
    agent = make_user(Role.LEAD)
    same = make_customer(agent)
    ticket, near = make_ticket(agent, customer=same), make_ticket(agent, customer=same)
    far = make_ticket(stranger())
    Ticket.objects.filter(pk=far.pk).update(department=make_department("legal"))
    caller, before = Caller(agent), footprint()

    def ask(number: str) -> Any:
        return caller.post(f"tickets/{ticket.number}/{verb}/", {field: number, **more})

    refused = []
    for number in (far.number, "T-999999"):
        error = ask(number).json()["error"]
        refused.append((error["code"], error["field"], error["message"].replace(number, "")))
    assert refused[0] == refused[1]
    assert refused[0][:2] == ("invalid", field)
    assert footprint() == before
    back = caller.post(f"tickets/{far.number}/unmerge/")
    assert (back.status_code, back.json()["error"]["code"]) == (404, "not_found")
    assert footprint() == before
    assert ask(near.number).status_code in (200, 201)


@pytest.mark.parametrize("asked", ["number", "words", "external_id", "order", "customer"])
def test_abuse_56_65_no_filter_and_no_search_leads_out_of_the_own_department(asked: str) -> None:
    order = make_order()
    hidden = make_ticket(
        stranger(), order=order, customer=order.customer, external_id="SHOP-1", subject="Zebra"
    )
    Ticket.objects.filter(pk=hidden.pk).update(department=make_department("legal"))
    agent = make_user()
    browser, caller = signed_in(agent), Caller(agent)
    pages = {
        "number": {"q": hidden.number},
        "words": {"q": "Zebra"},
        "external_id": {"q": "SHOP-1"},
        "order": {"q": order.external_id},
        "customer": {"customer": str(order.customer_id)},
    }[asked]
    filters = {
        "number": {"q": hidden.number},
        "words": {"q": "Zebra", "department": "legal"},
        "external_id": {"external_id": "SHOP-1"},
        "order": {"order": order.external_id},
        "customer": {"customer": str(order.customer_id)},
    }[asked]

    page = browser.get("/admin/tickets/ticket/", pages, follow=True)
    by_department = browser.get(
        "/admin/tickets/ticket/", {"department": str(hidden.department_id), "view": "all"}
    )
    rows = caller.client.get("/api/v1/tickets/", filters, headers=caller.headers).json()

    assert f"/ticket/{hidden.number}/" not in page.content.decode()
    assert "Zebra" not in by_department.content.decode()
    assert rows["results"] == []


def test_abuse_58_there_is_no_live_channel_beside_the_pages() -> None:
    """What a page asks for again and again is a page (tests/tickets/test_case_parts.py)."""
    routes = [route for route, _entry in addresses(get_resolver())]

    assert not [route for route in routes if "ws" in route.split("/") or "stream" in route]
    agent, ticket = stranger(), make_ticket()
    before = traces(ticket)
    for tail in ("presence", "draft", "tools", "people"):
        for method in ("get", "post"):
            assert getattr(signed_in(agent), method)(address(ticket, tail)).status_code in (
                404,
                405,
            )
    assert traces(ticket) == before


def test_abuse_59_60_files_open_with_their_own_cases_key_only(client: Client) -> None:
    system, agent = system_actor(), make_user(Role.LEAD)
    own, other = make_ticket(channel="web"), make_ticket(channel="web")
    shown = add_file(own.pk, NewFile("a.txt", b"shown"), actor=agent)
    internal = add_file(own.pk, NewFile("b.txt", b"internal"), actor=agent, is_internal=True)
    foreign = add_file(other.pk, NewFile("c.txt", b"foreign"), actor=agent)
    page = page_of(own)

    tried = {
        number: client.get(f"{page}files/{number}/").status_code
        for number in range(shown.pk - 5, foreign.pk + 5)
    }

    assert [number for number, code in tried.items() if code == 200] == [shown.pk]
    assert tried[internal.pk] == tried[foreign.pk] == 404
    assert client.get(address(own, f"file/{shown.pk}")).status_code == 302
    status_links.revoke_status_links(own.pk, actor=agent, note="sent to a stranger")
    assert client.get(f"{page}files/{shown.pk}/").status_code == 404
    assert Attachment.objects.count() == 3
    assert system.is_active is False


def test_abuse_64_fields_nobody_offered_are_not_taken() -> None:
    agent, ticket = make_user(), make_ticket()
    extra = {
        "status": "closed",
        "department": "legal",
        "assignee": agent.username,
        "created_by": "1",
        "resolved_at": "2026-01-01T00:00:00Z",
        "is_told": True,
    }
    before = Ticket.objects.filter(pk=ticket.pk).values().get()
    written = Message.objects.count()

    for name, value in extra.items():
        answer = Caller(agent).post(f"tickets/{ticket.number}/note/", {"body": "x", name: value})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unknown_field"), name
    assert Message.objects.count() == written
    do(agent, ticket, "note", body="by the page", **extra)

    assert Message.objects.count() == written + 1
    after = Ticket.objects.filter(pk=ticket.pk).values().get()
    kept = {"status", "department_id", "assignee_id", "created_by_id", "resolved_at"}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}


def test_abuse_64_person_form_gives_nothing_it_does_not_show() -> None:
    boss, person = make_user(Role.ADMINISTRATOR), make_user()
    before = User.objects.filter(pk=person.pk).values().get()
    form = {
        "username": person.username,
        "display_name": "Renamed",
        "email": "",
        "roles": [Role.AGENT],
        "department": person.department_id,
        "team": "",
        "language": "en",
        "works_in": ["en"],
        "capacity": 30,
        "change_reason": "",
    }
    extra = {"is_superuser": "on", "is_staff": "on", "is_active": "", "password": "md5$a$b"}

    answer = signed_in(boss).post(
        reverse("admin:staff_user_change", args=[person.pk]), form | extra
    )

    after = User.objects.filter(pk=person.pk).values().get()
    changed = {name for name in after if after[name] != before[name]}
    assert answer.status_code == 302
    assert changed == {"display_name", "works_in"}


def test_abuse_66_nothing_that_was_said_can_be_edited() -> None:
    """No door takes a change of words; orders are pushed whole by their shop."""
    agent, colleague, ticket = make_user(), make_user(Role.LEAD), make_ticket()
    note = conversation.note(ticket.pk, actor=colleague, body="as it was")
    caller = Caller(agent)
    tried = []

    for route, _entry in addresses(get_resolver()):
        if route.startswith("api/v1/") and "<path" not in route:
            path = route.removeprefix("api/v1/").replace("<case:number>", ticket.number)
            path = path.replace("<id:message_id>", str(note.pk))
            if "<" not in path:
                for method in ("PUT", "PATCH", "DELETE"):
                    tried.append(caller.call(method, path, {"body": "edited"}).status_code)
    undone = caller.post(f"tickets/{ticket.number}/messages/{note.pk}/undo/")
    hidden = caller.post(f"tickets/{ticket.number}/messages/{note.pk}/hide/", {"note": "not nice"})

    assert set(tried) <= {403, 404, 405}
    assert len(tried) > 100
    assert (undone.status_code, hidden.status_code) == (403, 403)
    note.refresh_from_db()
    assert (note.body, note.hidden_at) == ("as it was", None)


@pytest.mark.parametrize("status", HandoffStatus.values)
def test_abuse_67_page_and_api_follow_the_sight_of_a_leg(status: str) -> None:
    giver = make_user(Role.LEAD)
    ticket = make_ticket(giver)
    leg = make_handoff_in(status, ticket, giver)
    helper = make_user(Role.LEAD, department=leg.to_department)
    sees = Ticket.objects.visible_to(helper).filter(pk=ticket.pk).exists()

    page: HttpResponse = signed_in(helper).get(address(ticket, "change"))
    called = Caller(helper)
    codes = {
        page.status_code,
        called.get(f"tickets/{ticket.number}/").status_code,
        called.get(f"tickets/{ticket.number}/messages/").status_code,
        called.get(f"handoffs/{leg.number}/").status_code,
    }

    assert codes == ({200} if sees else {404})


def test_abuse_68_export_holds_the_rows_and_words_of_the_list() -> None:
    for name in ("paid", "shipped"):
        make_order(status=name, recipient="欧阳小明", recipient_phone="13812345678")
    boss = signed_in(make_user(Role.ADMINISTRATOR))
    narrowed = {"shop_status__exact": "paid"}
    listed = boss.get("/admin/customers/order/", narrowed).content.decode()

    answer = boss.post(
        f"{reverse('admin:customers_order_export')}?shop_status__exact=paid",
        {"format": "0", "resource": "", "note": "yearly report"},
    )

    lines = answer.content.decode().splitlines()[1:]
    (order,) = Order.objects.filter(shop_status="paid")
    assert len(lines) == 1
    assert order.external_id in lines[0]
    assert order.external_id in listed
    assert not [one for one in ("欧阳小", "13812345678", order.address) if one in lines[0]]
    points = ContactPoint.objects.filter(customer=order.customer)
    assert not [one for one in points if one.address in lines[0]]
    assert Customer.objects.get(pk=order.customer_id).name not in lines[0]
    assert AuditEvent.objects.filter(code="compliance.exported").count() == 1
