"""Writing many new rows at once with everything a single save leaves behind.

One statement per model: the rows travel as one JSON text, the database makes rows and history rows
of it, so the two cannot differ. The journal's trigger fires per row whoever writes; call this in
``journal.signed_in_bulk``, or the changes stay unattributed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection, models

from aftersales.kernel.clock import now
from aftersales.kernel.context import current
from aftersales.kernel.prepared import plain_rows


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model and, where it has history, their first history rows.

    Rows without a key get one; keys drawn before (``draw_ids``) are kept.
    """
    if not rows:
        return
    model: Any = type(rows[0])
    row: Any
    nameless = [row for row in rows if row.pk is None]
    for row, pk in zip(nameless, draw_ids(model, len(nameless)), strict=True):
        row.pk = pk
    for row in rows:
        row._prepare_related_fields_for_save(operation_name="bulk_create")
        row._state.adding = False
    names = [(field.column, field.attname) for field in model._meta.concrete_fields]
    _insert(model, [{column: getattr(row, name) for column, name in names} for row in rows])


def insert_values(model: Any, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """``insert`` for rows nobody needs as objects, given by column; returns their keys.

    Columns that are not named get the defaults of their fields.
    """
    keys = draw_ids(model, len(rows))
    blank, key = defaults_of(model), model._meta.pk.column
    if rows:
        _insert(model, [{**blank, **row, key: pk} for row, pk in zip(rows, keys, strict=True)])
    return keys


def _insert(model: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write whole rows and, where the model has history, their first history rows."""
    names = [field.column for field in model._meta.concrete_fields]
    statement, columns, params = statement_of(model, names, rows)
    if history_of(model) is not None:
        statement, params = with_history(model, columns, statement, params)
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


@cache
def history_of(model: Any) -> Any:
    """The model of the history rows, if it has any; each look at ``history`` makes a class."""
    manager = getattr(model, "history", None)
    return manager.model if manager else None


@cache
def defaults_of(model: Any) -> dict[str, Any]:
    return {field.column: field.get_default() for field in model._meta.concrete_fields}


def insert_missing(rows: Sequence[models.Model]) -> None:
    """Insert rows without key or history; one that a unique key refuses is left out."""
    model: Any = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    values = [{field.column: getattr(row, field.attname) for field in fields} for row in rows]
    plain_rows(_missing_sql(model), [json.dumps(values, default=str)])


@cache
def _missing_sql(model: Any) -> str:
    names = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    statement, _columns, _params = statement_of(model, names, ())
    return f"{statement} ON CONFLICT DO NOTHING RETURNING 1"


def statement_of(
    model: Any, names: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> tuple[str, str, list[Any]]:
    """One INSERT of all rows, the names of its columns, and its parameters."""
    table = quoted(model._meta.db_table)
    columns = ", ".join(map(quoted, names))
    statement = (
        f"INSERT INTO {table} ({columns}) "  # noqa: S608 -- names of our own tables
        f"SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)"
    )
    return statement, columns, [json.dumps(rows, default=str)]


def change(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write the named fields of stored rows of one model without history, in one statement."""
    if not rows:
        return
    model: Any = type(rows[0])
    if history_of(model) is not None:
        raise TypeError(f"{model.__name__} has a history, which this would not write")
    fields = [model._meta.pk, *(model._meta.get_field(name) for name in names)]
    text = json.dumps(
        [{field.column: getattr(row, field.attname) for field in fields} for row in rows],
        default=str,
    )
    table = quoted(model._meta.db_table)
    key, *columns = (quoted(field.column) for field in fields)
    told = ", ".join(f"{column} = told.{column}" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS kept SET {told} "  # noqa: S608 -- names of our own tables
            f"FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) AS told "
            f"WHERE kept.{key} = told.{key}",
            [text],
        )


def with_history(
    model: Any, columns: str, statement: str, params: list[Any], kind: str = "+"
) -> tuple[str, list[Any]]:
    """The same statement copying the rows it wrote to the history table; ``kind`` is + or ~."""
    context = current()
    stamps: dict[str, Any] = {
        "history_date": now(),
        "history_type": kind,
        "history_user_id": context.actor_id,
        "history_change_reason": context.reason,
        "actor_name": context.actor_name,
        "source": context.source,
        "request_id": context.request_id,
    }
    history = quoted(history_of(model)._meta.db_table)
    casts = ["%s::timestamptz", "%s", "%s::bigint", *["%s"] * 4]
    return (
        f"WITH added AS ({statement} RETURNING *) "  # noqa: S608 -- names of our own tables
        f"INSERT INTO {history} ({columns}, {', '.join(stamps)}) "
        f"SELECT {columns}, {', '.join(casts)} FROM added",
        [*params, *stamps.values()],
    )


def draw_ids(model: Any, count: int) -> list[int]:
    """New primary keys, ascending."""
    if not count:
        return []
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, column, count],
        )
        return sorted(pk for (pk,) in cursor.fetchall())


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)
