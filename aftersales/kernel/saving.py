"""A save as one statement, written once per model and set of columns.

The row, the signature its journal trigger spends, and the history row travel together; history is
copied by the database from the row it stored, so the two cannot differ. Django's compiler would
write the same text anew for every save, which cost half of a request.
"""
# ruff: noqa: S608 -- names of our own tables and columns

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from ipaddress import ip_address
from typing import Any

from django.db import connection, models

from aftersales.kernel.clock import now
from aftersales.kernel.context import current
from aftersales.kernel.journal import payload
from aftersales.kernel.prepared import database, plain_rows

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
# Kinds of fields that do nothing to a value of this very type; others may.
PLAIN: dict[type, type] = {
    models.CharField: str,
    models.SlugField: str,
    models.TextField: str,
    models.BooleanField: bool,
    models.BigAutoField: int,
    models.BigIntegerField: int,
    models.IntegerField: int,
    models.PositiveIntegerField: int,
    models.PositiveSmallIntegerField: int,
    models.SmallIntegerField: int,
    models.GenericIPAddressField: str,
}


@lru_cache(maxsize=1000)
def network_address(text: str) -> Any:
    """An address as the driver takes it; every event of a request names the same one."""
    return ip_address(text) if text else None


WRAPS: dict[type, Callable[[Any], Any]] = {models.GenericIPAddressField: network_address}


class CompiledSave(models.Model):
    """A model whose statements are written once, not for every row."""

    class Meta:
        abstract = True

    def _do_insert(
        self, manager: Any, using: str, fields: Fields, returning_fields: Fields, raw: bool
    ) -> list[tuple[Any, ...]]:
        names, values = given(self, fields, raw=raw)
        return plain_rows(insert_sql(type(self), names), values)

    def _do_update(  # type: ignore[override]  # stubs are Django 6's
        self, base_qs: Any, using: str, pk_val: Any, values: Any, update_fields: Any, *args: Any
    ) -> bool:
        names, params = changed(type(self), values)
        return bool(plain_rows(update_sql(type(self), names), [*params, pk_val]))


def given(row: models.Model, fields: Fields, *, raw: bool) -> tuple[tuple[str, ...], list[Any]]:
    """The attributes of a new row that hold something, and what their columns get.

    The others stay NULL by being left out: the driver parses a statement of more than 50
    parameters anew each time.
    """
    columns = columns_of(type(row))
    names, values = [], []
    for field in fields:
        column = columns[field.attname]
        is_read = raw or column.is_read
        value = getattr(row, field.attname) if is_read else field.pre_save(row, True)
        if value is not None:
            names.append(field.attname)
            values.append(column.bound(value))
    return tuple(names), values


def changed(model: type[models.Model], values: Any) -> tuple[tuple[str, ...], list[Any]]:
    """The attributes ``_do_update`` is to write, and what their columns get."""
    columns = columns_of(model)
    params = [columns[field.attname].bound(value) for field, _, value in values]
    return tuple(field.attname for field, _, _ in values), params


@dataclass(frozen=True, slots=True)
class Column:
    """A column and the shortcut to its values: one of type ``plain`` is handed over as it is, after
    ``wrap``, which is what becomes of it on the way through half a dozen methods of the field."""

    field: Any
    plain: type | None
    wrap: Callable[[Any], Any] | None
    is_read: bool

    def bound(self, value: Any) -> Any:
        """A value as the database's driver takes it; raises ``ValueError`` for an expression."""
        if type(value) is self.plain:
            return self.wrap(value) if self.wrap else value
        if hasattr(value, "resolve_expression"):
            raise ValueError(f"{self.field.name} must be a value, not {type(value).__name__}")
        return self.field.get_db_prep_save(value, connection=database())


@cache
def columns_of(model: type[models.Model]) -> dict[str, Column]:
    """The columns of a model by attribute."""
    return {field.attname: column_of(field) for field in model._meta.concrete_fields}


def column_of(field: Any) -> Column:
    """The shortcut for a field; a foreign key takes what the key it refers to takes."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    plain = PLAIN.get(type(target))
    sized = connection.ops.integerfield_type_map  # type: ignore[attr-defined]  # PostgreSQL's own
    wrap = sized.get(target.get_internal_type()) if plain is int else WRAPS.get(type(target))
    return Column(field, plain, wrap, type(field).pre_save is models.Field.pre_save)


def signature(row: models.Model, change_id: uuid.UUID) -> str:
    """What the trigger of the row's table spends on it."""
    return payload(current(), row._meta.db_table, change_id)


def stamps(kind: str, change_id: uuid.UUID) -> list[Any]:
    """Values of ``STAMPS`` for a history row of ``kind`` + or ~."""
    context = current()
    who = (context.actor_id, context.reason, change_id, context.actor_name)
    return [now(), kind, *who, context.source, context.request_id]


@cache
def insert_sql(model: Any, names: tuple[str, ...]) -> str:
    """INSERT of one row; gives its key back, as ``_do_insert`` must."""
    return f"{written_sql(model, names)} RETURNING {names_of((model._meta.pk,))}"


@cache
def audited_insert_sql(model: Any, names: tuple[str, ...]) -> str:
    """INSERT of one row with its history row; parameters: values, signature, stamps."""
    return with_history(model, written_sql(model, names))


@cache
def audited_unless_taken_sql(model: Any, names: tuple[str, ...]) -> str:
    """The same, without any row where a unique key is taken."""
    return with_history(model, f"{written_sql(model, names)} ON CONFLICT DO NOTHING")


def written_sql(model: Any, names: tuple[str, ...]) -> str:
    fields = fields_of(model, names)
    values = ", ".join(placeholder(field) for field in fields)
    return f"INSERT INTO {quoted(model._meta.db_table)} ({names_of(fields)}) VALUES ({values})"


@cache
def update_sql(model: Any, names: tuple[str, ...]) -> str:
    """UPDATE of one row by key, giving its key back; parameters: values, key."""
    return f"{changed_sql(model, names)} RETURNING {names_of((model._meta.pk,))}"


@cache
def audited_update_sql(model: Any, names: tuple[str, ...]) -> str:
    """UPDATE of one row by key with its history row; parameters: values, key, signature, stamps."""
    return with_history(model, changed_sql(model, names))


def changed_sql(model: Any, names: tuple[str, ...]) -> str:
    fields = fields_of(model, names)
    changed = ", ".join(f"{quoted(field.column)} = {placeholder(field)}" for field in fields)
    table, key = quoted(model._meta.db_table), quoted(model._meta.pk.column)
    return f"UPDATE {table} SET {changed} WHERE {key} = %s"


def fields_of(model: Any, names: tuple[str, ...]) -> list[Any]:
    columns = columns_of(model)
    return [columns[name].field for name in names]


def with_history(model: Any, written: str) -> str:
    """Sign each row the statement writes, copy it into history and give its key back.

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
        f"SELECT {kept}, {marks} FROM written RETURNING {names_of((model._meta.pk,))}"
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
