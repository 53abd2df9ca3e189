"""Reading customers and orders: the caller on the phone, the person behind the case."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.prepared import plain_rows
from customers.contacts import normalize_phone
from customers.models import (
    ContactChannel,
    ContactPoint,
    Customer,
    Order,
    OrderLine,
    Shipment,
    Shop,
)
from staff.models import User

SHOWN_ORDERS = 20
MOST_HITS = 50
DEEPEST_MERGE = 10

# Up to the record that stands for this one, then down to all it stands for. UNION, not UNION ALL:
# a circle, should there ever be one, ends.
FAMILIES = """
WITH RECURSIVE above AS (
    SELECT id AS asked, id, merged_into_id FROM customers_customer WHERE id = ANY(%s::bigint[])
    UNION
    SELECT above.asked, c.id, c.merged_into_id
    FROM customers_customer c JOIN above ON c.id = above.merged_into_id
), family AS (
    SELECT asked, id FROM above
    UNION
    SELECT family.asked, c.id
    FROM customers_customer c JOIN family ON c.merged_into_id = family.id
)
SELECT asked, id FROM family ORDER BY id
"""
# Of one record.
FAMILY = f"SELECT id FROM ({FAMILIES.replace('%s', 'ARRAY[%s]')}) AS person ORDER BY id"  # noqa: S608 -- of our own words


@dataclass(frozen=True, slots=True)
class Spent:
    """What was ordered in one currency."""

    currency: str
    total: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class CustomerOverview:
    """Everything this app knows of a person, duplicates included."""

    customer: Customer
    duplicates: list[Customer]
    points: list[ContactPoint]
    orders: list[Order]
    spent: list[Spent]

    @property
    def people(self) -> list[Customer]:
        """The customer and all who were merged into them."""
        return [self.customer, *self.duplicates]

    @property
    def order_count(self) -> int:
        return sum(spent.count for spent in self.spent)


def customer_overview(customer: Customer) -> CustomerOverview:
    """The 360° view of a customer the caller may see; the latest ``SHOWN_ORDERS`` orders only."""
    duplicates = duplicates_of(customer)
    ids = [customer.pk, *(duplicate.pk for duplicate in duplicates)]
    orders = Order.objects.filter(customer__in=ids)
    sums = orders.order_by("currency").values_list("currency").annotate(Sum("total"), Count("pk"))
    return CustomerOverview(
        customer=customer,
        duplicates=duplicates,
        points=list(ContactPoint.objects.filter(customer__in=ids)),
        orders=list(orders.select_related("shop").prefetch_related("lines")[:SHOWN_ORDERS]),
        spent=[Spent(currency, total, count) for currency, total, count in sums],
    )


def duplicates_of(customer: Customer) -> list[Customer]:
    """Customers merged into this one, directly or through another."""
    found: list[Customer] = []
    level = [customer.pk]
    for _step in range(DEEPEST_MERGE):
        rows = list(Customer.objects.filter(merged_into__in=level).order_by("pk"))
        if not rows:
            break
        found.extend(rows)
        level = [row.pk for row in rows]
    return found


def family_of(customer_id: int) -> list[int]:
    """Ids of all records that are this person after merges, its own included; one statement."""
    return families_of([customer_id]).get(customer_id, [])


def families_of(customer_ids: Iterable[int]) -> dict[int, list[int]]:
    """``family_of`` for each of several records, by the record asked for; one statement."""
    families: dict[int, list[int]] = {}
    for asked, pk in plain_rows(FAMILIES, [sorted(set(customer_ids))]):
        families.setdefault(asked, []).append(pk)
    return families


def is_same_person(one: int | None, other: int | None) -> bool:
    """Whether two records, by id, are one person after merges; asks only when they are two. Nobody
    known on both sides is the same, too."""
    if one is None or other is None or one == other:
        return one == other
    return other in family_of(one)


def find_customers(text: str, *, user: User) -> QuerySet[Customer]:
    """Standing customers with exactly this phone, mail, order, parcel or customer number."""
    text = text.strip()
    visible = Customer.objects.visible_to(user)
    if not searchable(text):
        return visible.none()
    ids = ids_by_address(text) | ids_by_number(text) | ids_by_parcel(text)
    return visible.filter(pk__in=standing_ids(ids))


def find_orders(text: str, *, user: User) -> QuerySet[Order]:
    """Orders by their number, a parcel, a serial number, or the buyer's phone or mail, exactly."""
    text = text.strip()
    visible = Order.objects.visible_to(user)
    if not searchable(text):
        return visible.none()
    by_serial = OrderLine.objects.filter(serial_number=text).exclude(serial_number="")
    ids = {
        *Order.objects.filter(external_id=text).values_list("pk", flat=True)[:MOST_HITS],
        *Shipment.objects.filter(tracking_number=text).values_list("order", flat=True)[:MOST_HITS],
        *by_serial.values_list("order", flat=True)[:MOST_HITS],
        *Order.objects.filter(customer__in=ids_by_address(text)).values_list("pk", flat=True)[
            :MOST_HITS
        ],
    }
    return visible.filter(pk__in=ids)


def searchable(text: str) -> bool:
    return bool(text) and text.isprintable() and len(text) <= 254


def ids_by_address(text: str) -> set[int]:
    """Owners of a contact point, in whatever way the number was spelled."""
    spellings = {text, text.lower()}
    with suppress(RuleViolated):
        spellings.add(normalize_phone(text))
    points = ContactPoint.objects.filter(channel__in=ContactChannel.values, address__in=spellings)
    return set(points.values_list("customer", flat=True)[:MOST_HITS])


def ids_by_number(text: str) -> set[int]:
    """Buyers of an order with this number, or the account with this number in any shop."""
    orders = Order.objects.filter(external_id=text).values_list("customer", flat=True)
    # Naming the shops lets PostgreSQL use the unique index (shop, external_id).
    shops = list(Shop.objects.values_list("pk", flat=True))
    accounts = Customer.objects.filter(shop__in=shops, external_id=text).exclude(external_id="")
    return {*orders[:MOST_HITS], *accounts.values_list("pk", flat=True)[:MOST_HITS]}


def ids_by_parcel(text: str) -> set[int]:
    parcels = Shipment.objects.filter(tracking_number=text)
    return set(parcels.values_list("order__customer", flat=True)[:MOST_HITS])


def standing_ids(ids: set[int]) -> set[int]:
    """The customers that stand for these after merges."""
    standing: set[int] = set()
    for _step in range(DEEPEST_MERGE):
        if not ids:
            break
        rows = Customer.objects.filter(pk__in=ids).values_list("pk", "merged_into")
        pairs = list(rows)
        standing.update(pk for pk, into in pairs if into is None)
        ids = {into for _pk, into in pairs if into is not None}
    return standing
