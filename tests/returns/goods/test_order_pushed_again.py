"""A shop that reports an order anew does not take away what its customer sends back."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from aftersales.kernel.errors import RuleViolated
from customers.models import Order
from customers.services import Received, receive_order
from customers.services import changes as changes_module
from returns.models import ReturnItem
from returns.services.requesting import Piece, cancel_return
from staff.models import User
from staff.roles import Role
from tests.concurrency.race import race
from tests.customers.order_state import everything
from tests.factories.customers import order_payload
from tests.factories.people import make_user
from tests.factories.returns import (
    lines_of,
    make_delivered_order,
    make_return,
    make_return_ticket,
)


def pushed(order: Order, line: int, **changes: Any) -> dict[str, Any]:
    """The order as the shop reported it, with one line told otherwise."""
    payload = order_payload(
        customer={"external_id": order.customer.external_id, "name": order.customer.name},
        recipient_phone=order.recipient_phone,
    )
    del payload["shipments"]
    payload["lines"][line] |= changes
    return payload


def two_caps_come_back(lead: User) -> tuple[Order, Any]:
    order = make_delivered_order()
    caps = Piece(line=lines_of(order)[1].pk, quantity=2)
    return order, make_return(make_return_ticket(lead, order), lead, pieces=[caps])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"quantity": 1}, "line_returned", "lines.1.quantity"),
        ({"sku": "JKT-1"}, "line_returned", "lines.1.sku"),
    ],
)
def test_line_that_comes_back_keeps_its_article_and_pieces(
    changes: dict[str, Any], code: str, field: str
) -> None:
    order, _rma = two_caps_come_back(make_user(Role.LEAD))
    shop_system, before = make_user(Role.SERVICE_ACCOUNT), everything()

    with pytest.raises(RuleViolated) as refusal:
        receive_order("cn", order.external_id, pushed(order, 1, **changes), actor=shop_system)

    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert everything() == before


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"quantity": 3}, {"paid_amount": "90.00"}, {"name": "Cap"}])
def test_other_news_of_a_line_that_comes_back_is_taken(changes: dict[str, Any]) -> None:
    order, _rma = two_caps_come_back(make_user(Role.LEAD))

    _order, outcome = receive_order(
        "cn", order.external_id, pushed(order, 1, **changes), actor=make_user(Role.SERVICE_ACCOUNT)
    )

    assert outcome == Received.CHANGED


@pytest.mark.django_db
def test_line_is_free_again_when_the_return_was_withdrawn() -> None:
    lead = make_user(Role.LEAD)
    order, rma = two_caps_come_back(lead)
    cancel_return(rma.pk, actor=lead, note="keeps them")

    receive_order(
        "cn",
        order.external_id,
        pushed(order, 1, quantity=1),
        actor=make_user(Role.SERVICE_ACCOUNT),
    )

    assert [line.quantity for line in lines_of(order)] == [1, 1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_shop_that_pushes_while_pieces_are_asked_for_is_refused_without_a_deadlock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lead, shop_system = make_user(Role.LEAD), make_user(Role.SERVICE_ACCOUNT)
    order = make_delivered_order()
    ticket = make_return_ticket(lead, order)
    payload = pushed(order, 1, quantity=1)
    caps = Piece(line=lines_of(order)[1].pk, quantity=2)
    asked, pushing = threading.Event(), threading.Event()
    original = changes_module.change_lines

    def announced(*args: Any) -> None:
        asked.wait(10)
        pushing.set()
        original(*args)

    monkeypatch.setattr(changes_module, "change_lines", announced)

    def ask() -> Any:
        with transaction.atomic():
            rma = make_return(ticket, lead, pieces=[caps])
            asked.set()
            pushing.wait(10)
            wait_until_somebody_waits()
        return rma

    outcomes = race(ask, lambda: receive_order("cn", order.external_id, payload, actor=shop_system))

    assert [side.won for side in outcomes] == [True, False]
    assert outcomes[1].refusal is not None
    assert outcomes[1].refusal.code == "line_returned"
    assert ReturnItem.objects.get().quantity == lines_of(order)[1].quantity == 2


def wait_until_somebody_waits() -> None:
    """For a lock, that is; at most two seconds."""
    with connection.cursor() as cursor:
        for _turn in range(100):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.02)")
