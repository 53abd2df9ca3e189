"""What the case page shows of the customer: ways to reach them, the order, their other cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from aftersales.kernel.masking import mask_email, mask_phone
from aftersales.kernel.prepared import plain_rows
from customers.models import ContactChannel, Order
from customers.queries import FAMILY
from staff.models import User
from tickets.models import Ticket
from tickets.queries.case_rows import moment
from tickets.querysets import is_plainly_seen, sees_everything
from tickets.statuses import TicketStatus

MOST_OTHER_CASES = 20
MOST_OTHERS_READ = 200
OTHERS = """
    SELECT t.* FROM unnest(ARRAY(FAMILY)) AS record (id) CROSS JOIN LATERAL (
        SELECT id, department_id, assignee_id, created_by_id, number, subject, status, received_at
        FROM tickets_ticket WHERE customer_id = record.id ORDER BY received_at DESC LIMIT %s
    ) t WHERE t.id <> %s ORDER BY t.received_at DESC
""".replace("FAMILY", FAMILY)


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A way to reach the customer, masked."""

    channel: str
    masked: str
    is_mail: bool


@dataclass(frozen=True, slots=True)
class LineRow:
    name: str
    sku: str
    quantity: int
    paid: Decimal


@dataclass(frozen=True, slots=True)
class PaymentRow:
    method: str
    captured: Decimal
    refunded: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class ParcelRow:
    carrier: str
    tracking_number: str
    shipped_at: datetime | None
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderPanel:
    """The order as the shop reported it."""

    number: str
    status: str
    placed_at: datetime
    currency: str
    total: Decimal
    lines: tuple[LineRow, ...]
    payments: tuple[PaymentRow, ...]
    parcels: tuple[ParcelRow, ...]


@dataclass(frozen=True, slots=True)
class OtherCase:
    number: str
    subject: str
    status: str
    received_at: datetime

    @property
    def status_label(self) -> str:
        return str(TicketStatus(self.status).label)


def contact_row(row: dict[str, str]) -> ContactRow:
    channel, address = ContactChannel(row["channel"]), row["address"]
    masked = mask_email(address) if channel == ContactChannel.EMAIL else mask_phone(address)
    return ContactRow(str(channel.label), masked, channel == ContactChannel.EMAIL)


def order_panel(order: Order, rows: dict[str, Any]) -> OrderPanel:
    return OrderPanel(
        number=order.external_id,
        status=order.get_shop_status_display(),
        placed_at=order.placed_at,
        currency=order.currency,
        total=order.total,
        lines=tuple(
            LineRow(row["name"], row["sku"], row["n"], row["paid"]) for row in rows["lines"] or ()
        ),
        payments=tuple(
            PaymentRow(row["method"], row["captured"], row["refunded"], row["currency"])
            for row in rows["payments"] or ()
        ),
        parcels=tuple(
            ParcelRow(row["carrier"], row["number"], moment(row["out"]), moment(row["at"]))
            for row in rows["parcels"] or ()
        ),
    )


def other_cases(ticket: Ticket, user: User) -> tuple[OtherCase, ...]:
    """The customer's other cases in the user's scope, newest first, a limited number; a person is
    all records that were merged."""
    if ticket.customer_id is None:
        return ()
    rows = plain_rows(OTHERS, [ticket.customer_id, MOST_OTHERS_READ, ticket.pk])
    seen = _seen_of(rows, user)
    return tuple(OtherCase(*row[4:]) for row in rows if row[0] in seen)[:MOST_OTHER_CASES]


def _seen_of(rows: list[tuple[Any, ...]], user: User) -> set[int]:
    """Keys of those in scope; only what is not plainly in it costs a statement of its own."""
    if sees_everything(user):
        return {row[0] for row in rows}
    seen = {row[0] for row in rows if is_plainly_seen(user, *row[1:4])}
    doubtful = [row[0] for row in rows if row[0] not in seen]
    if doubtful:
        seen |= set(
            Ticket.objects.visible_to(user).filter(pk__in=doubtful).values_list("pk", flat=True)
        )
    return seen
