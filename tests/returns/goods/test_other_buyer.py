"""A shop that reports another buyer for an order that people work on."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.models import AuditEvent
from customers.models import Customer, Order
from customers.services import Received, receive_order
from returns.models import Refund
from staff.roles import Role
from tests.factories.customers import make_order, order_payload
from tests.factories.money import make_refund
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db

OTHER = {"external_id": "X-1", "name": "Zhao", "phone": "13700000001"}


def push_other_buyer(order: Order) -> Any:
    payload = order_payload(
        customer=OTHER, recipient_phone=order.recipient_phone, status="completed"
    )
    actor = make_user(Role.SERVICE_ACCOUNT)
    return receive_order("cn", order.external_id, payload, actor=actor)[1]


def event() -> AuditEvent:
    return AuditEvent.objects.get(code="customers.order_changed")


@pytest.mark.parametrize("use", ["case", "refund"])
def test_order_people_work_on_stays_with_its_customer_and_the_event_tells(use: str) -> None:
    order = make_order()
    buyer = order.customer
    if use == "case":
        ticket = make_ticket(order=order, customer=buyer)
    else:
        make_refund(order.payments.get())

    assert push_other_buyer(order) == Received.CHANGED

    order.refresh_from_db()
    other = Customer.objects.get(external_id="X-1")
    assert (order.customer, order.shop_status) == (buyer, "completed")
    assert event().data == {"other_buyer": str(other.pk)}
    if use == "case":
        make_refund(order.payments.get(), ticket=ticket)
    assert Refund.objects.get().payment.order.customer == buyer


def test_order_nobody_works_on_goes_to_the_buyer_reported_last() -> None:
    order = make_order()

    assert push_other_buyer(order) == Received.CHANGED

    order.refresh_from_db()
    assert order.customer == Customer.objects.get(external_id="X-1")
    assert event().data == {}
