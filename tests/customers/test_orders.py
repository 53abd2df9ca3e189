"""Orders as shops push them: once, whole, checked, and never against the money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection

from aftersales.kernel.errors import NotPermitted, RuleViolated
from compliance.models import AuditEvent, JournalEntry
from customers.models import (
    Customer,
    Order,
    Payment,
    Shipment,
)
from customers.services import (
    Incoming,
    Received,
    merge_customers,
    receive_order,
    receive_orders_batch,
)
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.customers.order_state import AUDITED, everything, with_value
from tests.factories.customers import make_shop, order_payload
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


def test_a_new_order_is_stored_with_everything_on_it(shop_system: User) -> None:
    order, outcome = receive_order("cn", "O-1", order_payload(), actor=shop_system)

    assert outcome == Received.CREATED
    assert (order.total, order.currency, order.shop.code) == (Decimal("399.00"), "CNY", "cn")
    assert order.placed_at.isoformat() == "2026-03-01T02:00:00+00:00"
    assert list(order.lines.values_list("position", "sku", "quantity", "paid_amount")) == [
        (1, "JKT-1", 1, Decimal("299.00")),
        (2, "CAP-1", 2, Decimal("100.00")),
    ]
    assert order.payments.get().captured == Decimal("399.00")
    assert order.shipments.get().events.get().text == "已揽收"
    assert order.customer.contact_points.get().address == "13812345678"
    assert order.customer.external_id == "C1"


def test_a_new_order_leaves_history_journal_and_events_for_every_row(shop_system: User) -> None:
    receive_order("cn", "O-1", order_payload(), actor=shop_system)

    for model in AUDITED:
        rows = model.objects.count()
        journal = JournalEntry.objects.filter(table_name=model._meta.db_table, operation="insert")
        assert rows > 0
        assert model.history.filter(actor_name=shop_system.audit_name).count() == rows
        assert journal.filter(actor_id=shop_system.pk).count() == rows
    order = Order.objects.get()
    history = order.history.get()
    for field in Order._meta.concrete_fields:
        assert getattr(history, field.attname) == getattr(order, field.attname)
    assert history.history_type == "+"
    assert list(AuditEvent.objects.order_by("id").values_list("code", "actor_id")) == [
        ("customers.created", shop_system.pk),
        ("customers.order_received", shop_system.pk),
    ]


def test_the_same_order_again_writes_nothing(shop_system: User) -> None:
    receive_order("cn", "O-1", order_payload(), actor=shop_system)
    before = everything()
    respelled = order_payload(
        total=399, currency="CNY", placed_at="2026-03-01T02:00:00Z", recipient=" 李小明 "
    )

    _order, outcome = receive_order("cn", "O-1", respelled, actor=shop_system)

    assert outcome == Received.UNCHANGED
    assert everything() == before


def test_a_changed_order_saves_what_differs_only(shop_system: User) -> None:
    order, _outcome = receive_order("cn", "O-1", order_payload(), actor=shop_system)

    payload = order_payload(status="delivered")
    payload["lines"][1]["paid_amount"] = "90.00"
    payload["shipments"][0]["delivered_at"] = "2026-03-03T12:00:00+08:00"
    payload["shipments"][0]["events"] = [
        {"happened_at": "2026-03-03T12:00:00+08:00", "text": "已签收", "place": "杭州"}
    ]
    _order, outcome = receive_order("cn", "O-1", payload, actor=shop_system)

    order.refresh_from_db()
    assert (outcome, order.shop_status) == (Received.CHANGED, "delivered")
    assert [line.history.count() for line in order.lines.all()] == [1, 2]
    assert order.payments.get().history.count() == 1
    assert [event.text for event in order.shipments.get().events.all()] == ["已揽收", "已签收"]
    assert order.customer.history.count() == 1
    assert AuditEvent.objects.filter(code="customers.order_changed").count() == 1


@pytest.mark.parametrize(
    ("path", "value", "field", "code"),
    [
        ("colour", "red", "colour", "unknown_field"),
        ("lines.0.colour", "red", "lines.0.colour", "unknown_field"),
        ("status", "lost", "status", "unknown_choice"),
        ("currency", "XXX", "currency", "unknown_choice"),
        ("currency", ..., "currency", "required"),
        ("total", "1.005", "total", "too_many_decimals"),
        ("total", "NaN", "total", "out_of_range"),
        ("total", "-1", "total", "negative"),
        ("total", True, "total", "not_a_number"),
        ("total", ..., "total", "required"),
        ("placed_at", "2026-03-01T10:00:00", "placed_at", "no_time_zone"),
        ("placed_at", "yesterday", "placed_at", "not_a_time"),
        ("placed_at", 5, "placed_at", "not_a_time"),
        ("placed_at", "0001-01-01T00:00:00+14:00", "placed_at", "out_of_range"),
        ("customer", ..., "customer", "required"),
        ("customer", [], "customer", "not_an_object"),
        ("customer", {"name": "nobody"}, "customer", "customer_unknown"),
        ("customer.phone", "12", "customer.phone", "bad_phone"),
        ("customer.email", "x", "customer.email", "bad_mail"),
        ("customer.name", "a\x00b", "customer.name", "unreadable"),
        ("customer.name", "\ud800", "customer.name", "unreadable"),
        ("recipient", "x" * 121, "recipient", "too_long"),
        ("recipient", 7, "recipient", "not_text"),
        ("is_business", "yes", "is_business", "not_a_flag"),
        ("lines", [], "lines", "wrong_count"),
        ("lines", {}, "lines", "not_a_list"),
        ("lines.1", "x", "lines.1", "not_an_object"),
        ("lines.1.position", 1, "lines.1.position", "repeated"),
        ("lines.0.quantity", 0, "lines.0.quantity", "out_of_range"),
        ("lines.0.quantity", True, "lines.0.quantity", "not_whole"),
        ("lines.0.quantity", 1.5, "lines.0.quantity", "not_whole"),
        ("lines.0.sku", "", "lines.0.sku", "required"),
        ("lines.0.traits", "x", "lines.0.traits", "not_a_list"),
        ("payments.0.currency", "YEN", "payments.0.currency", "unknown_choice"),
        ("payments.0.captured", "x", "payments.0.captured", "not_a_number"),
        ("shipments.0.tracking_number", "", "shipments.0.tracking_number", "required"),
        (
            "shipments.0.delivered_at",
            "2026-03-01T00:00:00Z",
            "shipments.0.delivered_at",
            "delivered_before_shipped",
        ),
    ],
)
def test_a_bad_order_names_field_and_rule_and_leaves_nothing(
    shop_system: User, path: str, value: Any, field: str, code: str
) -> None:
    before = everything()

    with pytest.raises(RuleViolated) as refusal:
        receive_order("cn", "O-1", with_value(path, value), actor=shop_system)

    assert (refusal.value.field, refusal.value.code) == (field, code)
    assert everything() == before


@pytest.mark.parametrize(
    ("shop", "number", "field"),
    [("none", "O-1", "shop"), ("closed", "O-1", "shop"), ("cn", "", "external_id")],
)
def test_an_unknown_shop_or_number_is_refused(
    shop_system: User, shop: str, number: str, field: str
) -> None:
    make_shop("closed", is_active=False)

    with pytest.raises(RuleViolated) as refusal:
        receive_order(shop, number, order_payload(), actor=shop_system)

    assert refusal.value.field == field
    assert Order.objects.count() == 0


@pytest.mark.parametrize("payload", [None, [], "x", 5])
def test_a_payload_that_is_no_object_is_refused(shop_system: User, payload: object) -> None:
    with pytest.raises(RuleViolated, match="object is expected"):
        receive_order("cn", "O-1", payload, actor=shop_system)


def test_a_payment_never_falls_under_what_is_promised_or_went_back(shop_system: User) -> None:
    receive_order("cn", "O-1", order_payload(), actor=shop_system)
    payment = Payment.objects.get()
    payment.reserved, payment.refunded = Decimal("100.00"), Decimal("200.00")
    payment.save()
    before = everything()

    less = with_value("payments.0.captured", "299.99")
    less["total"] = "299.99"
    with pytest.raises(RuleViolated) as refusal:
        receive_order("cn", "O-1", less, actor=shop_system)

    assert (refusal.value.code, refusal.value.field) == (
        "payment_overdrawn",
        "payments.0.captured",
    )
    assert everything() == before
    _order, outcome = receive_order(
        "cn", "O-1", with_value("payments.0.captured", "300.00"), actor=shop_system
    )
    payment.refresh_from_db()
    assert (outcome, payment.captured) == (Received.CHANGED, Decimal("300.00"))
    # The ledger of returns would miss its entries once the transaction ends.
    payment.reserved = payment.refunded = Decimal(0)
    payment.save()


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("lines.1", ..., "line_missing"),
        ("payments", [], "payment_missing"),
        ("currency", "EUR", "currency_changed"),
        ("payments.0.currency", "EUR", "currency_changed"),
        (
            "shipments.0",
            {"carrier": "SF", "tracking_number": "SF100", "delivered_at": "2026-03-01T00:00:00Z"},
            "delivered_before_shipped",
        ),
    ],
)
def test_what_was_reported_cannot_vanish_or_turn(
    shop_system: User, path: str, value: Any, code: str
) -> None:
    receive_order("cn", "O-1", order_payload(), actor=shop_system)
    before = everything()

    with pytest.raises(RuleViolated) as refusal:
        receive_order("cn", "O-1", with_value(path, value), actor=shop_system)

    assert refusal.value.code == code
    assert everything() == before


def test_a_report_without_payments_leaves_them_alone(shop_system: User) -> None:
    receive_order("cn", "O-1", order_payload(), actor=shop_system)
    payload = order_payload(status="completed")
    del payload["payments"], payload["shipments"]

    _order, outcome = receive_order("cn", "O-1", payload, actor=shop_system)

    assert outcome == Received.CHANGED
    assert (Payment.objects.count(), Shipment.objects.count()) == (1, 1)


def test_a_buyer_is_known_by_account_then_phone_and_keeps_their_addresses(
    shop_system: User,
) -> None:
    def buy(number: str, **customer: str) -> Customer:
        payload = order_payload(customer=customer)
        return receive_order("cn", number, payload, actor=shop_system)[0].customer

    first = buy("O-1", external_id="C1", phone="13812345678", name="李小明")
    same_account = buy("O-2", external_id="C1", phone="13912345678", email="a@example.cn")
    by_phone = buy("O-3", phone="+86 139 1234 5678")
    other_account = buy("O-4", external_id="C2", phone="13812345678")

    assert same_account == by_phone == first
    assert other_account != first
    assert {point.address for point in first.contact_points.all()} == {
        "13812345678",
        "13912345678",
        "a@example.cn",
    }
    assert other_account.contact_points.count() == 0


def test_an_order_of_a_merged_customer_stays_with_its_own_record(shop_system: User) -> None:
    system = system_actor()
    order, _ = receive_order("cn", "O-1", order_payload(), actor=shop_system)
    other, _ = receive_order(
        "cn", "O-2", order_payload(customer={"external_id": "C2"}), actor=shop_system
    )
    merge_customers(order.customer_id, other.customer_id, actor=system)

    later, _ = receive_order("cn", "O-3", order_payload(), actor=shop_system)

    assert later.customer == order.customer


@pytest.mark.parametrize(
    "role", [None, Role.AGENT, Role.LEAD, Role.WAREHOUSE, Role.FINANCE, Role.AUDITOR]
)
def test_orders_are_pushed_by_shop_systems_only(role: str | None) -> None:
    make_shop()
    actor = make_user(role) if role else make_user(roles=[])

    with pytest.raises(NotPermitted):
        receive_order("cn", "O-1", order_payload(), actor=actor)
    with pytest.raises(NotPermitted):
        receive_orders_batch([Incoming("cn", "O-1", order_payload())], actor=actor)

    assert Order.objects.count() == 0


@pytest.mark.parametrize("role", [Role.SERVICE_ACCOUNT, Role.ADMINISTRATOR, "system"])
def test_orders_are_taken_from_shop_systems_importers_and_the_system(role: str) -> None:
    make_shop()
    actor = system_actor() if role == "system" else make_user(role)

    assert receive_order("cn", "O-1", order_payload(), actor=actor)[1] == Received.CREATED


def test_order_the_database_never_takes_ends_with_its_word(shop_system: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE customers_payment ADD CONSTRAINT never CHECK (false) NOT VALID")

    with pytest.raises(IntegrityError, match="never"):
        receive_order("cn", "O-1", order_payload(), actor=shop_system)

    assert (Order.objects.count(), Customer.objects.count()) == (0, 0)
