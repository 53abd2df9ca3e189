"""Lists: scope, filters, order, pages, the number of queries, and what is masked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.models import Disclosure
from customers.api import payload
from customers.models import Order
from customers.payloads import LineData, OrderData, ParcelData, PaymentData, PersonData, ScanData
from staff.models import User
from staff.roles import Role
from tests.api.calls import Caller
from tests.factories.customers import make_order, make_shop, order_payload
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_customer, make_ticket
from tickets.models import Message, Tag, Ticket
from tickets.services import conversation, follow_ups, handling, investigation, proposals
from tickets.services.files import NewFile, add_file
from tickets.services.handling import Assessment, Details


def numbers(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [row["number"] for row in response.json()["results"]]


def test_list_holds_what_the_caller_sees(lead: Caller, stranger: Caller, auditor: Caller) -> None:
    ticket = make_ticket(lead.user)

    assert numbers(lead.get("tickets/")) == [ticket.number]
    assert numbers(stranger.get("tickets/")) == []
    assert numbers(auditor.get("tickets/")) == [ticket.number]


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("status=new", 1), ("status=open", 0), ("status=open&status=new", 1),
        ("kind=complaint", 1), ("kind=praise", 0), ("priority=high", 1), ("priority=low", 0),
        ("department=service", 1), ("department=legal", 0), ("channel=phone", 1),
        ("channel=mail", 0), ("tag=vip", 1), ("tag=none", 0), ("q=torn", 1), ("q=袖子", 0),
        ("q=jacket%20sleeve", 1), ("updated_since=2000-01-01T00:00:00Z", 1),
        ("updated_since=2100-01-01T00:00:00Z", 0), ("external_id=X", 0), ("order=nope", 0),
    ],
)  # fmt: skip
def test_filters_narrow(lead: Caller, query: str, hits: int) -> None:
    Tag(slug="vip").save()
    make_ticket(lead.user, priority="high", tags=("vip",))

    assert len(numbers(lead.get(f"tickets/?{query}"))) == hits


def test_filters_by_people_and_order(lead: Caller) -> None:
    order = make_order()
    ticket = make_ticket(lead.user, order=order, customer=order.customer)
    handling.assign(ticket.pk, actor=lead.user, assignee=lead.user)
    make_ticket(lead.user)

    assert numbers(lead.get(f"tickets/?assignee={lead.user.username}")) == [ticket.number]
    assert numbers(lead.get(f"tickets/?customer={order.customer_id}")) == [ticket.number]
    assert numbers(lead.get(f"tickets/?order={order.external_id}")) == [ticket.number]


@pytest.mark.parametrize("ordering", ["-updated_at", "updated_at", "-received_at", "due_at"])
def test_pages_hold_every_row_once(lead: Caller, ordering: str) -> None:
    made = {make_ticket(lead.user).number for _index in range(5)}
    seen: list[str] = []
    path = f"tickets/?limit=2&ordering={ordering}"
    while path:
        page = lead.get(path).json()
        seen += [row["number"] for row in page["results"]]
        path = (page["next"] or "").partition("/api/v1/")[2]

    assert (len(seen), set(seen)) == (5, made)


def busy_ticket(lead: User) -> Ticket:
    """A case with everything on it."""
    order = make_order()
    ticket = make_ticket(lead, order=order, customer=order.customer)
    handling.assign(ticket.pk, actor=lead, assignee=lead)
    return ticket


def fill(ticket: Ticket, lead: User) -> None:
    """One more of each thing a case can have several of."""
    conversation.reply(ticket.pk, actor=lead, body="We look into it.")
    add_file(ticket.pk, NewFile("a.txt", b"text"), actor=lead)
    found = investigation.open_investigation(ticket.pk, actor=lead, question="Why?")
    investigation.add_evidence(found.pk, actor=lead, kind="statement", text="I saw it.")
    investigation.drop_investigation(found.pk, actor=lead, note="wrong case")
    offer = proposals.propose(
        ticket.pk, proposals.Offer(remedy="repair", terms="We mend it."), actor=lead
    )
    proposals.decline_proposal(offer.pk, actor=lead)
    handling_later(ticket, lead)


def handling_later(ticket: Ticket, lead: User) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415 -- only here

    follow_ups.plan_follow_up(
        ticket.pk, actor=lead, kind="care", text="Ask", due_at=datetime(2100, 1, 1, tzinfo=UTC)
    )


def queries(call: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = call()
    assert response.status_code == 200, response.content
    return len(captured)


PARTS = (
    "messages", "attachments", "events", "investigations", "proposals", "follow-ups", "links",
)  # fmt: skip


def test_lists_of_a_case_cost_the_same_at_one_and_three_rows(lead: Caller) -> None:
    ticket = busy_ticket(lead.user)
    fill(ticket, lead.user)
    paths = [f"tickets/{ticket.number}/{part}/" for part in PARTS]
    one = [queries(lambda path=path: lead.get(path)) for path in paths]
    fill(ticket, lead.user)
    fill(ticket, lead.user)

    three = [queries(lambda path=path: lead.get(path)) for path in paths]

    assert one == three
    assert max(three) <= 15


@pytest.mark.parametrize("path", ["tickets/", "tickets/?q=torn", "orders/", "events/"])
def test_lists_cost_the_same_at_one_and_three_rows(auditor: Caller, path: str) -> None:
    lead = make_user(Role.LEAD)
    busy_ticket(lead)
    one = queries(lambda: auditor.get(path))
    for _index in range(2):
        busy_ticket(lead)

    three = queries(lambda: auditor.get(path))

    assert one == three <= 15


def test_case_costs_few_queries(lead: Caller) -> None:
    ticket = busy_ticket(lead.user)
    fill(ticket, lead.user)

    for part in ("", "steps/", "gates/"):
        assert queries(lambda part=part: lead.get(f"tickets/{ticket.number}/{part}")) <= 4


def test_hidden_words_are_withheld_from_agents(lead: Caller) -> None:
    agent = Caller(make_user(Role.AGENT))
    ticket = make_ticket(lead.user)
    message = Message.objects.get(ticket=ticket)
    conversation.hide_message(message.pk, actor=lead.user, note="card number")

    path = f"tickets/{ticket.number}/messages/"

    assert agent.get(path).json()["results"][0]["body"] == ""
    assert lead.get(path).json()["results"][0]["body"] == message.body


def test_customers_are_looked_up_not_leafed_through(lead: Caller) -> None:
    customer = make_customer(lead.user, email="li.wei@example.cn", name="Maria Schmidt")

    refused = lead.get("customers/")
    found = lead.get("customers/?email=LI.WEI@example.cn").json()["results"]

    assert refused.status_code == 400
    assert [row["id"] for row in found] == [customer.pk]
    assert found[0]["name"] == "Maria S***"
    assert found[0]["contact_points"][0]["address"] == "l***@example.cn"


def test_disclosure_needs_a_reason_and_is_kept(lead: Caller) -> None:
    customer = make_customer(lead.user, email="li.wei@example.cn")
    path = f"customers/{customer.pk}/disclose/"

    assert lead.post(path).status_code == 400
    assert lead.post(path, {"note": "x"}).status_code == 422
    assert not Disclosure.objects.exists()
    shown = lead.post(path, {"note": "caller asks for it"}).json()

    assert shown["contact_points"][0]["address"] == "li.wei@example.cn"
    assert Disclosure.objects.get().reason == "caller asks for it"


def test_order_is_received_once_and_masked(shop_system: Caller) -> None:
    make_shop()
    path = "orders/cn/A/1/"

    outcomes = [
        shop_system.put(path, order_payload()),
        shop_system.put(path, order_payload()),
        shop_system.put(path, order_payload(status="delivered")),
    ]
    order = shop_system.get(path).json()

    assert [one.status_code for one in outcomes] == [201, 200, 200]
    assert [one.json()["outcome"] for one in outcomes] == ["created", "unchanged", "changed"]
    assert (order["number"], order["status"]) == ("A/1", "delivered")
    assert (order["recipient"], order["recipient_phone"]) == ("李**", "138****5678")
    assert len(order["lines"]) == 2


def test_bad_order_names_the_field(shop_system: Caller) -> None:
    make_shop()

    response = shop_system.put("orders/cn/1/", order_payload(lines=[{"sku": "x"}]))

    assert response.status_code == 422
    assert response.json()["error"]["field"] == "lines.0.name"
    assert shop_system.get("orders/").json()["results"] == []


def test_batch_answers_for_each_order(shop_system: Caller) -> None:
    make_shop()
    good = {"source": "cn", "number": "1", "order": order_payload()}
    bad = {"source": "cn", "number": "2", "order": {}}

    answer = shop_system.post("orders/batch/", {"orders": [good, bad, "nonsense", None]}).json()
    too_many = shop_system.post("orders/batch/", {"orders": [good] * 501})
    misspelled = good | {"number": "3", "noise": 1}
    (refused,) = shop_system.post("orders/batch/", {"orders": [misspelled]}).json()["results"]

    assert answer["counts"] == {"created": 1, "refused": 3}
    assert [row["outcome"] for row in answer["results"]] == ["created", None, None, None]
    assert answer["results"][1]["error"]["field"] == "currency"
    assert too_many.status_code == 422
    assert (refused["number"], refused["outcome"]) == ("3", None)
    assert (refused["error"]["code"], refused["error"]["field"]) == ("unknown_field", "noise")
    assert Order.objects.get().external_id == "1"


@pytest.mark.parametrize(
    ("documented", "accepted"),
    [
        (payload.OrderPayload, OrderData), (payload.BuyerPayload, PersonData),
        (payload.LinePayload, LineData), (payload.PaymentPayload, PaymentData),
        (payload.ParcelPayload, ParcelData), (payload.ScanPayload, ScanData),
    ],
)  # fmt: skip
def test_documented_order_is_the_accepted_one(documented: Any, accepted: Any) -> None:
    names = {"shop_status": "status"}

    assert set(documented().fields) == {
        names.get(name, name) for name in accepted.__dataclass_fields__
    }


def test_schema_is_valid_and_without_warnings(db: None, tmp_path: Any) -> None:
    call_command(
        "spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml")
    )


def test_route_and_details_take_codes(lead: Caller) -> None:
    make_department("quality", kind="quality")
    ticket = make_ticket(lead.user)
    handling.assess(ticket.pk, Assessment(severity="minor"), actor=lead.user)
    handling.change_details(ticket.pk, Details(subject="Torn"), actor=lead.user)

    moved = lead.post(f"tickets/{ticket.number}/route/", {"department": "quality"}).json()
    wrong = lead.post(f"tickets/{ticket.number}/route/", {"department": "moon"})
    renamed = lead.post(
        f"tickets/{ticket.number}/details/", {"subject": " Torn\r\nBcc:  x "}
    ).json()

    assert (moved["department"], moved["subject"]) == ("quality", "Torn")
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (400, "department")
    assert renamed["subject"] == "Torn Bcc: x"
