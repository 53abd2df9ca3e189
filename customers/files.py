"""Order files as shops send them: any of the usual encodings and separators, one row per article.

Reading never raises for a row: each bad row comes back with its reason, and so do the other rows of
its order, because an order is taken whole or not at all.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import DomainError, RuleViolated, Text
from aftersales.kernel.localized import localized
from aftersales.kernel.spreadsheet import csv_in_words, guard, unguard
from customers.columns import (
    COLUMNS,
    CURRENCIES,
    REASON,
    REASON_ZH,
    REQUIRED,
    STATUSES,
    column_of,
    heading_of,
    in_our_words,
)
from customers.payloads import OrderData, parse_number, parse_order
from customers.workbooks import cells_of, is_workbook

MOST_ROWS = 20_000
MOST_BYTES = 10 * 1024 * 1024
SAME_IN_ALL_ROWS = (
    "status",
    "placed_at",
    "currency",
    "total",
    "shipping_fee",
    "customer_number",
    "customer_name",
    "email",
    "phone",
    "region",
    "recipient",
    "recipient_phone",
    "address",
    "source_updated_at",
)
# Number of a payment or parcel, which several rows may name → what describes it.
PAYMENT = ("payment_number", ("payment_method", "captured", "paid_at"))
PARCEL = ("tracking_number", ("carrier", "shipped_at", "delivered_at"))
USUAL_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?", re.ASCII)
# Our name of a column → the heading it has in the file.
Headings = dict[str, str]
TIME_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M")


@dataclass(slots=True)
class Row:
    """One line of the file; ``reason`` says why it was refused."""

    number: int
    cells: list[str]
    reason: str = ""


@dataclass(slots=True)
class OrderRows:
    """The rows of one order and what they say, once that passed the checks."""

    external_id: str
    rows: list[Row] = field(default_factory=list)
    data: OrderData | None = None

    def refuse(self, reason: Text, culprit: Row | None = None) -> None:
        """Refuse the whole order, telling the other rows that they were fine themselves."""
        for row in self.rows:
            mine = culprit is None or row is culprit
            row.reason = row.reason or str(
                reason if mine else _("Another row of this order was refused.")
            )

    @property
    def is_refused(self) -> bool:
        return any(row.reason for row in self.rows)


@dataclass(slots=True)
class OrderFile:
    """A file that was read: complete orders, and every row that fits none."""

    encoding: str
    header: list[str]
    orders: list[OrderRows]
    strays: list[Row]

    @property
    def headings(self) -> Headings:
        """What the file calls our columns."""
        return dict(zip(map(column_of, self.header), self.header, strict=True))

    @property
    def good(self) -> list[OrderRows]:
        return [order for order in self.orders if not order.is_refused]

    @property
    def refused(self) -> list[Row]:
        rows = [row for order in self.orders if order.is_refused for row in order.rows]
        return sorted([*rows, *self.strays], key=lambda row: row.number)

    @property
    def row_count(self) -> int:
        return len(self.strays) + sum(len(order.rows) for order in self.orders)


def read_orders(content: bytes) -> OrderFile:
    """Read a CSV or workbook of orders; raises ``RuleViolated`` when it is no such file at all."""
    if len(content) > MOST_BYTES:
        raise RuleViolated("file_too_large", _("The file is larger than 10 MB."), field="file")
    if is_workbook(content):
        text, encoding = "", "XLSX"
        rows = list(filled(cells_of(content, MOST_ROWS + 1)))
    else:
        text, encoding = decode(content)
        rows = list(split_rows(text))
    if not rows:
        raise RuleViolated("file_empty", _("The file is empty."), field="file")
    if len(rows) > MOST_ROWS + 1:
        message = _("At most %(count)s rows; split the file.") % {"count": MOST_ROWS}
        raise RuleViolated("too_many_rows", message, field="file")
    refuse_other_kinds(text, rows[0].cells)
    columns = known_columns(rows[0].cells)
    if len(rows) == 1:
        raise RuleViolated(
            "file_empty", _("The file has headings and no row below them."), field="file"
        )
    headings = dict(zip(columns, rows[0].cells, strict=True))
    orders: dict[str, OrderRows] = {}
    strays: list[Row] = []
    for row in rows[1:]:
        place(row, columns, orders, strays)
    for order in orders.values():
        build(order, headings)
    return OrderFile(encoding, rows[0].cells, list(orders.values()), strays)


def decode(content: bytes) -> tuple[str, str]:
    """The text and the encoding: a mark decides, then UTF-8 if it fits, else GBK."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace"), "UTF-16"
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        as_utf8 = content.decode("utf-8-sig", errors="replace")
        as_gbk = content.decode("gb18030", errors="replace")
    if as_utf8.count("\ufffd") < as_gbk.count("\ufffd"):
        return as_utf8, "UTF-8"
    return as_gbk, "GBK"


def split_rows(text: str) -> Iterable[Row]:
    """Rows with their line in the file; empty ones are left out."""
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text.replace("\x00", "\ufffd")), delimiter=separator)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(reader.line_num, [], csv_in_words(error))
            continue
        if any(cell.strip() for cell in cells):
            yield Row(reader.line_num, [unguard(cell) for cell in cells])


def filled(rows: Iterable[list[str]]) -> Iterable[Row]:
    """The rows of a sheet that say something, with their line in it."""
    for number, cells in enumerate(rows, start=1):
        if any(cell.strip() for cell in cells):
            yield Row(number, [unguard(cell) for cell in cells])


def refuse_other_kinds(text: str, header: list[str]) -> None:
    """A picture or a workbook is no CSV: its first bytes are no column to be named."""
    if ("\x00" in text or "\ufffd" in text) and not any(map(column_of, header)):
        message = _("This is no CSV file. Save the table as CSV or XLSX first.")
        raise RuleViolated("not_csv", message, field="file")


def known_columns(header: list[str]) -> list[str]:
    """Our names of the file's columns; raises ``RuleViolated`` for an unknown or missing one."""
    names = [column_of(cell) for cell in header]
    for cell, name in zip(header, names, strict=True):
        if not name:
            message = _("Unknown column “%(name)s”.") % {"name": cell[:60]}
            raise RuleViolated("unknown_column", message, field="file")
        if names.count(name) > 1:
            message = _("The column “%(name)s” appears twice.") % {"name": cell[:60]}
            raise RuleViolated("column_twice", message, field="file")
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        message = _("Missing columns: %(names)s.") % {"names": ", ".join(map(heading_of, missing))}
        raise RuleViolated("column_missing", message, field="file")
    return names


def place(row: Row, columns: list[str], orders: dict[str, OrderRows], strays: list[Row]) -> None:
    """Put a row to the order it names, also when it is broken; aside when it names none."""
    index = columns.index("order_number")
    number = row.cells[index].strip() if len(row.cells) > index else ""
    if not row.reason and len(row.cells) != len(columns):
        row.reason = str(
            _("The row has %(found)s cells instead of %(expected)s.")
            % {"found": len(row.cells), "expected": len(columns)}
        )
    if not row.reason and not number:
        row.reason = str(_("The order number is missing."))
    if number:
        orders.setdefault(number, OrderRows(number)).rows.append(row)
    else:
        strays.append(row)


def build(order: OrderRows, headings: Headings) -> None:
    """Make the payload of an order and check it; a refusal names the row it came from."""
    broken = next((row for row in order.rows if row.reason), None)
    if broken is not None:
        order.refuse(broken.reason, broken)
        return
    values = [dict(zip(headings, map(str.strip, row.cells), strict=True)) for row in order.rows]
    try:
        parse_number(order.external_id)
        refuse_disagreement(order, values)
        order.data = parse_order(payload_of(values))
    except DomainError as error:
        order.refuse(explain(error, headings), culprit_of(error, order.rows))


def refuse_disagreement(order: OrderRows, rows: list[dict[str, str]]) -> None:
    """What describes the order must be the same, or empty, in all its rows."""
    for index, values in enumerate(rows[1:], start=1):
        for name in SAME_IN_ALL_ROWS:
            if values.get(name) and values[name] != rows[0][name]:
                raise RuleViolated(
                    "rows_disagree",
                    _("Differs from the first row of this order."),
                    field=f"lines.{index}.{name}",
                )
    for number, names in (PAYMENT, PARCEL):
        told = joined(rows, number, names)
        for index, values in enumerate(rows):
            first = told.get(values.get(number, ""), {})
            for name in names:
                if first and values.get(name) and values[name] != first[name]:
                    raise RuleViolated(
                        "rows_disagree",
                        _("Differs from an earlier row with the same number."),
                        field=f"lines.{index}.{name}",
                    )


def joined(
    rows: list[dict[str, str]], number: str, names: tuple[str, ...]
) -> dict[str, dict[str, str]]:
    """Payments or parcels by number, each value from the first of its rows that says it."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        if key := row.get(number):
            known = found.setdefault(key, row)
            found[key] = known | {name: known.get(name) or row.get(name, "") for name in names}
    return found


def payload_of(rows: list[dict[str, str]]) -> dict[str, Any]:
    """An order in the shape of the API, its own values from the first row."""
    first = rows[0]
    payload: dict[str, Any] = {
        "status": in_our_words(first.get("status", ""), STATUSES),
        "placed_at": local_time(first["placed_at"]),
        "currency": in_our_words(first["currency"], CURRENCIES).upper(),
        "total": first["total"],
        "shipping_fee": first.get("shipping_fee") or None,
        "recipient": first.get("recipient", ""),
        "recipient_phone": first.get("recipient_phone", ""),
        "address": first.get("address", ""),
        "source_updated_at": local_time(first.get("source_updated_at", "")) or None,
        "customer": {
            "external_id": first.get("customer_number", ""),
            "name": first.get("customer_name", ""),
            "email": first.get("email", ""),
            "phone": first.get("phone", ""),
            "region": first.get("region", ""),
        },
        "lines": [line_of(row) for row in rows],
    }
    if payments := joined(rows, *PAYMENT):
        payload["payments"] = [payment_of(row, first) for row in payments.values()]
    if parcels := joined(rows, *PARCEL):
        payload["shipments"] = [parcel_of(row) for row in parcels.values()]
    return payload


def line_of(row: dict[str, str]) -> dict[str, Any]:
    quantity = row.get("quantity") or "1"
    return {
        "sku": row["sku"],
        "name": row["article"],
        "category": row.get("category", ""),
        "quantity": int(quantity) if quantity.isdecimal() and len(quantity) < 10 else quantity,
        "unit_price": row["unit_price"],
        "paid_amount": row["paid_amount"],
        "serial_number": row.get("serial_number", ""),
    }


def payment_of(row: dict[str, str], order: dict[str, str]) -> dict[str, Any]:
    """A payment without sum or time is of the whole order, when it was placed."""
    return {
        "external_id": row["payment_number"],
        "method": row.get("payment_method", ""),
        "captured": row.get("captured") or order["total"],
        "paid_at": local_time(row.get("paid_at") or order["placed_at"]),
    }


def parcel_of(row: dict[str, str]) -> dict[str, Any]:
    return {
        "carrier": row.get("carrier", ""),
        "tracking_number": row["tracking_number"],
        "shipped_at": local_time(row.get("shipped_at", "")) or None,
        "delivered_at": local_time(row.get("delivered_at", "")) or None,
    }


def local_time(text: str) -> str:
    """A file's time in ISO form; one without a zone is meant in the desk's own."""
    if not text:
        return ""
    if USUAL_TIME.fullmatch(text):  # what the patterns below read, many times faster
        with suppress(ValueError):
            return timezone.make_aware(datetime.fromisoformat(text)).isoformat()
    for pattern in TIME_FORMATS:
        try:
            naive = datetime.strptime(text, pattern)  # noqa: DTZ007 -- the zone follows
        except ValueError:
            continue
        return timezone.make_aware(naive).isoformat()
    return text


def explain(error: DomainError, headings: Headings) -> str:
    """The refusal with the column it is about, as the file calls it; nothing is named where the
    whole order is at fault."""
    path = ".".join(step for step in error.field.split(".") if not step.isdecimal())
    column = COLUMNS_BY_PATH.get(path, path.rsplit(".", 1)[-1])
    if column not in COLUMNS:
        return str(error)
    return f"{headings[column].strip()[:60] if column in headings else heading_of(column)}: {error}"


def culprit_of(error: DomainError, rows: list[Row]) -> Row | None:
    """The row whose article was refused; the first one for the order's own values."""
    place_of = error.field.split(".")
    if place_of[0] == "lines" and len(place_of) > 1 and place_of[1].isdecimal():
        return rows[int(place_of[1])]
    return rows[0]


def write_refused(file: OrderFile) -> bytes:
    """The refused rows in the file's own columns, each with its reason, to be mended and resent."""
    kept = [index for index, name in enumerate(file.header) if column_of(name) != REASON]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*(guard(file.header[index]) for index in kept), localized(REASON, REASON_ZH)])
    for row in file.refused:
        cells = [row.cells[index] if index < len(row.cells) else "" for index in kept]
        surplus = row.cells[len(file.header) :]
        writer.writerow([*map(guard, cells), guard(row.reason), *map(guard, surplus)])
    return out.getvalue().encode("utf-8-sig")


COLUMNS_BY_PATH = {
    "external_id": "order_number",
    "customer.external_id": "customer_number",
    "customer.name": "customer_name",
    "lines.name": "article",
    "payments.external_id": "payment_number",
    "payments.method": "payment_method",
}
