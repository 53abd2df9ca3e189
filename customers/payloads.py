"""What a shop may send about an order: checked once, here, into values that fit the tables.

Every refusal is a ``RuleViolated`` naming the rule and the field by path (``lines.0.quantity``).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.money import MINOR_UNITS
from customers.contacts import normalize, normalize_phone
from customers.models import ContactChannel, OrderStatus, Tier
from customers.reader import Reader
from staff.models import Language

MOST_LINES, MOST_PAYMENTS, MOST_PARCELS, MOST_SCANS, MOST_STEPS = 500, 50, 100, 500, 20
MOST_PIECES = 1_000_000
# A shop's clock may go a little fast; an hour would be a wrong time zone, and would make all that
# the shop reports within this hour stale.
FAST = timedelta(minutes=10)
# An enumeration counts its values anew each time it is asked.
STATUSES, TIERS, LANGUAGES = OrderStatus.values, Tier.values, Language.values
PARTS = {"customer", "lines", "payments", "shipments"}


@dataclass(frozen=True)
class PersonData:
    """The buyer; at least one of number, mail and phone is known."""

    external_id: str
    name: str
    email: str
    phone: str
    tier: str
    language: str
    region: str

    @property
    def addresses(self) -> tuple[tuple[str, str], ...]:
        """Normalised contact points, the surest first."""
        pairs = ((ContactChannel.PHONE, self.phone), (ContactChannel.EMAIL, self.email))
        return tuple((str(channel), address) for channel, address in pairs if address)


@dataclass(frozen=True)
class LineData:
    """One article."""

    position: int
    sku: str
    name: str
    category: str
    quantity: int
    unit_price: Decimal
    paid_amount: Decimal
    serial_number: str
    traits: list[str]
    is_marked_on_page: bool
    is_confirmed_at_purchase: bool


@dataclass(frozen=True)
class PaymentData:
    """One payment, in its own currency."""

    external_id: str
    method: str
    currency: str
    captured: Decimal
    paid_at: datetime


@dataclass(frozen=True)
class ScanData:
    """One event of a parcel."""

    happened_at: datetime
    text: str
    place: str


@dataclass(frozen=True)
class ParcelData:
    """One parcel with its scans."""

    carrier: str
    tracking_number: str
    shipped_at: datetime | None
    delivered_at: datetime | None
    events: tuple[ScanData, ...]

    @property
    def columns(self) -> dict[str, Any]:
        """The parcel's own columns; scans have a table of their own."""
        return {name: value for name, value in vars(self).items() if name != "events"}


@dataclass(frozen=True)
class OrderData:
    """A whole order. ``payments`` and ``shipments`` are None when the shop said nothing of them,
    ``source_updated_at`` when it did not say when it changed the order."""

    shop_status: str
    placed_at: datetime
    currency: str
    total: Decimal
    shipping_fee: Decimal
    discount_steps: list[dict[str, str]]
    recipient: str
    recipient_phone: str
    address: str
    is_business: bool
    customer: PersonData
    lines: tuple[LineData, ...]
    payments: tuple[PaymentData, ...] | None
    shipments: tuple[ParcelData, ...] | None
    source_updated_at: datetime | None

    @property
    def columns(self) -> dict[str, Any]:
        """The order's own columns; what hangs on it has tables of its own. The time of change that
        is kept stays where none is told."""
        unsaid = {"source_updated_at"} if self.source_updated_at is None else set()
        return {name: value for name, value in vars(self).items() if name not in PARTS | unsaid}

    @property
    def digest(self) -> str:
        """SHA-256 of what was understood: another spelling of the same order is the same order,
        whenever the shop says that it became so."""
        content = {name: value for name, value in vars(self).items() if name != "source_updated_at"}
        text = json.dumps(content, default=plain, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def plain(value: Any) -> Any:
    """How a digest spells what JSON cannot."""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else vars(value)


def parse_number(external_id: object) -> str:
    """An order's number as the shop wrote it."""
    return Reader({"external_id": external_id}).text("external_id", 64, required=True)


def parse_order(payload: object) -> OrderData:
    """Check a payload and give its values; raises ``RuleViolated`` at the first field at fault."""
    reader = Reader.of(payload)
    currency = reader.choice("currency", MINOR_UNITS)
    order = OrderData(
        shop_status=reader.choice("status", STATUSES, default=OrderStatus.PAID),
        placed_at=reader.moment("placed_at"),
        currency=currency,
        total=reader.amount("total", currency),
        shipping_fee=reader.amount("shipping_fee", currency, default="0"),
        discount_steps=[
            parse_step(step, currency) for step in reader.parts("discount_steps", MOST_STEPS)
        ],
        recipient=reader.text("recipient", 120),
        recipient_phone=phone_of(reader, "recipient_phone", 32),
        address=reader.text("address", 300),
        is_business=reader.flag("is_business"),
        customer=parse_person(reader.part("customer")),
        lines=tuple(
            parse_line(line, index + 1, currency)
            for index, line in enumerate(reader.parts("lines", MOST_LINES, least=1))
        ),
        payments=parse_payments(reader, currency),
        shipments=parse_parcels(reader),
        source_updated_at=parse_change(reader),
    )
    reader.done()
    once("lines", "position", [line.position for line in order.lines])
    once("payments", "external_id", [pay.external_id for pay in order.payments or ()])
    once("shipments", "tracking_number", [box.tracking_number for box in order.shipments or ()])
    return order


def parse_change(reader: Reader) -> datetime | None:
    """When the shop changed the order, if it says so."""
    if not reader.has("source_updated_at"):
        return None
    moment = reader.moment("source_updated_at")
    if moment > now() + FAST:
        told = _("This time lies ahead: the clock or the time zone is wrong.")
        raise RuleViolated("in_the_future", told, field=reader.path("source_updated_at"))
    return moment


def parse_person(reader: Reader) -> PersonData:
    person = PersonData(
        external_id=reader.text("external_id", 100),
        name=reader.text("name", 120),
        email=contact_of(reader, "email", ContactChannel.EMAIL),
        phone=contact_of(reader, "phone", ContactChannel.PHONE),
        tier=reader.choice("tier", TIERS, default=""),
        language=reader.choice("language", LANGUAGES, default=""),
        region=reader.text("region", 80),
    )
    reader.done()
    if not (person.external_id or person.email or person.phone):
        raise RuleViolated(
            "customer_unknown",
            _("The customer needs a number, a mail address or a phone number."),
            field="customer",
        )
    return person


def parse_step(reader: Reader, currency: str) -> dict[str, str]:
    """One step of a discount by sum, as the order keeps it."""
    least, off = reader.amount("threshold", currency), reader.amount("discount", currency)
    reader.done()
    if not 0 < off <= least:
        raise RuleViolated(
            "odd_discount",
            _("A discount is above zero and not above its sum."),
            field=reader.path("discount"),
        )
    return {"threshold": str(least), "discount": str(off)}


def parse_line(reader: Reader, position: int, currency: str) -> LineData:
    line = LineData(
        position=reader.whole("position", 1, 32_767, default=position),
        sku=reader.text("sku", 64, required=True),
        name=reader.text("name", 200, required=True),
        category=reader.text("category", 80),
        quantity=reader.whole("quantity", 1, MOST_PIECES),
        unit_price=reader.amount("unit_price", currency),
        paid_amount=reader.amount("paid_amount", currency),
        serial_number=reader.text("serial_number", 64),
        traits=reader.texts("traits", 30),
        is_marked_on_page=reader.flag("is_marked_on_page"),
        is_confirmed_at_purchase=reader.flag("is_confirmed_at_purchase"),
    )
    reader.done()
    return line


def parse_payments(reader: Reader, currency: str) -> tuple[PaymentData, ...] | None:
    if not reader.has("payments"):
        return None
    return tuple(parse_payment(part, currency) for part in reader.parts("payments", MOST_PAYMENTS))


def parse_payment(reader: Reader, currency: str) -> PaymentData:
    own = reader.choice("currency", MINOR_UNITS, default=currency)
    payment = PaymentData(
        external_id=reader.text("external_id", 64, required=True),
        method=reader.text("method", 30, required=True),
        currency=own,
        captured=reader.amount("captured", own),
        paid_at=reader.moment("paid_at"),
    )
    reader.done()
    return payment


def parse_parcels(reader: Reader) -> tuple[ParcelData, ...] | None:
    if not reader.has("shipments"):
        return None
    return tuple(parse_parcel(part) for part in reader.parts("shipments", MOST_PARCELS))


def parse_parcel(reader: Reader) -> ParcelData:
    parcel = ParcelData(
        carrier=reader.text("carrier", 40, required=True),
        tracking_number=reader.text("tracking_number", 64, required=True),
        shipped_at=reader.moment("shipped_at") if reader.has("shipped_at") else None,
        delivered_at=reader.moment("delivered_at") if reader.has("delivered_at") else None,
        events=tuple(parse_scan(scan) for scan in reader.parts("events", MOST_SCANS)),
    )
    reader.done()
    if parcel.shipped_at and parcel.delivered_at and parcel.delivered_at < parcel.shipped_at:
        raise RuleViolated(
            "delivered_before_shipped",
            _("A parcel cannot be delivered before it was shipped."),
            field=reader.path("delivered_at"),
        )
    once(reader.path("events"), "text", [(scan.happened_at, scan.text) for scan in parcel.events])
    return parcel


def parse_scan(reader: Reader) -> ScanData:
    scan = ScanData(
        happened_at=reader.moment("happened_at"),
        text=reader.text("text", 300, required=True),
        place=reader.text("place", 100),
    )
    reader.done()
    return scan


def contact_of(reader: Reader, name: str, channel: str) -> str:
    """A contact in its stored form, or nothing."""
    value = reader.text(name, 254)
    with reader.blaming(name):
        return normalize(channel, value) if value else ""


def phone_of(reader: Reader, name: str, longest: int) -> str:
    value = reader.text(name, longest)
    with reader.blaming(name):
        return normalize_phone(value) if value else ""


def once(path: str, name: str, values: list[Any]) -> None:
    """Refuse a key that two entries of a list share, naming the second one."""
    seen: set[Any] = set()
    for index, value in enumerate(values):
        if value in seen:
            raise RuleViolated(
                "repeated", _("The same key appears twice."), field=f"{path}.{index}.{name}"
            )
        seen.add(value)
