"""Writing a past: rows by COPY with every version in history, the journal and what led there.

A service writes what happens now, one row at a time. This writes what happened over half a year,
thousands of rows at a time, and leaves the same traces: each version of a row is one history row
and one journal row under one change id, signed by whoever made it. The journal's triggers know only
the present moment and one signature, so they rest meanwhile, and the journal is written here, with
the digests they would have computed. A value is put into words once, when it is set: versions,
digests and the row itself are made of the same pieces. For demo and measurement only.
"""
# ruff: noqa: S608 -- names of our own tables and columns

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED

from aftersales.demo.literals import (
    NOTHING,
    copier_of,
    escaped,
    jsonb,
    moment,
    rank,
    writer_of,
)
from aftersales.demo.loads import (
    Load,
    journal_of,
    sequence_of,
    transaction_and_user,
    width_of,
    write_loads,
)
from aftersales.kernel.journal import Journaled

Row = dict[str, Any]

STAMPS = (
    "history_date",
    "history_type",
    "change_id",
    "history_user_id",
    "actor_name",
    "history_change_reason",
    "source",
    "request_id",
)


class Stamp(NamedTuple):
    """Who did something, through which door, when and why."""

    actor_id: int | None
    actor_name: str
    source: str
    at: datetime
    reason: str = ""
    request_id: str = ""

    @property
    def signature(self) -> str:
        """Everything but the moment, as COPY reads it."""
        actor = NOTHING if self.actor_id is None else self.actor_id
        name, reason = escaped(self.actor_name), escaped(self.reason)
        return f"{actor}\t{name}\t{reason}\t{self.source}\t{self.request_id}"


# A version of a row: its time, and history's line of COPY and the journal's.
Version = tuple[datetime, str, str]


class Words:
    """A row in words: for COPY in order of the columns, for its digest in that of jsonb."""

    __slots__ = ("copied", "last_at", "told")

    def __init__(self, copied: list[str], told: list[str]) -> None:
        self.copied, self.told = copied, told
        self.last_at: datetime | None = None


class Table:
    """The new rows of one model on their way into the database, with all their versions."""

    def __init__(self, model: type[models.Model], end: str, *, is_numbered: bool = True) -> None:
        """`end` is how entries of the journal end. Without `is_numbered` the database draws the
        ids, in the order the rows are written."""
        self.model = model
        self.name = model._meta.db_table
        fields = [f for f in model._meta.concrete_fields if is_numbered or not f.primary_key]
        self.columns = [str(field.column) for field in fields]
        self.copiers = {f.attname: (place, copier_of(f)) for place, f in enumerate(fields)}
        names = sorted(self.columns, key=rank)
        places = {name: place for place, name in enumerate(names)}
        self.writers = {
            field.attname: (place, places[column], f'"{column}": ', writer_of(field))
            for place, (field, column) in enumerate(zip(fields, self.columns, strict=True))
        }
        self.blank = {field.attname: default_of(field) for field in fields}
        self.rows: list[Row] = []
        self.lines: list[list[str]] = []  # the rows as they will be copied
        self.words: dict[int, Words] = {}  # what history is kept of, by the id of the row
        self.versions: list[Version] = []
        history = getattr(model, "history", None)
        self.history: type[models.Model] | None = history.model if history else None
        excluded: list[str] = getattr(self.history, "_history_excluded_fields", [])
        self.kept = [place for place, f in enumerate(fields) if f.name not in excluded]
        self.case = case_column(model)
        self.end = f"{width_of(self.name)}\t{end}"
        self.sequence = sequence_of(model) if is_numbered and has_sequence(model) else ""
        self.next_id, self.stride = next_id(self.sequence) if self.sequence else 0, 1
        self.bare = Words([NOTHING] * len(fields), [f'"{name}": null' for name in names])
        if self.history is None:
            self._copy(self.bare.copied, self.blank)
        else:
            self._tell(self.bare, self.blank)

    def add(self, values: Mapping[str, Any], by: Stamp | None = None, change_id: str = "") -> Row:
        """A new row; `by` signs its first version."""
        if self.sequence and values.get("id") is None:
            values = {**values, "id": self.next_id}
            self.next_id += self.stride
        row: Row = {**self.blank, **values}
        copied = self.bare.copied.copy()
        self.rows.append(row)
        self.lines.append(copied)
        if self.history is None:
            self._copy(copied, values)
            return row
        words = self.words[id(row)] = Words(copied, self.bare.told.copy())
        self._tell(words, values)
        if by is not None:
            self._keep(row, words, by, f"+\t{change_id}", "insert\t[]")
        return row

    def change(self, row: Row, values: Mapping[str, Any], by: Stamp, change_id: str) -> None:
        """Another version of a row of the same batch."""
        row.update(values)
        words = self.words[id(row)]
        changed = jsonb(sorted(self._tell(words, values)))
        self._keep(row, words, by, f"~\t{change_id}", f"update\t{changed}")

    def _copy(self, copied: list[str], values: Mapping[str, Any]) -> None:
        """Put values into words for COPY alone: nobody asks for a digest or for what changed."""
        copiers = self.copiers
        for attname, value in values.items():
            place, write = copiers[attname]
            copied[place] = NOTHING if value is None else write(value)

    def _tell(self, words: Words, values: Mapping[str, Any]) -> list[str]:
        """Put values into words; returns the columns that say something else now."""
        copied, told, changed = words.copied, words.told, []
        for attname, value in values.items():
            place, order, name, write = self.writers[attname]
            copied[place], text = (NOTHING, "null") if value is None else write(value)
            text = name + text
            if told[order] != text:
                told[order] = text
                changed.append(self.columns[place])
        return changed

    def _keep(self, row: Row, words: Words, by: Stamp, kind: str, done: str) -> None:
        """A version is never dated before the one it replaces: history is read in order of time."""
        at = words.last_at = by.at if words.last_at is None else max(by.at, words.last_at)
        values = words.copied
        if len(self.kept) < len(values):
            values = [values[place] for place in self.kept]
        when, signature = moment(at), by.signature
        case = row[self.case] if self.case else None
        digest = sha256(f"{{{', '.join(words.told)}}}".encode()).hexdigest()
        line = "\t".join((*values, when, kind, signature))
        entry = (
            f"{self.name}\t{row['id']}\t{done}\t{digest}\t{NOTHING if case is None else case}"
            f"\t{when}\t{kind[2:]}\t{signature}\t{self.end}"
        )
        self.versions.append((at, line, entry))

    def take(self) -> tuple[Load, list[Version]]:
        """What there is to write, the versions in order of time; the table begins anew."""
        versions = sorted(self.versions, key=itemgetter(0))
        load = Load(
            self.name,
            self.columns,
            "\n".join(map("\t".join, self.lines)).encode(),
            sequence=self.sequence,
            next_id=self.next_id,
        )
        if self.history is not None:
            load.history = self.history._meta.db_table
            load.history_columns = [*(self.columns[place] for place in self.kept), *STAMPS]
            load.versions = "\n".join([line for _at, line, _entry in versions]).encode()
        self.rows, self.lines, self.versions, self.words = [], [], [], {}
        return load, versions


class Batch:
    """Tables that are written together, parents before children.

    Begun in the transaction that writes them: the journal's entries name it.
    """

    def __init__(self, *models_: type[models.Model]) -> None:
        self.end = transaction_and_user()
        self.tables = {model: Table(model, self.end) for model in models_}

    def __getitem__(self, model: type[models.Model]) -> Table:
        return self.tables[model]

    def add_table(self, model: type[models.Model], *, is_numbered: bool = True) -> Table:
        """A further table, by default with ids drawn here."""
        table = self.tables[model] = Table(model, self.end, is_numbered=is_numbered)
        return table

    def take_lane(self, lane: int, lanes: int) -> None:
        """From now on draw every so-manieth id, so that others can draw those between."""
        for table in self.tables.values():
            table.next_id, table.stride = table.next_id + lane, lanes

    def take(self) -> list[Load]:
        """What there is to write, the journal last and in order of time; the tables begin anew."""
        loads, entries = [], list[tuple[datetime, str]]()
        for table in self.tables.values():
            load, versions = table.take()
            loads.append(load)
            entries += [(at, entry) for at, _line, entry in versions]
        return [*loads, journal_of(entries)]

    def write(self) -> None:
        """Write every table and the journal of it; the triggers must rest (`resting_triggers`)."""
        write_loads(self.take())


@contextmanager
def resting_triggers(tables: Iterable[type[models.Model]]) -> Iterator[None]:
    """Switch the journal's triggers off for a block, and on again; inside one transaction.

    Foreign keys are checked before either: PostgreSQL alters no table with checks due.
    """
    found = [
        (model._meta.db_table, trigger.get_pgid(model))  # type: ignore[arg-type]
        for model in tables
        for trigger in getattr(model._meta, "triggers", [])
        if isinstance(trigger, Journaled)
    ]
    with connection.cursor() as db:
        db.execute("SET LOCAL jit = off")  # compiling takes longer than reading a portion
        db.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, trigger in found:
            db.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER {trigger}')
        db.execute("SET CONSTRAINTS ALL DEFERRED")
        yield
        db.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, trigger in found:
            db.execute(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER {trigger}')
        db.execute("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def garbage_kept() -> Iterator[None]:
    """Rows live until they are written and form no cycles: looking for garbage finds none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def case_column(model: type[models.Model]) -> str:
    """The column with the case's id, as declared with the journal's trigger."""
    for trigger in getattr(model._meta, "triggers", []):
        if isinstance(trigger, Journaled):
            return str(trigger.call.partition("'")[2].partition("'")[0])
    return ""


def default_of(field: models.Field[Any, Any]) -> Any:
    """What a new row holds when nothing is said."""
    if field.default is not NOT_PROVIDED:
        return field.get_default()
    if field.null or field.primary_key:
        return None
    return "" if isinstance(field, models.CharField | models.TextField) else None


def has_sequence(model: type[models.Model]) -> bool:
    return isinstance(model._meta.pk, models.AutoField)


def next_id(sequence: str) -> int:
    """The number a sequence gives next."""
    with connection.cursor() as db:
        db.execute(f"SELECT last_value, is_called FROM {sequence}")
        value, is_called = db.fetchone()
        return int(value) + int(is_called)
