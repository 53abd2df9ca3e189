"""Orders by the hundred: the good ones are stored, each bad one is explained."""

from __future__ import annotations

from typing import Any

import pytest

from aftersales.kernel.errors import RuleViolated
from clocks import rulebook
from compliance.models import AuditEvent
from customers.models import (
    Customer,
    Order,
    OrderLine,
)
from customers.services import (
    Incoming,
    Received,
    receive_order,
    receive_orders_batch,
)
from staff.models import User
from tests.customers.order_state import everything, with_value
from tests.factories.customers import order_payload

pytestmark = pytest.mark.django_db


def test_a_batch_of_500_stores_the_good_ones_and_explains_the_three_bad(shop_system: User) -> None:
    batch = [
        Incoming(
            "cn",
            f"O-{number}",
            order_payload(customer={"external_id": f"C{number % 100}", "name": "李小明"}),
        )
        for number in range(500)
    ]
    batch[7] = Incoming("cn", "O-7", with_value("total", "x"))
    batch[99] = Incoming("nowhere", "O-99", order_payload())
    batch[250] = Incoming("cn", "O-250", with_value("lines.0.quantity", 0))

    results = receive_orders_batch(batch, actor=shop_system)

    refused = {
        result.incoming.external_id: result.error.field for result in results if result.error
    }
    assert refused == {"O-7": "total", "O-99": "shop", "O-250": "lines.0.quantity"}
    assert [result.incoming for result in results] == batch
    assert [result.outcome for result in results].count(Received.CREATED) == 497
    assert (Order.objects.count(), Customer.objects.count()) == (497, 100)
    assert OrderLine.history.count() == OrderLine.objects.count() == 994
    assert AuditEvent.objects.filter(code="customers.order_received").count() == 497


def test_a_batch_again_is_unchanged_and_writes_nothing(shop_system: User) -> None:
    batch = [Incoming("cn", f"O-{number}", order_payload()) for number in range(3)]
    receive_orders_batch(batch, actor=shop_system)
    before = everything()

    results = receive_orders_batch(batch, actor=shop_system)

    assert [result.outcome for result in results] == [Received.UNCHANGED] * 3
    assert everything() == before


def test_a_batch_with_one_order_twice_takes_the_second_as_its_change(shop_system: User) -> None:
    later = order_payload(status="delivered")

    results = receive_orders_batch(
        [Incoming("cn", "O-1", order_payload()), Incoming("cn", "O-1", later)], actor=shop_system
    )

    assert [result.outcome for result in results] == [Received.CREATED, Received.CHANGED]
    assert Order.objects.get().shop_status == "delivered"


def test_a_batch_refuses_one_change_and_takes_the_others(shop_system: User) -> None:
    receive_order("cn", "O-1", order_payload(), actor=shop_system)
    batch = [
        Incoming("cn", "O-1", with_value("payments", [])),
        Incoming("cn", "O-2", order_payload()),
    ]

    refused, created = receive_orders_batch(batch, actor=shop_system)

    assert refused.error is not None
    assert (refused.error.code, created.outcome) == ("payment_missing", Received.CREATED)
    assert set(Order.objects.values_list("external_id", flat=True)) == {"O-1", "O-2"}


def test_a_batch_above_500_is_refused(shop_system: User) -> None:
    with pytest.raises(RuleViolated, match="500"):
        receive_orders_batch([Incoming("cn", "O-1", order_payload())] * 501, actor=shop_system)

    assert Order.objects.count() == 0


def test_a_batch_costs_the_same_queries_at_one_and_at_thirty(
    shop_system: User, django_assert_num_queries: Any
) -> None:
    def batch(start: int, size: int) -> list[Incoming]:
        return [
            Incoming("cn", f"O-{n}", order_payload(customer={"phone": f"138{n:08d}", "name": "李"}))
            for n in range(start, start + size)
        ]

    rulebook.current()
    with django_assert_num_queries(27):
        receive_orders_batch(batch(0, 1), actor=shop_system)
    with django_assert_num_queries(27):
        receive_orders_batch(batch(100, 30), actor=shop_system)
