"""Searching in the queue: words within sight, numbers that lead to their case."""

from __future__ import annotations

import pytest

from aftersales.kernel.clock import now
from customers.models import Order, Shipment, Shop
from staff.roles import Role
from tests.factories.customers import make_order
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_customer, make_ticket
from tests.tickets.test_queue import QUEUE, numbers, sign_in
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_search_finds_words_within_sight_only() -> None:
    agent = make_user()
    found = make_ticket(agent, subject="收到的外套破损", body="袖子有一条裂口")
    other = make_user(department=make_department("logistics"))
    hidden = make_ticket(other, subject="外套破损", body="袖子有一条裂口")
    Ticket.objects.filter(pk=hidden.pk).update(department=make_department("logistics"))

    assert numbers(sign_in(agent), q="裂口") == [found.number]
    assert numbers(sign_in(agent), q="没有这个词") == []


def test_abuse_56_search_jumps_to_a_case_number_one_may_see() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    stranger = make_user(Role.WAREHOUSE, department=make_department("warehouse", kind="warehouse"))
    short = f"t{int(ticket.number[2:])}"

    response = sign_in(agent).get(QUEUE, {"q": short})

    assert response.status_code == 302
    assert response["Location"] == f"{QUEUE}{ticket.number}/change/"
    bare = sign_in(agent).get(QUEUE, {"q": short[1:]})
    assert (bare.status_code, bare["Location"]) == (302, f"{QUEUE}{ticket.number}/change/")
    assert numbers(sign_in(stranger), q=ticket.number) == []
    assert numbers(sign_in(stranger), q=short[1:]) == []


def test_search_for_digits_takes_them_for_an_order_before_a_case() -> None:
    agent = make_user()
    named = make_ticket(agent)
    digits = named.number[2:]
    order = make_order()
    Order.objects.filter(pk=order.pk).update(external_id=digits)
    about = make_ticket(agent, order=order, customer=order.customer)

    response = sign_in(agent).get(QUEUE, {"q": digits})

    assert (response.status_code, response["Location"]) == (302, f"{QUEUE}{about.number}/change/")


def test_search_jumps_by_order_parcel_serial_number_phone_and_mail() -> None:
    agent = make_user()
    shop = Shop.objects.create(code="s", name="S", name_zh="S")
    customer = make_customer(agent, email="maria@example.com")
    customer.contact_points.create(channel="phone", address="13812345678")
    order = Order.objects.create(
        shop=shop,
        external_id="A-77",
        customer=customer,
        placed_at=now(),
        currency="CNY",
        total=1,
        payload_digest="",
        received_at=now(),
        updated_at=now(),
    )
    Shipment.objects.create(order=order, carrier="SF", tracking_number="SF1234567")
    order.lines.create(
        position=1,
        sku="P1",
        name="Phone",
        quantity=1,
        unit_price=1,
        paid_amount=1,
        serial_number="SN-4711-X",
    )
    ticket = make_ticket(agent, customer=customer, order=order)
    client = sign_in(agent)

    numbers_known = ("A-77", "SF1234567", "SN-4711-X", "138 1234 5678", "+86 13812345678")
    for text in (*numbers_known, "Maria@Example.com"):
        response = client.get(QUEUE, {"q": text})
        assert response.status_code == 302, text
        assert response["Location"] == f"{QUEUE}{ticket.number}/change/"

    second = make_ticket(agent, customer=customer)
    assert set(numbers(client, q="13812345678")) == {ticket.number, second.number}
