"""Customers and their orders, as the shop system would have pushed them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Final

from aftersales.demo.catalog import PRODUCTS_BY_SHOP, Product, Shop, pick_carrier
from aftersales.demo.chronicle import Chronicle
from aftersales.demo.discounts import paid_amounts, promised
from aftersales.demo.ground import LANGUAGES, Ground, by
from aftersales.demo.people import Person, make_customer
from aftersales.demo.rows import Row
from aftersales.kernel.context import Source
from customers.contacts import normalize_phone
from customers.models import (
    ContactPoint,
    Customer,
    Order,
    OrderLine,
    Payment,
    Shipment,
    ShipmentEvent,
)

MARKET_MODELS: Final = (
    Customer,
    ContactPoint,
    Order,
    OrderLine,
    Payment,
    Shipment,
    ShipmentEvent,
)
TIERS: Final = (("standard", 70), ("silver", 88), ("gold", 97), ("vip", 100))
PAY_METHODS: Final = {"zh": ("支付宝", "微信支付", "云闪付"), "en": ("Visa", "PayPal")}
# Hours after the order, what the carrier says, and where; "{city}" is the customer's.
SCANS: Final = {
    "zh": (
        (20, "已揽收，快件离开仓库", "杭州转运中心"),
        (34, "运输途中，已到达转运中心", "上海转运中心"),
        (52, "快件到达派送网点，安排派送", "{city}"),
        (57, "已签收，本人签收", "{city}"),
    ),
    "en": (
        (26, "Parcel picked up from the warehouse", "Rotterdam"),
        (50, "In transit, arrived at sorting centre", "Leipzig"),
        (92, "Out for delivery", "{city}"),
        (98, "Delivered, signed by recipient", "{city}"),
    ),
}


@dataclass(slots=True)
class Purchase:
    """An order with what a story about it needs to know."""

    order: Row
    customer: Row
    person: Person
    shop: Shop
    product: Product
    tracking_number: str


class Market:
    """Makes buyers and orders; everybody may buy more than once."""

    def __init__(self, pen: Chronicle, ground: Ground, first_serial: int = 0) -> None:
        self.pen, self.ground, self.rng = pen, ground, pen.rng
        self.serial, self.stride = first_serial, 1
        self.buyers: dict[str, list[tuple[Row, Person]]] = {}

    def take_lane(self, lane: int, lanes: int) -> None:
        """From now on draw every so-manieth number, so that others can draw those between."""
        self.serial, self.stride = self.serial + lane, lanes

    def buyer(self, shop: Shop, at: datetime) -> tuple[Row, Person]:
        """A customer of the shop known at that time, one in five a returning one."""
        known = self.buyers.setdefault(shop.code, [])
        if known and self.rng.random() < 0.2:
            row, person = self.rng.choice(known[-200:])
            if row["created_at"] < at:
                return row, person
        known.append(self.new_buyer(shop, at))
        return known[-1]

    def new_buyer(self, shop: Shop, at: datetime) -> tuple[Row, Person]:
        self.serial += self.stride
        person = make_customer(self.rng, shop.language, self.serial)
        draw = self.rng.randrange(100)
        signature = by(self.ground.api, Source.API, at)
        row = self.pen.add(
            Customer,
            {
                "shop_id": self.ground.shops[shop.code]["id"],
                "external_id": f"C{100_000 + self.serial}",
                "name": person.name,
                "tier": next(tier for tier, below in TIERS if draw < below),
                "language": LANGUAGES[shop.language],
                "region": person.city,
                "wants_surveys": self.rng.random() < 0.95,
                "created_at": at,
            },
            signature,
        )
        for channel, address in (("email", person.email), ("phone", normalize_phone(person.phone))):
            values = {"customer_id": row["id"], "channel": channel, "address": address}
            self.pen.add(ContactPoint, values | {"is_verified": True}, signature)
        self.pen.event("customers.created", (Customer, row, person.name[:1] + "***"), signature)
        return row, person

    def buy(self, shop: Shop, placed: datetime, *, is_shipped: bool, until: datetime) -> Purchase:
        """An order with its payment and, if shipped, its parcel and the scans up to `until`."""
        customer, person = self.buyer(shop, placed)
        sold = PRODUCTS_BY_SHOP[shop.code]
        products = self.rng.sample(sold, self.rng.choices((1, 2, 3), (70, 24, 6))[0])
        signature = by(self.ground.api, Source.API, placed)
        quantities = [2 if self.rng.random() < 0.08 else 1 for _ in products]
        fee = Decimal(0) if shop.currency == "CNY" else Decimal("4.90")
        values = [p.price * n for p, n in zip(products, quantities, strict=True)]
        steps = promised(shop.currency, placed)
        paid = paid_amounts(values, steps, shop.currency)
        number = self.order_number(shop, placed)
        order = self.pen.add(
            Order,
            {
                "shop_id": customer["shop_id"],
                "external_id": number,
                "payload_digest": sha256(number.encode()).hexdigest(),
                "customer_id": customer["id"],
                "shop_status": self.status(shop, placed, until) if is_shipped else "paid",
                "placed_at": placed,
                "currency": shop.currency,
                "total": sum(paid, fee),
                "shipping_fee": fee,
                "discount_steps": steps,
                "recipient": person.name,
                "recipient_phone": person.phone,
                "address": person.address,
                "received_at": placed,
                "updated_at": placed,
            },
            signature,
        )
        self.fill(order, list(zip(products, quantities, paid, strict=True)), shop)
        tracking = self.ship(order, person, shop, placed, until) if is_shipped else ""
        self.pen.event("customers.order_received", (Order, order, order["external_id"]), signature)
        return Purchase(order, customer, person, shop, products[0], tracking)

    def status(self, shop: Shop, placed: datetime, until: datetime) -> str:
        """What the shop said last: it pushes an order again when it moves."""
        last_scan = max(hours for hours, _text, _place in SCANS[shop.language]) + 1
        return "delivered" if placed + timedelta(hours=last_scan) < until else "shipped"

    def order_number(self, shop: Shop, placed: datetime) -> str:
        self.serial += self.stride
        if shop.language == "zh":
            return f"{placed:%y%m%d}{self.rng.randrange(100, 1000)}{self.serial:07d}"
        return f"{shop.code[0].upper()}E-{placed:%y%m}-{self.serial:06d}"

    def fill(self, order: Row, sold: Sequence[tuple[Product, int, Decimal]], shop: Shop) -> None:
        """Lines and payment."""
        signature = by(self.ground.api, Source.API, order["placed_at"])
        is_chinese = shop.language == "zh"
        for position, (product, number, paid) in enumerate(sold, 1):
            has_serial = product.group == "electronics"
            self.pen.add(
                OrderLine,
                {
                    "order_id": order["id"],
                    "position": position,
                    "sku": product.sku,
                    "name": product.name_zh if is_chinese else product.name_en,
                    "category": product.category,
                    "quantity": number,
                    "unit_price": product.price,
                    "paid_amount": paid,
                    "serial_number": f"SN{self.rng.randrange(10**10):010d}" if has_serial else "",
                    "traits": sorted(product.flags),
                },
                signature,
            )
        self.pen.add(
            Payment,
            {
                "order_id": order["id"],
                "external_id": f"P{order['external_id']}",
                "method": self.rng.choice(PAY_METHODS[shop.language]),
                "currency": shop.currency,
                "captured": order["total"],
                "reserved": Decimal(0),
                "refunded": Decimal(0),
                "paid_at": order["placed_at"],
            },
            signature,
        )

    def ship(
        self, order: Row, person: Person, shop: Shop, placed: datetime, until: datetime
    ) -> str:
        """The parcel as far as it got by `until`; returns its tracking number."""
        carrier = pick_carrier(self.rng, shop.language)
        scans = [
            (placed + timedelta(hours=hours, minutes=self.rng.randrange(55)), text, place)
            for hours, text, place in SCANS[shop.language]
        ]
        happened = [scan for scan in scans if scan[0] < until] or scans[:1]
        is_delivered = len(happened) == len(scans)
        signature = by(self.ground.api, Source.API, happened[-1][0])
        parcel = self.pen.add(
            Shipment,
            {
                "order_id": order["id"],
                "carrier": carrier.name_zh if shop.language == "zh" else carrier.name_en,
                "tracking_number": carrier.tracking_number(self.rng),
                "shipped_at": happened[0][0],
                "delivered_at": happened[-1][0] if is_delivered else None,
            },
            signature,
        )
        for at, text, place in happened:
            where = place.replace("{city}", person.city)
            values = {"shipment_id": parcel["id"], "happened_at": at, "text": text, "place": where}
            self.pen.add(ShipmentEvent, values, signature)
        return str(parcel["tracking_number"])
