"""Shops and orders, the orders made by the service that receives them."""

from __future__ import annotations

from itertools import count
from typing import Any

from customers.models import Order, Shop
from customers.services import receive_order
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_user

_serial = count(1)


def make_shop(code: str = "cn", **overrides: Any) -> Shop:
    """The shop of that code, made on first use."""
    existing = Shop.objects.filter(code=code).first()
    if existing:
        return existing
    shop = Shop(code=code, **({"name": "Main shop", "name_zh": "主店"} | overrides))
    shop.save()
    return shop


def line_payload(sku: str, name: str, quantity: int, price: str, paid: str) -> dict[str, Any]:
    return {
        "sku": sku,
        "name": name,
        "quantity": quantity,
        "unit_price": price,
        "paid_amount": paid,
    }


def order_payload(**overrides: Any) -> dict[str, Any]:
    """A paid jacket and two caps, shipped, for one buyer."""
    return {
        "status": "shipped",
        "placed_at": "2026-03-01T10:00:00+08:00",
        "currency": "CNY",
        "total": "399.00",
        "customer": {"external_id": "C1", "name": "李小明", "phone": "13812345678"},
        "recipient": "李小明",
        "recipient_phone": "13812345678",
        "address": "浙江省杭州市西湖区文三路1号",
        "lines": [
            line_payload("JKT-1", "夹克", 1, "299.00", "299.00"),
            line_payload("CAP-1", "帽子", 2, "50.00", "100.00"),
        ],
        "payments": [
            {
                "external_id": "P1",
                "method": "alipay",
                "captured": "399.00",
                "paid_at": "2026-03-01T10:01:00+08:00",
            }
        ],
        "shipments": [
            {
                "carrier": "SF",
                "tracking_number": "SF100",
                "shipped_at": "2026-03-02T09:00:00+08:00",
                "events": [{"happened_at": "2026-03-02T09:00:00+08:00", "text": "已揽收"}],
            }
        ],
    } | overrides


def make_order(actor: User | None = None, **overrides: Any) -> Order:
    """An order of a customer of its own, pushed by the shop."""
    number = next(_serial)
    phone = f"139{number:08d}"
    values = {
        "customer": {"external_id": f"C{number}", "name": "王芳", "phone": phone},
        "recipient_phone": phone,
    } | overrides
    order, _outcome = receive_order(
        make_shop().code,
        f"ORD-{number}",
        order_payload(**values),
        actor=actor or make_user(Role.SERVICE_ACCOUNT),
    )
    return order
