"""Reading a statement: every row is either understood or handed back with the reason."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Final

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.money import parse_amount

REQUIRED = ("number", "reference", "amount", "currency", "result", "happened_at")
LONGEST: Final = {"number": 40, "reference": 100, "result": 20}
LARGEST_FILE = 50 * 1024 * 1024


# What a statement says of a movement whose money left.
PAID: Final = "SUCCESS"


@dataclass(frozen=True, slots=True)
class Movement:
    """One row. ``payment`` is the payment's own number where the statement tells it."""

    row: int
    number: str
    reference: str
    amount: Decimal
    currency: str
    result: str
    happened_at: datetime
    payment: str = ""

    @property
    def is_paid(self) -> bool:
        return self.result == PAID


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row nobody can read, and why."""

    row: int
    problem: str


@dataclass(frozen=True, slots=True)
class StatementFile:
    """What a file says."""

    digest: str
    movements: tuple[Movement, ...]
    refused: tuple[RefusedRow, ...]


def read_statement(content: bytes) -> StatementFile:
    """Parse a CSV; raises ``RuleViolated`` for a file that is no statement at all."""
    if len(content) > LARGEST_FILE:
        raise RuleViolated("too_large", _("This file is too large."), field="file")
    try:
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True)
        missing = [name for name in REQUIRED if name not in (rows.fieldnames or ())]
        if missing:
            raise RuleViolated(
                "missing_columns",
                _("These columns are missing: %(names)s.") % {"names": ", ".join(missing)},
                field="file",
            )
        found = [_read_row(place, row) for place, row in enumerate(rows, start=2)]
    except (UnicodeDecodeError, csv.Error):
        raise RuleViolated("not_csv", _("This is no CSV file in UTF-8."), field="file") from None
    movements = tuple(one for one in found if isinstance(one, Movement))
    refused = tuple(one for one in found if isinstance(one, RefusedRow))
    return StatementFile(sha256(content).hexdigest(), movements, refused)


def _read_row(place: int, row: dict[str, str | None]) -> Movement | RefusedRow:
    told = {name: (row.get(name) or "").strip() for name in (*REQUIRED, "payment")}
    try:
        amount = parse_amount(told["amount"], told["currency"])
    except RuleViolated as refusal:
        return RefusedRow(place, f"{refusal.field}: {refusal}")
    if not (told["number"] or told["reference"]) or not told["result"] or not told["happened_at"]:
        return RefusedRow(place, _("Number, result and time are needed."))
    moment = _moment(told["happened_at"])
    if moment is None:
        return RefusedRow(place, f"happened_at: {_('Not a date and time (ISO 8601).')}")
    for name, most in LONGEST.items():
        if len(told[name]) > most:
            said = _("At most %(count)s characters.") % {"count": most}
            return RefusedRow(place, f"{name}: {said}")
    return Movement(
        row=place,
        number=told["number"],
        reference=told["reference"],
        amount=amount,
        currency=told["currency"],
        result=told["result"].upper(),
        happened_at=moment if timezone.is_aware(moment) else timezone.make_aware(moment),
        payment=told["payment"],
    )


def _moment(text: str) -> datetime | None:
    """A time that there is, ``None`` for anything else."""
    try:
        return parse_datetime(text)
    except ValueError:
        return None
