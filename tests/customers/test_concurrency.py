"""Two real connections at once: one order, one customer, and the other gets an answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection

from compliance.models import AuditEvent
from customers.models import ContactPoint, Customer, Order, OrderLine
from customers.services import (
    Incoming,
    Received,
    identify_customer,
    receive_order,
    receive_orders_batch,
)
from customers.services import identity as identity_module
from customers.services import orders as orders_module
from staff.roles import Role
from tests.factories.customers import make_shop, order_payload
from tests.factories.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run each in a thread with its own connection; results or exceptions in order."""
    results: list[Any] = [None] * len(works)

    def run(index: int) -> None:
        try:
            results[index] = works[index]()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def meeting(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Let both callers find nothing before either goes on to create."""
    barrier = threading.Barrier(2, timeout=10)
    original = getattr(module, name)

    def together(*args: Any, **kwargs: Any) -> Any:
        if not getattr(met, "here", False):
            met.here = True
            barrier.wait()
        return original(*args, **kwargs)

    met = threading.local()
    monkeypatch.setattr(module, name, together)


def test_the_same_new_order_twice_at_once_is_one_order(monkeypatch: pytest.MonkeyPatch) -> None:
    make_shop()
    actor = make_user(Role.SERVICE_ACCOUNT)
    meeting(monkeypatch, orders_module, "create_all")

    def push() -> tuple[Order, Received]:
        return receive_order("cn", "O-1", order_payload(), actor=actor)

    results = at_once(push, push)

    assert sorted(outcome for _order, outcome in results) == [
        Received.CREATED,
        Received.UNCHANGED,
    ]
    assert (Order.objects.count(), OrderLine.objects.count()) == (1, 2)
    assert (Order.history.count(), Customer.history.count()) == (1, 1)
    assert AuditEvent.objects.filter(code="customers.order_received").count() == 1


def test_two_versions_of_a_new_order_at_once_leave_one_with_both_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_shop()
    actor = make_user(Role.SERVICE_ACCOUNT)
    meeting(monkeypatch, orders_module, "create_all")

    results = at_once(
        lambda: receive_order("cn", "O-1", order_payload(), actor=actor),
        lambda: receive_order("cn", "O-1", order_payload(status="delivered"), actor=actor),
    )

    assert sorted(outcome for _order, outcome in results) == [Received.CHANGED, Received.CREATED]
    assert (Order.objects.count(), Order.history.count()) == (1, 2)


def test_the_same_new_caller_twice_at_once_is_one_customer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    actor = make_user()
    meeting(monkeypatch, identity_module, "create_or_find")

    first, second = at_once(
        lambda: identify_customer("phone", "13812345678", actor=actor),
        lambda: identify_customer("phone", "+86 138 1234 5678", actor=actor),
    )

    assert first == second
    assert (Customer.objects.count(), Customer.history.count()) == (1, 1)
    assert AuditEvent.objects.filter(code="customers.created").count() == 1


def test_two_new_orders_of_one_new_buyer_at_once_are_both_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_shop()
    actor = make_user(Role.SERVICE_ACCOUNT)
    meeting(monkeypatch, orders_module.Buyers, "save")

    results = at_once(
        lambda: receive_order("cn", "O-1", order_payload(), actor=actor),
        lambda: receive_order("cn", "O-2", order_payload(), actor=actor),
    )

    assert [outcome for _order, outcome in results] == [Received.CREATED, Received.CREATED]
    buyer = Customer.objects.get()
    assert [(order.external_id, order.customer) for order, _outcome in results] == [
        ("O-1", buyer),
        ("O-2", buyer),
    ]
    assert (Order.objects.count(), OrderLine.objects.count()) == (2, 4)
    assert (Order.history.count(), Customer.history.count()) == (2, 1)
    assert AuditEvent.objects.filter(code="customers.created").count() == 1


def test_batches_with_new_orders_of_one_new_buyer_at_once_are_both_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_shop()
    actor = make_user(Role.SERVICE_ACCOUNT)
    meeting(monkeypatch, orders_module.Buyers, "save")

    def push(number: str) -> list[Received | None]:
        results = receive_orders_batch([Incoming("cn", number, order_payload())], actor=actor)
        return [result.outcome for result in results]

    assert at_once(lambda: push("O-1"), lambda: push("O-2")) == [
        [Received.CREATED],
        [Received.CREATED],
    ]
    assert (Customer.objects.count(), Order.objects.count()) == (1, 2)


def test_two_orders_that_learn_the_same_new_address_at_once_both_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_shop()
    actor = make_user(Role.SERVICE_ACCOUNT)
    receive_order("cn", "O-1", order_payload(customer={"external_id": "C1"}), actor=actor)
    receive_order("cn", "O-2", order_payload(customer={"external_id": "C2"}), actor=actor)
    meeting(monkeypatch, orders_module.Buyers, "save")

    def push(number: str, account: str) -> Received:
        told = {"external_id": account, "phone": "13900000001"}
        order, outcome = receive_order("cn", number, order_payload(customer=told), actor=actor)
        assert order.customer.external_id == account
        return outcome

    results = at_once(lambda: push("O-1", "C1"), lambda: push("O-2", "C2"))

    assert results == [Received.CHANGED, Received.CHANGED]
    assert ContactPoint.objects.count() == 1
    assert Order.history.count() == 4


def test_batches_that_change_orders_of_the_same_buyers_do_not_wait_in_a_circle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop_system = make_user(Role.SERVICE_ACCOUNT)
    make_shop()

    def told(number: str, buyer: str, status: str) -> Incoming:
        return Incoming("cn", number, order_payload(status=status, customer={"external_id": buyer}))

    for number, buyer in (("O-1", "A"), ("O-2", "B"), ("O-3", "B"), ("O-4", "A")):
        receive_orders_batch([told(number, buyer, "paid")], actor=shop_system)
    second_orders_wait(monkeypatch)

    results = at_once(
        lambda: receive_orders_batch(
            [told("O-1", "A", "shipped"), told("O-2", "B", "shipped")], actor=shop_system
        ),
        lambda: receive_orders_batch(
            [told("O-3", "B", "shipped"), told("O-4", "A", "shipped")], actor=shop_system
        ),
    )

    assert [[one.outcome for one in result] for result in results] == [[Received.CHANGED] * 2] * 2
    assert set(Order.objects.values_list("shop_status", flat=True)) == {"shipped"}


def test_batches_with_the_same_new_orders_in_another_order_do_not_wait_in_a_circle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop_system = make_user(Role.SERVICE_ACCOUNT)
    make_shop()
    numbers = [f"O-{number:03d}" for number in range(300)]

    def batch(told: list[str]) -> list[Incoming]:
        return [
            Incoming("cn", number, order_payload(customer={"external_id": f"C{number}"}))
            for number in told
        ]

    meeting(monkeypatch, orders_module, "create_all")
    results = at_once(
        lambda: receive_orders_batch(batch(numbers), actor=shop_system),
        lambda: receive_orders_batch(batch(numbers[::-1]), actor=shop_system),
    )

    assert sorted({one.outcome for one in result} == {Received.CREATED} for result in results) == [
        False,
        True,
    ]
    assert Order.objects.count() == 300


def second_orders_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each batch stores its first order before either goes on to its second, if it can."""
    barrier = threading.Barrier(2, timeout=2)
    original, stored = orders_module.store_one, threading.local()

    def together(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        if not getattr(stored, "is_first", False):
            stored.is_first = True
            with suppress(threading.BrokenBarrierError):
                barrier.wait()
        return result

    monkeypatch.setattr(orders_module, "store_one", together)
