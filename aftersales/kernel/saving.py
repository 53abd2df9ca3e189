"""A save as one statement, written once per model and set of columns.

The row, the signature its journal trigger spends, and the history row travel together; history is
copied by the database from the row it stored, so the two cannot differ. Django's compiler would
write the same text anew for every save, which cost half of a request.
"""
# ruff: noqa: S608 -- names of our own tables and columns

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection, models

from aftersales.kernel.clock import now
from aftersales.kernel.context import current
from aftersales.kernel.journal import payload
from aftersales.kernel.prepared import prepared

# What a history row carries besides the values; ``stamps`` gives them in this order.
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
Fields = Sequence[Any]


class CompiledInsert(models.Model):
    """A model whose insert is written once, not for every row."""

    class Meta:
        abstract = True

    def _do_insert(
        self, manager: Any, using: str, fields: Fields, returning_fields: Fields, raw: bool
    ) -> list[tuple[Any, ...]]:
        statement = insert_sql(type(self), tuple(fields), tuple(returning_fields))
        return run(statement, [value_of(self, field, raw=raw) for field in fields])


def value_of(row: models.Model, field: Any, *, raw: bool) -> Any:
    """What a new row's column gets, as Django's compiler would bind it."""
    return bound(field, getattr(row, field.attname) if raw else field.pre_save(row, True))


def bound(field: Any, value: Any) -> Any:
    """A value as the database's driver takes it; raises ``ValueError`` for an expression."""
    if hasattr(value, "resolve_expression"):
        raise ValueError(f"{field.name} must be a value, not {type(value).__name__}")
    return field.get_db_prep_save(value, connection=connection)


def run(statement: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Execute and return the rows the statement gives back."""
    with prepared(), connection.cursor() as cursor:
        cursor.execute(statement, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def signature(row: models.Model, change_id: uuid.UUID) -> str:
    """What the trigger of the row's table spends on it."""
    return payload(current(), row._meta.db_table, change_id)


def stamps(kind: str, change_id: uuid.UUID) -> list[Any]:
    """Values of ``STAMPS`` for a history row of ``kind`` + or ~."""
    context = current()
    who = (context.actor_id, context.reason, change_id, context.actor_name)
    return [now(), kind, *who, context.source, context.request_id]


@cache
def insert_sql(model: Any, fields: Fields, returning: Fields) -> str:
    """INSERT of one row."""
    columns = ", ".join(quoted(field.column) for field in fields)
    values = ", ".join(placeholder(field) for field in fields)
    table, back = quoted(model._meta.db_table), names_of(returning or (model._meta.pk,))
    return f"INSERT INTO {table} ({columns}) VALUES ({values}) RETURNING {back}"


@cache
def audited_insert_sql(model: Any, fields: Fields, returning: Fields) -> str:
    """INSERT of one row with its history row; parameters: values, signature, stamps."""
    columns = ", ".join(quoted(field.column) for field in fields)
    values = ", ".join(placeholder(field) for field in fields)
    table = quoted(model._meta.db_table)
    written = f"INSERT INTO {table} ({columns}) VALUES ({values})"
    return with_history(model, written, names_of(returning or (model._meta.pk,)))


@cache
def audited_update_sql(model: Any, fields: Fields) -> str:
    """UPDATE of one row by key with its history row; parameters: values, key, signature, stamps."""
    changed = ", ".join(f"{quoted(field.column)} = {placeholder(field)}" for field in fields)
    table, key = quoted(model._meta.db_table), quoted(model._meta.pk.column)
    written = f"UPDATE {table} SET {changed} WHERE {key} = %s"
    return with_history(model, written, names_of((model._meta.pk,)))


def with_history(model: Any, written: str, back: str) -> str:
    """Sign each row the statement writes, and copy it into history.

    The signature is set only when there is a row, so that none is left for somebody else's write;
    triggers fire when the whole statement has ended.
    """
    history = model.history.model
    excluded = history._history_excluded_fields
    kept = names_of(field for field in model._meta.concrete_fields if field.name not in excluded)
    marks = ", ".join(["%s"] * len(STAMPS))
    return (
        f"WITH written AS ({written} RETURNING *, set_config('desk.once', %s, true)) "
        f"INSERT INTO {quoted(history._meta.db_table)} ({kept}, {', '.join(STAMPS)}) "
        f"SELECT {kept}, {marks} FROM written RETURNING {back}"
    )


def names_of(fields: Any) -> str:
    return ", ".join(quoted(field.column) for field in fields)


def placeholder(field: Any) -> str:
    """Arrays name their type."""
    if hasattr(field, "get_placeholder"):
        return str(field.get_placeholder(None, None, connection))
    return "%s"


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)
