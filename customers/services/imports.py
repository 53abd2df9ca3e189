"""Files of orders: the same door as the API, five hundred at a time, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.db import transaction

from aftersales.kernel.context import Source, bind, current
from aftersales.kernel.errors import require
from aftersales.kernel.services import service
from compliance.services import record
from customers.files import OrderFile, culprit_of, explain
from customers.models import Shop
from customers.policies import can_import_orders
from customers.services.orders import BATCH_SIZE, Incoming, Received, receive_orders_batch
from staff.models import User


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Orders by outcome; with the refused rows they account for every row of the file."""

    created: int
    changed: int
    unchanged: int
    stale: int
    refused_rows: int
    rows: int


@service
def import_orders(file: OrderFile, shop: Shop, *, actor: User, note: str = "") -> ImportReport:
    """Store the good orders of a file; orders refused on the way are marked in ``file``."""
    require(can_import_orders(actor))
    outcomes: Counter[Received] = Counter()
    good = file.good
    with through_import():
        for start in range(0, len(good), BATCH_SIZE):
            chunk = good[start : start + BATCH_SIZE]
            batch = [Incoming(shop.code, order.external_id, order.data) for order in chunk]
            for order, result in zip(chunk, receive_orders_batch(batch, actor=actor), strict=True):
                if result.error is not None:
                    reason = explain(result.error, file.headings)
                    order.refuse(reason, culprit_of(result.error, order.rows))
                elif result.outcome is not None:
                    outcomes[result.outcome] += 1
        report = ImportReport(
            created=outcomes[Received.CREATED],
            changed=outcomes[Received.CHANGED],
            unchanged=outcomes[Received.UNCHANGED],
            stale=outcomes[Received.STALE],
            refused_rows=len(file.refused),
            rows=file.row_count,
        )
        record(
            "customers.orders_imported",
            shop,
            actor=actor,
            note=note,
            data={name: getattr(report, name) for name in ImportReport.__slots__},
        )
    return report


def preview_orders(file: OrderFile, shop: Shop, *, actor: User) -> ImportReport:
    """What ``import_orders`` would do, found out by doing it and taking it back."""
    with transaction.atomic():
        report = import_orders(file, shop, actor=actor)
        transaction.set_rollback(True)
    return report


@contextmanager
def through_import() -> Iterator[None]:
    """The file is the door, whoever carries it."""
    with bind(replace(current(), source=Source.IMPORT)):
        yield
