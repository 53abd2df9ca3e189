"""One buyer with an order and a case, told step by step through the desk's own services.

Every step happens at a moment of its own (``clock.telling``), a while after the one before, so that
stamps, promises and history say what a real desk's would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final, Literal

from django.conf import settings
from django.utils import timezone
from django.utils.functional import cached_property

from aftersales.demo.catalog import PRODUCTS_BY_SHOP, SHOPS, Product, Shop, pick_carrier
from aftersales.demo.discounts import Step, paid_amounts
from aftersales.demo.goods.words import FIRST_WORDS
from aftersales.demo.people import Person, make_customer
from aftersales.kernel.clock import telling
from aftersales.kernel.context import Source, entering
from customers.models import Order, OrderLine, Payment
from customers.services import receive_order
from returns.models import ReturnAuthorization, ReturnItem
from returns.services.requesting import NewReturn, Piece, request_return
from staff.models import User
from staff.services import system_actor
from tickets.models import Attachment, Category, Ticket
from tickets.services import conversation, files, handling, opening, outcome
from tickets.services.files import NewFile
from tickets.statuses import TicketStatus

# Serial numbers of these buyers, beyond those of the invented cases.
FIRST_SERIAL: Final = 60_000
# Sold with the state's three guarantees (phones, watches, headphones).
GUARANTEED: Final = ("electronics/phones", "electronics/watches", "electronics/audio")
ANSWERS: Final = ("works", "complete", "labels", "seal", "unchanged", "marks", "unused")
GOOD: Final = dict.fromkeys((*ANSWERS, "not_activated", "tags", "clean", "carton"), True)
ANSWER: Final = (
    "您好，已收到您的反馈，正在为您办理，有进展第一时间通知您。",
    "Hello, I am seeing to it right now and will tell you as soon as there is news.",
)
Gateway = Literal["manual", "sandbox"]


@dataclass(slots=True)
class Cast:
    """Who takes part, by username, and what all scenes share."""

    rng: Random
    today: datetime
    photos: Sequence[bytes]
    serial: int = FIRST_SERIAL
    people: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = {user.username: user for user in User.objects.all()}

    def __getitem__(self, username: str) -> User:
        return self.people[username]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What was ordered: the first step of a product's SKU per line, how long ago it arrived."""

    shop: str
    skus: tuple[str, ...]
    quantity: int = 1
    delivered_days_before: float | None = 2.0
    points: str = ""
    steps: tuple[Step, ...] = ()
    tier: str = "standard"
    like: Scene | None = None  # delivered to the same door as that one


class Scene:
    """A case under way at ``at``; nothing happens after a few minutes before today."""

    def __init__(
        self,
        cast: Cast,
        days_ago: float,
        bought: Bought,
        claim: str,
        *,
        agent: str = "ruolin.fang",
        is_phone: bool = False,
    ) -> None:
        self.cast, self.rng, self.claim = cast, cast.rng, claim
        self.at = cast.today - timedelta(days=days_ago)
        self.shop: Shop = next(shop for shop in SHOPS if shop.code == bought.shop)
        self.agent = cast[agent]
        self.order = self._order(bought)
        self.ticket = self._open(is_phone)

    # Time

    def wait(self, hours: float) -> None:
        """Let time pass, into the working day, never beyond what is left until today."""
        moment = self.at + timedelta(hours=hours, seconds=self.rng.randrange(60))
        hour = timezone.localtime(moment, timezone.get_default_timezone()).hour
        if hour < 8:
            moment += timedelta(hours=8 - hour)
        end = self.cast.today - timedelta(minutes=2)
        self.at = min(moment, self.at + max(end - self.at, timedelta()) * 0.5)

    def do(
        self, verb: Callable[..., Any], *args: Any, source: str = Source.ADMIN, **values: Any
    ) -> Any:
        """One verb, some minutes after the last."""
        self.wait(self.rng.uniform(0.05, 0.6))
        with telling(self.at), entering(source):
            return verb(*args, **values)

    def by_agent(self, verb: Callable[..., Any], *args: Any, **values: Any) -> Any:
        return self.do(verb, *args, actor=self.agent, **values)

    def by_machine(self, verb: Callable[..., Any], *args: Any, **values: Any) -> Any:
        return self.do(verb, *args, actor=system_actor(), source=Source.JOB, **values)

    def by_customer(self, verb: Callable[..., Any], *args: Any, **values: Any) -> Any:
        return self.do(verb, *args, actor=system_actor(), source=Source.PORTAL, **values)

    def say(self, zh: str, en: str) -> str:
        """In the language of the case."""
        return zh if self.shop.language == "zh" else en

    # The order and the case

    def _order(self, bought: Bought) -> Order:
        cast, shop = self.cast, self.shop
        cast.serial += 1
        person = make_customer(self.rng, shop.language, cast.serial)
        ago = bought.delivered_days_before
        delivered = self.at - timedelta(days=ago) if ago is not None else None
        placed = (delivered or self.at) - timedelta(days=3, hours=self.rng.randrange(20))
        payload = self._payload(bought, person, placed, delivered)
        number = f"{shop.code[0].upper()}{shop.code[-2].upper()}{placed:%y%m%d}{cast.serial}"
        told = (delivered or placed) + timedelta(minutes=5)
        with telling(told), entering(Source.API):
            order, _outcome = receive_order(shop.code, number, payload, actor=cast["shop-system"])
        return order

    def _payload(
        self, bought: Bought, person: Person, placed: datetime, delivered: datetime | None
    ) -> dict[str, Any]:
        by_sku = {product.sku: product for product in PRODUCTS_BY_SHOP[self.shop.code]}
        suffix = "-EU" if self.shop.currency == "EUR" else ""
        products = [by_sku[f"{sku}{suffix}"] for sku in bought.skus]
        fee = Decimal("4.90") if suffix else Decimal(0)
        values = [one.price * bought.quantity for one in products]
        paid = paid_amounts(values, bought.steps, self.shop.currency)
        total = sum(paid, fee)
        paid_at = placed.isoformat()
        door = bought.like.order if bought.like else None
        return {
            "status": "delivered" if delivered else "shipped",
            "placed_at": paid_at,
            "currency": self.shop.currency,
            "total": str(total),
            "shipping_fee": str(fee),
            "discount_steps": list(bought.steps),
            "customer": {
                "external_id": f"C{200_000 + self.cast.serial}",
                "name": person.name,
                "email": person.email,
                "phone": person.phone,
                "tier": bought.tier,
                "region": person.city,
            },
            "recipient": person.name,
            "recipient_phone": door.recipient_phone if door else person.phone,
            "address": door.address if door else person.address,
            "lines": [
                self._line(one, bought.quantity, amount)
                for one, amount in zip(products, paid, strict=True)
            ],
            "payments": self._payments(total, Decimal(bought.points or 0), paid_at),
            "shipments": [self._parcel(placed, delivered)],
        }

    def _payments(self, total: Decimal, points: Decimal, paid_at: str) -> list[dict[str, str]]:
        """Paid in one way, or for a part in points."""
        tenders = [(self.rng.choice(self.say("支付宝 微信支付", "Visa PayPal").split()), total)]
        if points:
            tenders = [(tenders[0][0], total - points), ("points", points)]
        return [
            {
                "external_id": f"PAY{self.cast.serial}{index}",
                "method": method,
                "captured": str(amount),
                "paid_at": paid_at,
            }
            for index, (method, amount) in enumerate(tenders, 1)
        ]

    def _line(self, product: Product, quantity: int, paid: Decimal) -> dict[str, Any]:
        traits = sorted(product.flags) + (
            ["three_guarantees"] if product.category in GUARANTEED else []
        )
        has_serial = product.group == "electronics"
        return {
            "sku": product.sku,
            "name": self.say(product.name_zh, product.name_en),
            "category": product.category,
            "quantity": quantity,
            "unit_price": str(product.price),
            "paid_amount": str(paid),
            "serial_number": f"SN{self.rng.randrange(10**10):010d}" if has_serial else "",
            "traits": traits,
        }

    def _parcel(self, placed: datetime, delivered: datetime | None) -> dict[str, Any]:
        carrier = pick_carrier(self.rng, self.shop.language)
        parcel = {
            "carrier": self.say(carrier.name_zh, carrier.name_en),
            "tracking_number": carrier.tracking_number(self.rng),
            "shipped_at": (placed + timedelta(hours=9)).isoformat(),
        }
        return parcel | ({"delivered_at": delivered.isoformat()} if delivered else {})

    def _open(self, is_phone: bool) -> Ticket:
        """The customer's first words, acknowledged, assessed, with somebody."""
        words = FIRST_WORDS[self.claim]
        line = self.line
        kind = "repair_request" if self.claim == "repair" else "return_request"
        case = opening.NewCase(
            subject=self.say(words.subject_zh, words.subject_en).format(name=line.name),
            body=self.say(words.body_zh, words.body_en).format(name=line.name, order=self.order),
            channel="phone" if is_phone else "web",
            kind=kind,
            order=self.order,
            category=Category.objects.get(path=words.category),
            department=self.agent.department,
            assignee=self.agent,
            author_name=self.order.customer.name,
        )
        opened = self.by_agent if is_phone else self.by_customer
        ticket: Ticket = opened(opening.open_ticket, case)
        self.by_agent(handling.acknowledge, ticket.pk)
        seen = handling.Assessment(severity="moderate", complexity="normal")
        self.by_agent(handling.assess, ticket.pk, seen)
        self.reply(*ANSWER, ticket=ticket)
        return ticket

    @cached_property
    def lines(self) -> list[OrderLine]:
        return list(self.order.lines.order_by("position"))

    @property
    def line(self) -> OrderLine:
        return self.lines[0]

    @property
    def payment(self) -> Payment:
        """The money, not the points."""
        payment: Payment = self.order.payments.order_by("pk")[0]
        return payment

    def photo(self, number: int = 0, *, is_customers: bool = True) -> Attachment:
        """A picture on the case."""
        name = self.say(f"照片{number + 1}.png", f"photo-{number + 1}.png")
        new = NewFile(name, self.cast.photos[number % len(self.cast.photos)])
        add = self.by_customer if is_customers else self.by_agent
        file: Attachment = add(files.add_file, self.ticket.pk, new, is_internal=not is_customers)
        return file

    # Verbs that many scenes share

    def ask(
        self,
        kind: str,
        claim: str = "",
        *,
        quantity: int = 0,
        condition: str = "unopened",
        lines: int = 1,
    ) -> ReturnAuthorization:
        """The customer asks on the status page; all of the first article unless told otherwise."""
        pieces = [
            Piece(line=one.pk, quantity=quantity or one.quantity, condition=condition)
            for one in self.lines[:lines]
        ]
        new = NewReturn(kind=kind, claim=claim or self.claim, pieces=pieces)
        rma: ReturnAuthorization = self.by_customer(request_return, self.ticket.pk, new)
        return rma

    def items(self, rma: ReturnAuthorization) -> list[ReturnItem]:
        return list(rma.items.order_by("pk"))

    def reply(self, zh: str, en: str, ticket: Ticket | None = None) -> None:
        """Answer; now it is the customer's turn."""
        pk, body = (ticket or self.ticket).pk, self.say(zh, en)
        self.by_agent(conversation.reply, pk, body=body, then=TicketStatus.PENDING)

    def resolve(self, zh: str, en: str) -> None:
        """Tell the result; the case is resolved."""
        self.by_agent(outcome.tell_result, self.ticket.pk, body=self.say(zh, en))


@contextmanager
def refunds_through(gateway: Gateway) -> Iterator[None]:
    """Which way refunds that are asked for in the block take."""
    before = settings.REFUND_GATEWAY
    settings.REFUND_GATEWAY = gateway
    try:
        yield
    finally:
        settings.REFUND_GATEWAY = before
