"""Orders as the shop reports them: idempotent by (shop, number), all of an order or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.clock import now
from aftersales.kernel.errors import DomainError, RuleViolated, require
from aftersales.kernel.journal import signed_in_bulk
from aftersales.kernel.loading import insert, insert_values
from aftersales.kernel.services import service
from compliance.services import record, record_many
from customers.buyer_uses import is_bound
from customers.models import Customer, Order, OrderLine, Payment, Shipment, ShipmentEvent, Shop
from customers.payloads import OrderData, parse_number, parse_order
from customers.policies import can_write_orders
from customers.services.buyers import Buyers
from customers.services.changes import change_order, save_changed
from staff.models import User

BATCH_SIZE = 500
MOST_RACES = 5


class Received(models.TextChoices):
    """What became of an order that came in."""

    CREATED = "created", pgettext_lazy("import", "New")
    CHANGED = "changed", pgettext_lazy("import", "Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    STALE = "stale", _("Stale, not applied")


@dataclass(frozen=True, slots=True)
class Incoming:
    """One order of a batch, as sent, or as checked before; ``unknown`` names a field too many."""

    shop_code: str
    external_id: str
    payload: object
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one order of a batch: an order and an outcome, or the refusal."""

    incoming: Incoming
    order: Order | None = None
    outcome: Received | None = None
    error: DomainError | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """An order that passed the checks."""

    shop: Shop
    external_id: str
    data: OrderData

    @property
    def key(self) -> tuple[int, str]:
        return self.shop.pk, self.external_id


@service
def receive_order(
    shop_code: str, external_id: str, payload: object, *, actor: User
) -> tuple[Order, Received]:
    """Store an order the shop pushed, with everything on it; raises ``RuleViolated``.

    The same content again is ``UNCHANGED``, however it is spelled, and writes nothing but a later
    time of change. What the shop changed before the version that is kept is ``STALE`` and writes
    nothing; only reports that say when they were made are told apart so.
    """
    require(can_write_orders(actor))
    checked = check(Incoming(shop_code, external_id, payload), shops_by_code([shop_code]))
    return store(checked, actor=actor)


@service
def receive_orders_batch(batch: Sequence[Incoming], *, actor: User, note: str = "") -> list[Result]:
    """Store up to ``BATCH_SIZE`` orders; one result each, in order. One refused stops no other."""
    require(can_write_orders(actor))
    if len(batch) > BATCH_SIZE:
        message = _("At most %(count)s orders at once.") % {"count": BATCH_SIZE}
        raise RuleViolated("batch_too_large", message, field="orders")
    shops = shops_by_code({incoming.shop_code for incoming in batch})
    results: list[Result | None] = [None] * len(batch)
    fresh: dict[int, Checked] = {}
    rest: dict[int, Checked] = {}
    checked = check_all(batch, shops, results)
    known = known_orders(checked.values())
    for index, one in checked.items():
        order = known.get(one.key)
        outcome = of_no_effect(order, one.data) if order is not None else None
        if outcome is not None:
            results[index] = Result(batch[index], order, outcome)
        elif one.key in known:
            rest[index] = one
            known[one.key] = None  # what comes after it in the batch meets what it made
        else:
            known[one.key] = None
            fresh[index] = one
    if rest:
        lock_buyers(fresh | rest)
    try:
        created = create_all(list(fresh.values()), actor=actor)
    except IntegrityError:
        rest, fresh, created = fresh | rest, {}, []
        lock_buyers(rest)
    for index, order in zip(fresh, created, strict=True):
        results[index] = Result(batch[index], order, Received.CREATED)
    for index, one in rest.items():
        results[index] = store_one(batch[index], one, actor=actor)
    return [result for result in results if result is not None]


def check_all(
    batch: Sequence[Incoming], shops: Mapping[str, Shop], results: list[Result | None]
) -> dict[int, Checked]:
    """The orders that pass, by place in the batch; refusals go straight into ``results``."""
    passed = {}
    for index, incoming in enumerate(batch):
        try:
            passed[index] = check(incoming, shops)
        except DomainError as error:
            results[index] = Result(incoming, error=error)
    return passed


def check(incoming: Incoming, shops: Mapping[str, Shop]) -> Checked:
    """The values of one order; raises ``RuleViolated`` naming the field."""
    if incoming.unknown:
        raise RuleViolated("unknown_field", _("Unknown field."), field=incoming.unknown)
    external_id = parse_number(incoming.external_id)
    shop = shops.get(incoming.shop_code)
    if shop is None:
        raise RuleViolated("unknown_shop", _("No such shop."), field="shop")
    payload = incoming.payload
    data = payload if isinstance(payload, OrderData) else parse_order(payload)
    return Checked(shop, external_id, data)


def shops_by_code(codes: Iterable[object]) -> dict[str, Shop]:
    """Shops in use; codes that cannot be one are left out."""
    wanted = [code for code in codes if isinstance(code, str) and code.isprintable()]
    return {shop.code: shop for shop in Shop.objects.filter(code__in=wanted, is_active=True)}


def known_orders(checked: Iterable[Checked]) -> dict[tuple[int, str], Order | None]:
    """The orders among these that exist already, locked."""
    keys = {one.key for one in checked}
    rows = Order.objects.locked_values().filter(
        shop__in={shop for shop, _number in keys}, external_id__in={number for _s, number in keys}
    )
    return {
        (row.shop_id, row.external_id): row
        for row in rows.order_by("pk")
        if (row.shop_id, row.external_id) in keys
    }


def lock_buyers(checked: Mapping[int, Checked]) -> None:
    """Hold every known buyer of a batch before one of its orders is stored: one by one, two batches
    with orders of the same buyers would wait for each other in a circle."""
    Buyers((one.shop, one.data.customer) for one in checked.values())


def store_one(incoming: Incoming, checked: Checked, *, actor: User) -> Result:
    """Store one order of a batch in a savepoint of its own."""
    try:
        with transaction.atomic():
            order, outcome = store(checked, actor=actor)
    except DomainError as error:
        return Result(incoming, error=error)
    return Result(incoming, order, outcome)


def store(checked: Checked, *, actor: User, tries: int = MOST_RACES) -> tuple[Order, Received]:
    """Create or change under the order's lock.

    Whoever loses a race, for the order or for the buyer's address or account, looks again and finds
    what the winner made; after ``tries`` losses it is no race, and the database's refusal stands.
    An order that people work on stays with its customer; the event names the other record, which
    may be the same person's.
    """
    orders = Order.objects.filter(shop=checked.shop, external_id=checked.external_id)
    order = orders.locked_values().first()
    if order is not None:
        outcome = of_no_effect(order, checked.data)
        if outcome is None and order.payload_digest == checked.data.digest:
            save_changed(order, {"source_updated_at": checked.data.source_updated_at})
            outcome = Received.UNCHANGED
        if outcome is not None:
            return order, outcome
    try:
        if order is None:
            return create_all([checked], actor=actor)[0], Received.CREATED
        customer = find_or_make_buyer(checked, actor=actor)
    except IntegrityError:
        if tries == 1:
            raise
        return store(checked, actor=actor, tries=tries - 1)
    told = {}
    if customer.pk != order.customer_id and is_bound(order):
        told, customer = {"other_buyer": str(customer.pk)}, order.customer
    change_order(order, checked.data, customer)
    record("customers.order_changed", order, actor=actor, data=told)
    return order, Received.CHANGED


def of_no_effect(order: Order, data: OrderData) -> Received | None:
    """What a report is that a locked order has nothing to learn from; ``None`` for any other."""
    told, kept = data.source_updated_at, order.source_updated_at
    if told is not None and kept is not None and told < kept:
        return Received.STALE
    is_same = order.payload_digest == data.digest and (told is None or told == kept)
    return Received.UNCHANGED if is_same else None


def find_or_make_buyer(checked: Checked, *, actor: User) -> Customer:
    """The buyer of one order, written as now told; ``IntegrityError`` and nothing written when
    somebody else was faster with an address or account."""
    with signed_in_bulk(""), transaction.atomic():
        buyers = Buyers([(checked.shop, checked.data.customer)])
        customer = buyers.find_or_make(checked.shop, checked.data.customer)
        buyers.save(actor=actor)
    return customer


def create_all(checked: list[Checked], *, actor: User) -> list[Order]:
    """Insert new orders with all that hangs on them; ``IntegrityError`` and nothing written when
    somebody else was faster with an order or a buyer."""
    if not checked:
        return []
    with signed_in_bulk(""), transaction.atomic():
        buyers = Buyers((one.shop, one.data.customer) for one in checked)
        orders = [
            new_order(one, buyers.find_or_make(one.shop, one.data.customer)) for one in checked
        ]
        buyers.save(actor=actor)
        # In an order that all writers share: two who insert the same keys wait at the first one.
        insert(sorted(orders, key=attrgetter("shop_id", "external_id")))
        insert_parts(list(zip(orders, (one.data for one in checked), strict=True)))
        record_many("customers.order_received", orders, actor=actor)
    return orders


def new_order(checked: Checked, customer: Customer) -> Order:
    data, moment = checked.data, now()
    return Order(
        shop=checked.shop,
        external_id=checked.external_id,
        customer=customer,
        payload_digest=data.digest,
        received_at=moment,
        updated_at=moment,
        **data.columns,
    )


def insert_parts(pairs: list[tuple[Order, OrderData]]) -> None:
    """Lines, payments, parcels and scans of new orders."""
    insert_values(
        OrderLine,
        [{"order_id": order.pk} | vars(line) for order, data in pairs for line in data.lines],
    )
    insert_values(
        Payment,
        [
            {"order_id": order.pk} | vars(pay)
            for order, data in pairs
            for pay in data.payments or ()
        ],
    )
    parcels = [(order, box) for order, data in pairs for box in data.shipments or ()]
    keys = insert_values(Shipment, [{"order_id": order.pk} | box.columns for order, box in parcels])
    insert_values(
        ShipmentEvent,
        [
            {"shipment_id": key} | vars(scan)
            for key, (_order, box) in zip(keys, parcels, strict=True)
            for scan in box.events
        ],
    )
