"""Finding a case by a number somebody reads out, and a caller by the one they call from."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value

from aftersales.kernel.errors import RuleViolated
from customers.contacts import normalize_phone
from customers.models import ContactChannel, ContactPoint, Customer, Order, OrderLine, Shipment

CASE_NUMBER = re.compile(r"^t-?\s*0*(\d{1,9})$", re.IGNORECASE)
# A number of an order, parcel or article, a phone or mail address: no blanks, a digit or an @.
IDENTIFIER = re.compile(r"^(?=.*[\d@])[^\s\u3400-\u9fff]{4,254}$")
PHONE = re.compile(r"^[+\d\s().\-０-９（）]{5,30}$")
MOST_HITS = 50


@dataclass(frozen=True, slots=True)
class Exact:
    """Orders and customers that a text names exactly."""

    orders: tuple[int, ...]
    customers: tuple[int, ...]

    @property
    def condition(self) -> Q:
        return Q(order__in=self.orders) | Q(customer__in=self.customers)


def case_number(text: str) -> str:
    """«t123» → «T-000123»; '' for anything else."""
    match = CASE_NUMBER.match(text.strip())
    return f"T-{int(match.group(1)):06d}" if match else ""


def find_exact(text: str) -> Exact | None:
    """Whose order, parcel, serial number, phone or mail this exactly is; two queries at most."""
    text = text.strip()
    if not text.isprintable() or not (IDENTIFIER.match(text) or PHONE.match(text)):
        return None
    hits = list(_hits(text))
    orders = tuple(pk for kind, pk in hits if kind == "order")
    customers = [pk for kind, pk in hits if kind == "customer"]
    if not hits:
        return None
    return Exact(orders, tuple(_same_person(customers)) if customers else ())


def _hits(text: str) -> QuerySet[Any, Any]:
    """(kind, pk) rows of everything that bears the text; one statement."""
    spellings = {text, text.lower()}
    with suppress(RuleViolated):
        spellings.add(normalize_phone(text))

    def named(kind: str) -> Value:
        return Value(kind, output_field=CharField())

    orders = Order.objects.filter(external_id=text).annotate(hit=named("order"))
    parcels = Shipment.objects.filter(tracking_number=text).annotate(hit=named("order"))
    numbered = OrderLine.objects.exclude(serial_number="")
    goods = numbered.filter(serial_number=text).annotate(hit=named("order"))
    people = ContactPoint.objects.filter(
        channel__in=ContactChannel.values, address__in=spellings
    ).annotate(hit=named("customer"))
    return (
        orders.order_by()
        .annotate(owner=F("pk"))
        .values_list("hit", "owner")
        .union(
            parcels.order_by().annotate(owner=F("order_id")).values_list("hit", "owner"),
            goods.order_by().annotate(owner=F("order_id")).values_list("hit", "owner"),
            people.order_by().annotate(owner=F("customer_id")).values_list("hit", "owner"),
        )[:MOST_HITS]
    )


def _same_person(ids: list[int]) -> list[int]:
    """These customers, those they were merged into, and those merged into them."""
    into = Customer.objects.filter(pk__in=ids).exclude(merged_into=None).values("merged_into")
    family = Customer.objects.filter(Q(pk__in=ids) | Q(pk__in=into) | Q(merged_into__in=ids))
    return list(family.values_list("pk", flat=True)[:MOST_HITS])
