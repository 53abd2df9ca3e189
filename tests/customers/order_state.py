"""What a report of an order may change, and reports with one value that is different."""

from __future__ import annotations

from typing import Any

from compliance.models import AuditEvent, JournalEntry
from customers.models import (
    ContactPoint,
    Customer,
    Order,
    OrderLine,
    Payment,
    Shipment,
    ShipmentEvent,
)
from tests.factories.customers import order_payload

AUDITED = (Customer, ContactPoint, Order, OrderLine, Payment, Shipment, ShipmentEvent)


def everything() -> tuple[int, ...]:
    """Rows, history rows, journal and events: what a refusal or a repeat must leave alone."""
    rows = [model.objects.count() for model in AUDITED]
    history = [model.history.count() for model in AUDITED]
    return (*rows, *history, JournalEntry.objects.count(), AuditEvent.objects.count())


def with_value(path: str, value: Any) -> dict[str, Any]:
    """The usual payload with one value replaced, added, or removed for ``...``."""
    payload: Any = order_payload()
    here = payload
    *steps, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
    for step in steps:
        here = here[step]
    if value is ...:
        del here[last]
    else:
        here[last] = value
    return payload
