"""Writing a past: rows by COPY with every version in history, the journal and what led there.

A service writes what happens now, one row at a time. This writes what happened over half a year,
thousands of rows at a time, and leaves the same traces: each version of a row is one history row
and one journal row under one change id, signed by whoever made it. The journal's triggers know only
the present moment and one signature, so they rest meanwhile, and the journal is made from the
versions by the database itself, with true digests. For demo and measurement only.
"""
# ruff: noqa: S608 -- names of our own tables and columns

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.fields import NOT_PROVIDED

from aftersales.kernel.journal import Journaled
from compliance.models import JournalEntry
from compliance.tracked import stamp_columns

Row = dict[str, Any]

STAMPS = (
    "history_date",
    "history_type",
    "history_user_id",
    "history_change_reason",
    "change_id",
    "actor_name",
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


class Table:
    """The new rows of one model on their way into the database, with all their versions."""

    def __init__(self, model: type[models.Model], *, is_numbered: bool = True) -> None:
        """Without `is_numbered` the database draws the ids, in the order the rows are written."""
        self.model = model
        self.is_numbered = is_numbered
        fields = [f for f in model._meta.concrete_fields if is_numbered or not f.primary_key]
        self.columns = [str(field.column) for field in fields]
        self.values = itemgetter(*(field.attname for field in fields))
        self.json = json_places(fields)
        self.blank = {field.attname: default_of(field) for field in fields}
        self.rows: list[Row] = []
        self.versions: list[tuple[datetime, tuple[Any, ...]]] = []
        self.last_at: dict[int, datetime] = {}
        self.has_changes = False
        history = getattr(model, "history", None)
        self.history: type[models.Model] | None = history.model if history else None
        excluded: list[str] = getattr(self.history, "_history_excluded_fields", [])
        kept = [field for field in fields if field.name not in excluded]
        self.is_partial = len(kept) < len(fields)
        self.kept_columns = [str(field.column) for field in kept]
        self.kept_values = itemgetter(*(field.attname for field in kept))
        self.kept_json = json_places(kept)
        self.next_id = next_id(model) if is_numbered and has_sequence(model) else 0

    def add(self, values: Mapping[str, Any], by: Stamp | None = None, change_id: str = "") -> Row:
        """A new row; `by` signs its first version."""
        row: Row = {**self.blank, **values}
        if self.next_id and row.get("id") is None:
            row["id"] = self.next_id
            self.next_id += 1
        self.rows.append(row)
        if by is not None and self.history is not None:
            self._keep(row, by, "+", change_id)
        return row

    def change(self, row: Row, values: Mapping[str, Any], by: Stamp, change_id: str) -> None:
        """Another version of a row of the same batch."""
        row.update(values)
        self.has_changes = True
        self._keep(row, by, "~", change_id)

    def _keep(self, row: Row, by: Stamp, kind: str, change_id: str) -> None:
        """A version is never dated before the one it replaces: history is read in order of time."""
        at = self.last_at[id(row)] = max(by.at, self.last_at.get(id(row), by.at))
        version = (
            *self.kept_values(row),
            *(at, kind, by.actor_id, by.reason, change_id),
            *(by.actor_name, by.source, by.request_id),
        )
        self.versions.append((at, version))

    def take(self) -> Load:
        """What there is to write; the table begins anew."""
        self.versions.sort(key=itemgetter(0))
        load = Load(self, self.rows, self.versions, self.next_id, self.has_changes)
        self.rows, self.versions, self.has_changes = [], [], False
        self.last_at.clear()
        return load


@dataclass(slots=True)
class Load:
    """Rows and versions of one table that go into the database together."""

    table: Table
    rows: list[Row]
    versions: list[tuple[datetime, tuple[Any, ...]]]
    next_id: int
    has_changes: bool
    mark: int = 0

    def write(self) -> None:
        """Copy rows and versions; ``mark`` is the last history row before them."""
        table = self.table
        copy_in(table.model._meta.db_table, table.columns, self._tuples())
        if self.next_id and self.rows:
            set_next_id(table.model, self.next_id)
        if table.history is not None and self.versions:
            self.mark = last_id(table.history)
            columns = [*table.kept_columns, *STAMPS]
            versions = with_json(map(itemgetter(1), self.versions), table.kept_json)
            copy_in(table.history._meta.db_table, columns, versions)

    def _tuples(self) -> Iterable[tuple[Any, ...]]:
        return with_json(map(self.table.values, self.rows), self.table.json)


def json_places(fields: Iterable[models.Field[Any, Any]]) -> list[int]:
    return [index for index, field in enumerate(fields) if isinstance(field, models.JSONField)]


def with_json(rows: Iterable[tuple[Any, ...]], places: list[int]) -> Iterable[tuple[Any, ...]]:
    """The tuples with what stands in JSON columns as text."""
    return (_told(row, places) for row in rows) if places else rows


def _told(row: tuple[Any, ...], places: list[int]) -> tuple[Any, ...]:
    values = list(row)
    for index in places:
        values[index] = json.dumps(values[index], ensure_ascii=False)
    return tuple(values)


class Batch:
    """Tables that are written together, parents before children."""

    def __init__(self, *models_: type[models.Model]) -> None:
        self.tables = {model: Table(model) for model in models_}
        self.writer: ThreadPoolExecutor | None = None
        self.writing: Future[None] | None = None

    def __getitem__(self, model: type[models.Model]) -> Table:
        return self.tables[model]

    def add_table(self, model: type[models.Model], *, is_numbered: bool = True) -> Table:
        """A further table, by default with ids drawn here."""
        table = self.tables[model] = Table(model, is_numbered=is_numbered)
        return table

    def write(self) -> None:
        """Write every table and the journal of it; the triggers must rest (`resting_triggers`)."""
        loads = [table.take() for table in self.tables.values()]
        self.settle()
        if self.writer is None:
            write_loads(loads)
        else:
            self.writing = self.writer.submit(write_loads, loads)

    def settle(self) -> None:
        """Wait until all is written that was handed over; raises what went wrong there."""
        writing, self.writing = self.writing, None
        if writing is not None:
            writing.result()

    @contextmanager
    def written_beside(self) -> Iterator[None]:
        """Let a thread write on this connection while the next rows are invented.

        Inventing keeps Python busy and writing the database, so together they take as long as the
        slower one. Nothing else may use the connection before `settle`.
        """
        shared = connections[DEFAULT_DB_ALIAS]
        shared.inc_thread_sharing()
        share = partial(connections.__setitem__, DEFAULT_DB_ALIAS, shared)
        try:
            with ThreadPoolExecutor(1, initializer=share) as self.writer:
                yield
                self.settle()
        finally:
            self.writer = None
            shared.dec_thread_sharing()


def write_loads(loads: Iterable[Load]) -> None:
    """Rows and history of every table, then the journal of all."""
    for load in loads:
        load.write()
    write_journal(load for load in loads if load.table.history and load.versions)


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


_VERSIONS = """
SELECT '{table}' AS table_name, v.id AS row_pk,
    CASE v.history_type WHEN '+' THEN 'insert' ELSE 'update' END AS operation,
    {changed} AS changed,
    encode(sha256(convert_to(v.body::text, 'UTF8')), 'hex') AS digest,
    v.case_id, v.change_id, v.history_user_id AS actor_id, v.actor_name,
    v.history_change_reason AS reason, v.source, v.request_id, v.history_date AS recorded_at,
    v.history_id
FROM (
    SELECT h.history_type, h.history_date, h.history_user_id, h.history_change_reason, h.change_id,
        h.actor_name, h.source, h.request_id, h.history_id, h.id,
        {case} AS case_id, {body} AS body{before}
    FROM "{history}" h {join} WHERE h.history_id > {mark}
    OFFSET 0  -- computes the body once
) v
"""
_CHANGED = """CASE WHEN v.before IS NULL THEN '[]'::jsonb ELSE (
    SELECT coalesce(jsonb_agg(n.key ORDER BY n.key), '[]') FROM jsonb_each(v.body) n
    WHERE n.value IS DISTINCT FROM v.before -> n.key) END"""
_JOURNAL = """
INSERT INTO {journal} (
    table_name, row_pk, operation, changed, digest, case_id, txid, change_id,
    actor_id, actor_name, reason, source, request_id, db_user, recorded_at, width
)
SELECT table_name, row_pk, operation, changed, digest, case_id,
    pg_current_xact_id()::text::bigint, change_id, actor_id, actor_name, reason, source, request_id,
    session_user, recorded_at,
    (SELECT relnatts FROM pg_class WHERE oid = to_regclass(quote_ident(table_name)))
FROM ({versions}) v ORDER BY recorded_at, history_id
"""


def write_journal(loads: Iterable[Load]) -> None:
    """The journal rows of all new versions, in order of time."""
    parts = [versions_of(load) for load in loads]
    if not parts:
        return
    with connection.cursor() as db:
        journal = JournalEntry._meta.db_table
        db.execute(_JOURNAL.format(journal=journal, versions=" UNION ALL ".join(parts)))


def versions_of(load: Load) -> str:
    """The statement that reads new versions as journal rows; a partial history asks the row."""
    table = load.table
    name = table.model._meta.db_table
    stamps = ", ".join(f"'{column}'" for column in stamp_columns())
    body = "to_jsonb(t)" if table.is_partial else f"to_jsonb(h) - ARRAY[{stamps}]"
    column = case_column(table.model)
    before = f", lag({body}) OVER (PARTITION BY h.id ORDER BY h.history_id) AS before"
    return _VERSIONS.format(
        table=name,
        history=table.history._meta.db_table if table.history else "",
        mark=load.mark,
        body=body,
        join=f'JOIN "{name}" t ON t.id = h.id' if table.is_partial else "",
        case=f"h.{column}" if column else "NULL::bigint",
        changed=_CHANGED if load.has_changes else "'[]'::jsonb",
        before=before if load.has_changes else "",
    )


def case_column(model: type[models.Model]) -> str:
    """The column with the case's id, as declared with the journal's trigger."""
    for trigger in getattr(model._meta, "triggers", []):
        if isinstance(trigger, Journaled):
            return str(trigger.call.partition("'")[2].partition("'")[0])
    return ""


def copy_in(table: str, columns: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """COPY tuples into a table."""
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as db, db.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def default_of(field: models.Field[Any, Any]) -> Any:
    """What a new row holds when nothing is said."""
    if field.default is not NOT_PROVIDED:
        return field.get_default()
    if field.null or field.primary_key:
        return None
    return "" if isinstance(field, models.CharField | models.TextField) else None


def has_sequence(model: type[models.Model]) -> bool:
    return isinstance(model._meta.pk, models.AutoField)


def sequence_of(model: type[models.Model]) -> str:
    with connection.cursor() as db:
        pk = model._meta.pk
        db.execute("SELECT pg_get_serial_sequence(%s, %s)", [model._meta.db_table, pk.column])
        return str(db.fetchone()[0])


def next_id(model: type[models.Model]) -> int:
    """The number the table's sequence gives next."""
    with connection.cursor() as db:
        db.execute(f"SELECT last_value, is_called FROM {sequence_of(model)}")
        value, is_called = db.fetchone()
        return int(value) + int(is_called)


def set_next_id(model: type[models.Model], value: int) -> None:
    with connection.cursor() as db:
        db.execute("SELECT setval(%s, %s, false)", [sequence_of(model), value])


def last_id(history: type[models.Model]) -> int:
    with connection.cursor() as db:
        db.execute(f'SELECT coalesce(max(history_id), 0) FROM "{history._meta.db_table}"')
        return int(db.fetchone()[0])
