"""A known order reported anew: what differs is saved, what was reported cannot vanish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated
from customers.line_uses import pieces_in_use
from customers.models import Customer, Order, OrderLine, Payment, Shipment, ShipmentEvent
from customers.payloads import LineData, OrderData, ParcelData, PaymentData


def change_order(order: Order, data: OrderData, customer: Customer) -> None:
    """Bring a locked order up to date; raises ``RuleViolated`` where money contradicts."""
    if data.currency != order.currency:
        raise RuleViolated(
            "currency_changed", _("The currency of an order cannot change."), field="currency"
        )
    change_lines(order, data.lines)
    if data.payments is not None:
        change_payments(order, data.payments)
    for index, parcel in enumerate(data.shipments or ()):
        change_parcel(order, parcel, f"shipments.{index}")
    received = {"customer": customer, "payload_digest": data.digest, "updated_at": now()}
    save_changed(order, data.columns | received)


def save_changed(row: models.Model, values: Mapping[str, Any]) -> None:
    """Save the columns that differ, nothing when none does."""
    differing = [name for name, value in values.items() if getattr(row, name) != value]
    for name in differing:
        setattr(row, name, values[name])
    if differing:
        row.save(update_fields=differing)


def change_lines(order: Order, lines: tuple[LineData, ...]) -> None:
    """Lines by position: cases point at them, so none may go."""
    rows = OrderLine.objects.select_for_update(of=("self",), no_key=True).filter(order=order)
    known = {row.position: row for row in rows.order_by("pk")}
    refuse_missing(known, {line.position for line in lines}, "line_missing", "lines")
    used = pieces_in_use([row.pk for row in known.values()])
    for index, line in enumerate(lines):
        row = known.get(line.position)
        if row is None:
            OrderLine.objects.create(order=order, **vars(line))
        else:
            refuse_taking_back(row, line, used[row.pk], f"lines.{index}")
            save_changed(row, vars(line))


def refuse_taking_back(row: OrderLine, line: LineData, used: int, path: str) -> None:
    """Raise for fewer pieces than come back, and for another article while any does: a shop that
    tells its lines in another order, without positions, would exchange what a return is about."""
    if line.quantity < used:
        told = _("%(count)s pieces of this article come back or came back.") % {"count": used}
        raise RuleViolated("line_returned", told, field=f"{path}.quantity")
    if used and line.sku != row.sku:
        told = _("“%(article)s” comes back; this line cannot become another article.") % {
            "article": row.name
        }
        raise RuleViolated("line_returned", told, field=f"{path}.sku")


def change_payments(order: Order, payments: tuple[PaymentData, ...]) -> None:
    """Payments by number; what was captured may not fall under what is promised or went back."""
    rows = Payment.objects.select_for_update(of=("self",)).filter(order=order).order_by("pk")
    known = {row.external_id: row for row in rows}
    named = {payment.external_id for payment in payments}
    refuse_missing(known, named, "payment_missing", "payments")
    for index, payment in enumerate(payments):
        row = known.get(payment.external_id)
        if row is None:
            Payment.objects.create(order=order, **vars(payment))
            continue
        if payment.currency != row.currency:
            raise RuleViolated(
                "currency_changed",
                _("The currency of a payment cannot change."),
                field=f"payments.{index}.currency",
            )
        if payment.captured < row.reserved + row.refunded:
            raise RuleViolated(
                "payment_overdrawn",
                _("Less captured than already refunded or reserved for refunds."),
                field=f"payments.{index}.captured",
            )
        save_changed(row, vars(payment))


def change_parcel(order: Order, parcel: ParcelData, path: str) -> None:
    """Add or update a parcel and add its new scans; a shop may send only the latest ones."""
    own = parcel.columns
    row = Shipment.objects.filter(order=order, tracking_number=parcel.tracking_number).first()
    if row is None:
        row = Shipment.objects.create(order=order, **own)
    else:
        own = {name: value for name, value in own.items() if value is not None}
        shipped = own.get("shipped_at", row.shipped_at)
        delivered = own.get("delivered_at", row.delivered_at)
        if shipped and delivered and delivered < shipped:
            raise RuleViolated(
                "delivered_before_shipped",
                _("A parcel cannot be delivered before it was shipped."),
                field=f"{path}.delivered_at",
            )
        save_changed(row, own)
    known = set(ShipmentEvent.objects.filter(shipment=row).values_list("happened_at", "text"))
    for scan in parcel.events:
        if (scan.happened_at, scan.text) not in known:
            ShipmentEvent.objects.create(shipment=row, **vars(scan))


def refuse_missing(known: Mapping[Any, Any], named: set[Any], code: str, field: str) -> None:
    missing = sorted(str(key) for key in known if key not in named)
    if missing:
        message = _("Reported before and missing now: %(names)s.") % {"names": ", ".join(missing)}
        raise RuleViolated(code, message, field=field)
