"""What is written of a told past: texts of COPY, made in one process and written in another."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from operator import itemgetter
from typing import Any

from django.db import connection, models

from aftersales.demo.literals import escaped
from compliance.models import JournalEntry

ENTRY = (
    "table_name",
    "row_pk",
    "operation",
    "changed",
    "digest",
    "case_id",
    "recorded_at",
    "change_id",
    "actor_id",
    "actor_name",
    "reason",
    "source",
    "request_id",
    "width",
    "txid",
    "db_user",
)


@dataclass(slots=True)
class Load:
    """Rows of one table and their versions, as UTF-8.

    ``sequence`` is empty where the database draws the ids, ``history`` where none is kept. Rows
    with ``moments``, in POSIX seconds, are written in order of time over all lanes.
    """

    table: str
    columns: Iterable[str]
    rows: bytes
    history: str = ""
    history_columns: Iterable[str] = ()
    versions: bytes = b""
    sequence: str = ""
    next_id: int = 0
    moments: Sequence[float] = ()

    def write(self) -> None:
        """Copy rows and versions, and let the sequence go on behind them."""
        copy_in(self.table, self.columns, self.rows)
        if self.rows and self.sequence:
            draw_behind(self.sequence, self.next_id)
        copy_in(self.history, self.history_columns, self.versions)


def journal_of(entries: Iterable[tuple[datetime, str]]) -> Load:
    """Entries of the journal with their times."""
    ordered = sorted(entries, key=itemgetter(0))
    lines = "\n".join([entry for _at, entry in ordered])
    moments = array("d", [at.timestamp() for at, _entry in ordered])
    return Load(JournalEntry._meta.db_table, ENTRY, lines.encode(), moments=moments)


def write_loads(*lanes: list[Load]) -> None:
    """Write every table once; each lane brings the same tables in the same order."""
    for parts in zip(*lanes, strict=True):
        joined(parts).write()


def joined(parts: tuple[Load, ...]) -> Load:
    """The same table out of every lane, so that it is copied once."""
    rows = [part.rows for part in parts if part.rows]
    if any(part.moments for part in parts):
        moments = chain.from_iterable(part.moments for part in parts)
        lines = chain.from_iterable(part.split(b"\n") for part in rows)
        rows = [line for _at, line in sorted(zip(moments, lines, strict=True), key=itemgetter(0))]
    return replace(
        parts[0],
        rows=b"\n".join(rows),
        versions=b"\n".join([part.versions for part in parts if part.versions]),
        next_id=max(part.next_id for part in parts),
    )


def copy_in(table: str, columns: Iterable[str], lines: bytes) -> None:
    """COPY lines into a table."""
    if not lines:
        return
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as db, db.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        copy.write(lines)
        copy.write(b"\n")


def width_of(table: str) -> int:
    """How many columns the table was given so far, as the journal notes it."""
    with connection.cursor() as db:
        db.execute("SELECT relnatts FROM pg_class WHERE oid = to_regclass(%s)", [f'"{table}"'])
        return int(db.fetchone()[0])


def transaction_and_user() -> str:
    """As the journal's triggers note them."""
    with connection.cursor() as db:
        db.execute("SELECT pg_current_xact_id()::text, session_user")
        number, user = db.fetchone()
        return f"{number}\t{escaped(user)}"


def sequence_of(model: type[models.Model]) -> str:
    """What draws the ids of a table."""
    pk: Any = model._meta.pk
    with connection.cursor() as db:
        db.execute("SELECT pg_get_serial_sequence(%s, %s)", [model._meta.db_table, pk.column])
        return str(db.fetchone()[0])


def draw_behind(sequence: str, next_id: int) -> None:
    """The next id drawn is this one or, where others were written behind it, a later one."""
    with connection.cursor() as db:
        last = f"(SELECT last_value FROM {sequence})"  # noqa: S608 -- a name of the database
        db.execute(f"SELECT setval(%s, greatest(%s, {last}), false)", [sequence, next_id])
