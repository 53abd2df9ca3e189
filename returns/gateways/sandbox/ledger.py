"""The sandbox's own books, in a file of its own: they survive a crash of either side."""

from __future__ import annotations

import csv
import io
import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS refunds (
    number TEXT PRIMARY KEY, payment TEXT, amount TEXT, currency TEXT, code TEXT,
    reference TEXT, looks INTEGER DEFAULT 0, behaviour TEXT, happened_at TEXT
);
CREATE TABLE IF NOT EXISTS calls (id INTEGER PRIMARY KEY, verb TEXT, number TEXT, behaviour TEXT);
CREATE TABLE IF NOT EXISTS plan (id INTEGER PRIMARY KEY, behaviour TEXT);
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A refund as the gateway knows it."""

    number: str
    payment: str
    amount: str
    currency: str
    code: str
    reference: str
    looks: int
    behaviour: str
    happened_at: str


HEADER = ("number", "payment", "reference", "amount", "currency", "result", "happened_at")
COLUMNS = ", ".join(Entry.__slots__)


class Ledger:
    """Refunds by number; a number is one refund for ever."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;" + SCHEMA)

    def _all(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def close(self) -> None:
        self._db.close()

    def plan(self, *behaviours: str) -> None:
        """How the next instructions go, in this order; afterwards all goes well."""
        for one in behaviours:
            self._all("INSERT INTO plan (behaviour) VALUES (?)", one)

    def next_behaviour(self) -> str:
        found = self._all(
            "DELETE FROM plan WHERE id = (SELECT min(id) FROM plan) RETURNING behaviour"
        )
        return str(found[0][0]) if found else "ok"

    def note_call(self, verb: str, number: str, behaviour: str = "") -> None:
        self._all(
            "INSERT INTO calls (verb, number, behaviour) VALUES (?, ?, ?)", verb, number, behaviour
        )

    def find(self, number: str) -> Entry | None:
        found = self._all(f"SELECT {COLUMNS} FROM refunds WHERE number = ?", number)  # noqa: S608 -- own columns
        return Entry(*found[0]) if found else None  # type: ignore[arg-type]

    def add(
        self, number: str, *, payment: str, amount: str, currency: str, code: str, behaviour: str
    ) -> Entry:
        """Make a refund, or give the one made under this number before."""
        self._all(
            "INSERT OR IGNORE INTO refunds "
            "(number, payment, amount, currency, code, reference, behaviour, happened_at) "
            "VALUES (?, ?, ?, ?, ?, 'SB' || hex(randomblob(6)), ?, ?)",
            *(number, payment, amount, currency, code, behaviour),
            datetime.now(UTC).isoformat(timespec="seconds"),
        )
        entry = self.find(number)
        assert entry is not None  # noqa: S101 -- just written
        return entry

    def look(self, number: str) -> Entry | None:
        """A query; refunds that succeed or close late do so at their second look."""
        self._all("UPDATE refunds SET looks = looks + 1 WHERE number = ?", number)
        for behaviour, code in (("late_success", "SUCCESS"), ("abnormal", "CLOSED")):
            self._all(
                "UPDATE refunds SET code = ? WHERE number = ? AND behaviour = ? AND looks >= 2",
                *(code, number, behaviour),
            )
        return self.find(number)

    def paid(self) -> list[Entry]:
        """Everything that left this gateway."""
        rows = self._all(f"SELECT {COLUMNS} FROM refunds WHERE code = 'SUCCESS' ORDER BY rowid")  # noqa: S608 -- own columns
        return [Entry(*row) for row in rows]  # type: ignore[arg-type]

    def calls(self, verb: str) -> list[str]:
        """The numbers of all calls of a kind."""
        return [str(row[0]) for row in self._all("SELECT number FROM calls WHERE verb = ?", verb)]

    def keep(self, entry: Entry) -> None:
        """Take an entry over as it is; a number that is known stays what it was."""
        marks = ", ".join("?" * len(Entry.__slots__))
        self._all(
            f"INSERT OR IGNORE INTO refunds ({COLUMNS}) VALUES ({marks})",  # noqa: S608 -- own columns
            *astuple(entry),
        )

    def statement(self) -> str:
        """The bill as ``manage.py reconcile`` reads it."""
        return bill(self.paid())


def bill(entries: Iterable[Entry]) -> str:
    """A statement of these entries."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for one in entries:
        told = (one.number, one.payment, one.reference, one.amount, one.currency)
        writer.writerow((*told, one.code, one.happened_at))
    return text.getvalue()
