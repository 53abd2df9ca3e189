"""An order the shop changed earlier than what is kept came late: it is answered, not applied."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.querysets import LockingQuerySet
from compliance.integrity import find_discrepancies
from compliance.models import AuditEvent, JournalEntry
from customers.files import read_orders
from customers.models import Order
from customers.services import (
    ImportReport,
    Incoming,
    Received,
    import_orders,
    receive_order,
    receive_orders_batch,
)
from customers.services import orders as orders_module
from staff.models import User
from staff.roles import Role
from tests.api.calls import Caller
from tests.api.test_documented_answers import check_answer, operation
from tests.customers.order_state import everything
from tests.customers.test_concurrency import at_once, meeting
from tests.customers.test_files import GOOD, HEADER
from tests.factories.customers import make_shop, order_payload
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db

NINE, TEN, ELEVEN = (f"2026-03-02T{hour:02}:00:00+08:00" for hour in (9, 10, 11))


def told(at: str | None = None, **values: Any) -> dict[str, Any]:
    """The usual order, changed in the shop at that time."""
    return order_payload(**values) | ({} if at is None else {"source_updated_at": at})


def kept(order: Order) -> tuple[str, datetime | None]:
    order.refresh_from_db()
    return order.shop_status, order.source_updated_at


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_an_older_order_that_comes_late_changes_nothing(shop_system: User) -> None:
    receive_order("cn", "O-1", told(TEN, status="shipped"), actor=shop_system)
    before, row = everything(), Order.objects.values().get()

    order, outcome = receive_order("cn", "O-1", told(NINE, status="paid"), actor=shop_system)

    assert outcome == Received.STALE
    assert kept(order) == ("shipped", at(TEN))
    assert (everything(), Order.objects.values().get()) == (before, row)


@pytest.mark.parametrize(("field", "value"), [("currency", "EUR"), ("payments", [])])
def test_what_is_stale_is_not_compared_with_what_is_kept(
    shop_system: User, field: str, value: Any
) -> None:
    """It would be refused otherwise: a currency cannot change, a payment cannot vanish."""
    receive_order("cn", "O-1", told(TEN), actor=shop_system)
    before = everything()

    _order, outcome = receive_order("cn", "O-1", told(NINE) | {field: value}, actor=shop_system)

    assert (outcome, everything()) == (Received.STALE, before)


def test_what_is_no_order_is_refused_however_old(shop_system: User) -> None:
    receive_order("cn", "O-1", told(TEN), actor=shop_system)
    before = everything()

    with pytest.raises(RuleViolated, match="Between 1 and 500"):
        receive_order("cn", "O-1", told(NINE) | {"lines": []}, actor=shop_system)

    assert everything() == before


@pytest.mark.parametrize(
    ("time", "status", "outcome", "after"),
    [
        (TEN, "shipped", Received.UNCHANGED, ("shipped", TEN)),
        ("2026-03-02T02:00:00Z", "shipped", Received.UNCHANGED, ("shipped", TEN)),
        (None, "shipped", Received.UNCHANGED, ("shipped", TEN)),
        (TEN, "delivered", Received.CHANGED, ("delivered", TEN)),
        (None, "delivered", Received.CHANGED, ("delivered", TEN)),
        (ELEVEN, "delivered", Received.CHANGED, ("delivered", ELEVEN)),
        (ELEVEN, "shipped", Received.UNCHANGED, ("shipped", ELEVEN)),
        (NINE, "shipped", Received.STALE, ("shipped", TEN)),
        (NINE, "delivered", Received.STALE, ("shipped", TEN)),
    ],
)
def test_what_counts_by_time_and_content(
    shop_system: User, time: str | None, status: str, outcome: Received, after: tuple[str, str]
) -> None:
    receive_order("cn", "O-1", told(TEN, status="shipped"), actor=shop_system)
    before = everything()
    batch = [Incoming("cn", "O-1", told(time, status=status))]

    (result,) = receive_orders_batch(batch, actor=shop_system)

    assert result.outcome == outcome
    assert result.order is not None
    assert kept(result.order) == (after[0], at(after[1]))
    if after == ("shipped", TEN):
        assert everything() == before
    assert list(find_discrepancies()) == []


def test_the_same_order_said_later_keeps_the_later_time(shop_system: User) -> None:
    for time in (NINE, ELEVEN):
        order, _outcome = receive_order("cn", "O-1", told(time), actor=shop_system)
    between, outcome = receive_order("cn", "O-1", told(TEN, status="paid"), actor=shop_system)

    assert (outcome, kept(between)) == (Received.STALE, (order.shop_status, at(ELEVEN)))
    times = Order.history.order_by("history_id").values_list("source_updated_at", flat=True)
    assert list(times) == [at(NINE), at(ELEVEN)]
    changed = JournalEntry.objects.filter(table_name="customers_order", operation="update")
    assert [entry.changed for entry in changed] == [["source_updated_at"]]
    assert not AuditEvent.objects.filter(code="customers.order_changed").exists()


def test_an_order_kept_without_a_time_takes_the_first_that_is_told(shop_system: User) -> None:
    receive_order("cn", "O-1", told(None, status="paid"), actor=shop_system)

    order, outcome = receive_order("cn", "O-1", told(NINE, status="shipped"), actor=shop_system)

    assert (outcome, kept(order)) == (Received.CHANGED, ("shipped", at(NINE)))


@pytest.mark.parametrize(
    ("time", "code"),
    [
        ("2026-03-02T10:00:00", "no_time_zone"),
        ("yesterday", "not_a_time"),
        (5, "not_a_time"),
        ("2026-03-02T12:10:01+08:00", "in_the_future"),
    ],
)
@time_machine.travel("2026-03-02T12:00:00+08:00", tick=False)
def test_a_time_that_cannot_be_is_refused(shop_system: User, time: Any, code: str) -> None:
    with pytest.raises(RuleViolated) as refusal:
        receive_order("cn", "O-1", told(time), actor=shop_system)

    assert (refusal.value.code, refusal.value.field) == (code, "source_updated_at")
    assert Order.objects.count() == 0


@time_machine.travel("2026-03-02T12:00:00+08:00", tick=False)
def test_a_clock_that_goes_a_little_fast_is_taken(shop_system: User) -> None:
    _order, outcome = receive_order(
        "cn", "O-1", told("2026-03-02T12:10:00+08:00"), actor=shop_system
    )

    assert outcome == Received.CREATED


# Batches


def test_a_batch_tells_what_is_stale_among_the_others(shop_system: User) -> None:
    receive_order("cn", "O-1", told(TEN, status="shipped"), actor=shop_system)
    receive_order("cn", "O-2", told(TEN), actor=shop_system)

    results = receive_orders_batch(
        [
            Incoming("cn", "O-1", told(NINE, status="paid")),
            Incoming("cn", "O-2", told(ELEVEN, status="delivered")),
            Incoming("cn", "O-3", told(NINE)),
        ],
        actor=shop_system,
    )

    assert [one.outcome for one in results] == [
        Received.STALE,
        Received.CHANGED,
        Received.CREATED,
    ]
    assert Order.objects.get(external_id="O-1").shop_status == "shipped"


def test_a_batch_with_one_order_in_several_versions_keeps_the_latest(shop_system: User) -> None:
    versions = [(TEN, "shipped"), (ELEVEN, "delivered"), (NINE, "paid"), (TEN, "shipped")]
    new = [Incoming("cn", "O-1", told(time, status=status)) for time, status in versions]

    first = receive_orders_batch(new, actor=shop_system)
    again = receive_orders_batch(new, actor=shop_system)

    assert [one.outcome for one in first] == [
        Received.CREATED,
        Received.CHANGED,
        Received.STALE,
        Received.STALE,
    ]
    assert [one.outcome for one in again] == [
        Received.STALE,
        Received.UNCHANGED,
        Received.STALE,
        Received.STALE,
    ]
    assert kept(Order.objects.get()) == ("delivered", at(ELEVEN))


def test_a_batch_that_goes_back_to_what_was_kept_ends_there(shop_system: User) -> None:
    """Without times the last of the batch counts, also where it is what the batch began with."""
    receive_order("cn", "O-1", told(status="paid"), actor=shop_system)

    there, back = receive_orders_batch(
        [
            Incoming("cn", "O-1", told(status="shipped")),
            Incoming("cn", "O-1", told(status="paid")),
        ],
        actor=shop_system,
    )

    assert (there.outcome, back.outcome) == (Received.CHANGED, Received.CHANGED)
    assert Order.objects.get().shop_status == "paid"


# Two at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_two_versions_of_a_new_order_at_once_leave_the_later_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_shop()
    actor = make_user(Role.SERVICE_ACCOUNT)
    meeting(monkeypatch, orders_module, "create_all")

    (order, later), (_order, earlier) = at_once(
        lambda: receive_order("cn", "O-1", told(TEN, status="shipped"), actor=actor),
        lambda: receive_order("cn", "O-1", told(NINE, status="paid"), actor=actor),
    )

    assert (later, earlier) in [
        (Received.CREATED, Received.STALE),
        (Received.CHANGED, Received.CREATED),
    ]
    assert kept(order) == ("shipped", at(TEN))


def in_step(monkeypatch: pytest.MonkeyPatch, actor: User) -> list[Any]:
    """The later version is being written when the earlier one comes; what became of both.

    The earlier one goes on when the later one is there to stay, if it was let in at all.
    """
    writing, read, written = threading.Event(), threading.Event(), threading.Event()
    change = orders_module.change_order

    def stepping(order: Order, data: Any, customer: Any) -> None:
        if data.source_updated_at == at(ELEVEN):
            writing.set()
            read.wait(1)
        else:
            read.set()
            written.wait(10)
        change(order, data, customer)

    def push(time: str, status: str, before: Callable[[], Any], after: Callable[[], Any]) -> Any:
        before()
        _order, outcome = receive_order("cn", "O-1", told(time, status=status), actor=actor)
        after()
        return outcome

    monkeypatch.setattr(orders_module, "change_order", stepping)
    return at_once(
        lambda: push(ELEVEN, "delivered", lambda: None, written.set),
        lambda: push(TEN, "shipped", lambda: writing.wait(10), lambda: None),
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_an_earlier_version_waits_for_the_later_one_and_is_stale(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_shop()
    actor = make_user(Role.SERVICE_ACCOUNT)
    order, _outcome = receive_order("cn", "O-1", told(NINE, status="paid"), actor=actor)

    assert in_step(monkeypatch, actor) == [Received.CHANGED, Received.STALE]
    assert kept(order) == ("delivered", at(ELEVEN))


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_an_earlier_version_wins_without_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: the test above proves the lock."""
    make_shop()
    actor = make_user(Role.SERVICE_ACCOUNT)
    order, _outcome = receive_order("cn", "O-1", told(NINE, status="paid"), actor=actor)

    with mock.patch.object(LockingQuerySet, "locked_values", lambda rows: rows.all()):
        outcomes = in_step(monkeypatch, actor)

    assert outcomes == [Received.CHANGED, Received.CHANGED]
    assert kept(order) == ("shipped", at(TEN))


# API


def test_api_says_that_a_late_order_was_not_applied() -> None:
    make_shop()
    caller = Caller(make_user(Role.SERVICE_ACCOUNT))
    path = "orders/cn/O-1/"
    caller.put(path, told(TEN, status="shipped"))

    late = caller.put(path, told(NINE, status="paid"))
    entry = {"source": "cn", "number": "O-1", "order": told(NINE, status="paid")}
    batch = caller.post("orders/batch/", {"orders": [entry]})
    refused = caller.put(path, told("2026-03-02T10:00:00"))
    shown = caller.get(path)

    receipt = {"source": "cn", "number": "O-1", "outcome": "stale"}
    assert (late.status_code, late.json()) == (200, receipt)
    assert batch.json() == {"results": [receipt | {"error": None}], "counts": {"stale": 1}}
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "source_updated_at")
    assert at(shown.json()["source_updated_at"]) == at(TEN)
    assert shown.json()["status"] == "shipped"
    check_answer(operation("PUT", "orders/{source}/{external_id}/"), late)
    check_answer(operation("PUT", "orders/{source}/{external_id}/"), refused)
    check_answer(operation("POST", "orders/batch/"), batch)
    check_answer(operation("GET", "orders/{source}/{external_id}/"), shown)


# Files and pages


@pytest.mark.parametrize("heading", ["更新时间", "source_updated_at", "Updated at", "最后修改时间"])
def test_a_file_says_when_its_orders_were_changed(heading: str) -> None:
    shop, administrator = make_shop(), make_user(Role.ADMINISTRATOR)

    def load(time: str, *rows: str) -> ImportReport:
        lines = [f"{HEADER},{heading}", *(f"{row},{time}" for row in rows)]
        return import_orders(read_orders("\n".join(lines).encode()), shop, actor=administrator)

    first = load("2026-03-02 10:00", *GOOD)
    late = load("2026-03-02 09:00", *(row.replace("夹克", "外套") for row in GOOD))
    unsaid = load("", *GOOD)

    assert (first.created, late.stale, late.changed, unsaid.unchanged) == (2, 2, 0, 2)
    assert {order.source_updated_at for order in Order.objects.all()} == {at(TEN)}
    event = AuditEvent.objects.filter(code="customers.orders_imported").order_by("id")[1]
    assert event.data["stale"] == 2


def test_rows_of_one_order_agree_on_its_time() -> None:
    lines = [
        f"{HEADER},更新时间",
        f"{GOOD[0]},2026-03-02 10:00",
        f"{GOOD[1]},2026-03-02 11:00",
    ]

    file = read_orders("\n".join(lines).encode())

    assert [row.reason for row in file.refused] == [
        "Another row of this order was refused.",
        "更新时间: Differs from the first row of this order.",
    ]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Changed in the shop at"), ("zh-hans", "店铺更新时间")]
)
def test_the_page_of_an_order_says_when_the_shop_changed_it(language: str, words: str) -> None:
    make_shop()
    actor = make_user(Role.SERVICE_ACCOUNT)
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(make_user())
    pages = []
    for number, time in (("O-1", TEN), ("O-2", None)):
        order, _outcome = receive_order("cn", number, told(time), actor=actor)
        page = client.get(reverse("admin:customers_order_change", args=[order.pk]))
        pages.append(words in page.content.decode())

    assert pages == [True, False]
