"""How fast a file of orders comes in: read, checked, stored with its trail, and taken back."""

from __future__ import annotations

import csv
import gc
import io
import time
from typing import Final

from django.db import transaction

from aftersales.kernel.context import Source, entering
from customers.files import read_orders
from customers.models import Shop
from customers.policies import can_import_orders
from customers.services import import_orders
from staff.models import User

ROWS: Final = 10_000
LEAST_PER_SECOND: Final = 2_000
# One order, one buyer, one payment and one parcel per row: no file gives more to write.
HEADINGS: Final = (
    "order_number", "status", "placed_at", "currency", "total", "customer_number", "customer_name",
    "email", "phone", "region", "sku", "article", "quantity", "unit_price", "paid_amount",
    "payment_number", "payment_method", "captured", "paid_at", "carrier", "tracking_number",
    "shipped_at", "delivered_at",
)  # fmt: skip


def rows_per_second(rows: int = ROWS) -> float:
    """Rows of a file a second, as the admin's import takes it."""
    shop = Shop.objects.filter(currency="CNY").order_by("pk")[0]
    actor = next(user for user in User.objects.people() if can_import_orders(user))
    content = order_file(rows)
    gc.collect()
    gc.freeze()  # as in the web server's workers
    try:
        with transaction.atomic(), entering(Source.ADMIN):
            started = time.perf_counter()
            report = import_orders(read_orders(content), shop, actor=actor)
            seconds = time.perf_counter() - started
            transaction.set_rollback(True)
    finally:
        gc.unfreeze()
    if report.created != rows:
        raise RuntimeError(f"{report.created} of {rows} orders were created.")
    return rows / seconds


def order_file(rows: int) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for row in range(rows):
        sent = ("顺丰", f"SFB{row:09d}", "2026-03-02 10:00", "2026-03-04 11:00")
        paid = (f"BP{row:09d}", "支付宝", "100.00", "2026-03-01 10:01")
        buyer = (f"BM{row}", "王小二", f"b{row}@example.com", f"139{row:08d}", "杭州")
        bought = (f"SKU{row % 50}", "连衣裙", 1, "100.00", "100.00")
        head = (f"BENCH{row:09d}", "delivered", "2026-03-01 10:00", "CNY", "100.00")
        writer.writerow((*head, *buyer, *bought, *paid, *sent))
    return text.getvalue().encode()
