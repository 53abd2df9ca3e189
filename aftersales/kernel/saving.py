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
from datetime import datetime
from functools import cache, lru_cache
from ipaddress import ip_address
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, models
from django.db.models.signals import post_save, pre_save
from django.db.transaction import mark_for_rollback_on_error

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
Names = tuple[str, ...]
Rows = list[tuple[Any, ...]]
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
    models.DateTimeField: datetime,
}


@lru_cache(maxsize=1000)
def network_address(text: str) -> Any:
    """An address as the driver takes it; every event of a request names the same one."""
    return ip_address(text) if text else None


def moment(value: datetime) -> datetime:
    """A moment as it is; raises ``ValueError`` for one without a time zone."""
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    return value


WRAPS: dict[type, Callable[[Any], Any]] = {
    models.GenericIPAddressField: network_address,
    models.DateTimeField: moment,
}
# What the two usual saves ask for.
USUAL = {"force_insert", "update_fields", "using"}


class CompiledSave(models.Model):
    """A model whose statements are written once, not for every row."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django's. A new row and named columns of a known one, nearly every save, go a shorter
        way; Django's own takes longer than the database."""
        if not (args or kwargs.keys() - USUAL) and self._is_usual(**kwargs):
            self._prepare_related_fields_for_save(operation_name="save")  # type: ignore[attr-defined]
            with mark_for_rollback_on_error(DEFAULT_DB_ALIAS):
                if self._state.adding:
                    self._add()
                else:
                    self._change(frozenset(kwargs["update_fields"]))
        else:
            super().save(*args, **kwargs)

    def _is_usual(
        self, *, force_insert: Any = False, update_fields: Any = None, using: str | None = None
    ) -> bool:
        """Whether Django would do nothing but this, too: no parents, no listeners to signals, no
        ``save`` of a class in between (that of Django's own user)."""
        model = type(self)
        if self._state.adding:
            is_plain = not update_fields and (force_insert is True or self.pk is None)
        else:
            is_plain = bool(update_fields) and not force_insert and self.pk is not None
            is_plain = is_plain and names_in_order(model).keys() >= set(update_fields)
        return (
            is_plain
            and using in (None, DEFAULT_DB_ALIAS)
            and not model._meta.parents
            and super().save.__func__ is models.Model.save  # type: ignore[attr-defined]
            and not (pre_save.has_listeners(model) or post_save.has_listeners(model))
        )

    def _add(self) -> None:
        names, values = given(self, self._meta.concrete_fields, raw=False)
        ((self.pk,),) = self._insert(names, values)
        self._state.adding, self._state.db = False, DEFAULT_DB_ALIAS

    def _change(self, update_fields: frozenset[str]) -> None:
        names = chosen(type(self), update_fields)
        if not self._update(names, values_of(self, names), self.pk):
            raise DatabaseError("Save with update_fields did not affect any rows.")

    def _do_insert(
        self, manager: Any, using: str, fields: Fields, returning_fields: Fields, raw: bool
    ) -> list[tuple[Any, ...]]:
        return self._insert(*given(self, fields, raw=raw))

    def _do_update(  # type: ignore[override]  # stubs are Django 6's
        self, base_qs: Any, using: str, pk_val: Any, values: Any, update_fields: Any, *args: Any
    ) -> bool:
        columns = columns_of(type(self))
        names = tuple(field.attname for field, _, _ in values)
        params = [columns[field.attname].bound(value) for field, _, value in values]
        return bool(self._update(names, params, pk_val))

    def _insert(self, names: Names, values: list[Any]) -> Rows:
        """Write a new row; gives its key. All ways to insert one end here."""
        return plain_rows(insert_sql(type(self), names), values)

    def _update(self, names: Names, values: list[Any], key: Any) -> Rows:
        """Write columns of the row with the key; gives it if there is one."""
        return plain_rows(update_sql(type(self), names), [*values, key])


def given(row: models.Model, fields: Fields, *, raw: bool) -> tuple[Names, list[Any]]:
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


def values_of(row: models.Model, names: Names) -> list[Any]:
    """What the columns of a known row get."""
    columns = columns_of(type(row))
    values = []
    for name in names:
        column = columns[name]
        value = getattr(row, name) if column.is_read else column.field.pre_save(row, False)
        values.append(column.bound(value))
    return values


@cache
def names_in_order(model: type[models.Model]) -> dict[str, str]:
    """The attribute of each column a save may name, by attribute and by name of the field."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    by_attribute = {field.attname: field.attname for field in fields}
    return by_attribute | {field.name: field.attname for field in fields}


@lru_cache(maxsize=1000)
def chosen(model: type[models.Model], update_fields: frozenset[str]) -> Names:
    """The attributes to save, in one order however they were named."""
    names = names_in_order(model)
    wanted = {names[name] for name in update_fields}
    return tuple(name for name in columns_of(model) if name in wanted)


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
        if type(value) is self.plain or value is None:
            return self.wrap(value) if self.wrap and value is not None else value
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
def insert_sql(model: Any, names: Names) -> str:
    """INSERT of one row; gives its key back, as ``_do_insert`` must."""
    return f"{written_sql(model, names)} RETURNING {names_of((model._meta.pk,))}"


@cache
def audited_insert_sql(model: Any, names: Names) -> str:
    """INSERT of one row with its history row; parameters: values, signature, stamps."""
    return with_history(model, written_sql(model, names))


@cache
def audited_unless_taken_sql(model: Any, names: Names) -> str:
    """The same, without any row where a unique key is taken."""
    return with_history(model, f"{written_sql(model, names)} ON CONFLICT DO NOTHING")


def written_sql(model: Any, names: Names) -> str:
    fields = fields_of(model, names)
    values = ", ".join(placeholder(field) for field in fields)
    return f"INSERT INTO {quoted(model._meta.db_table)} ({names_of(fields)}) VALUES ({values})"


@cache
def update_sql(model: Any, names: Names) -> str:
    """UPDATE of one row by key, giving its key back; parameters: values, key."""
    return f"{changed_sql(model, names)} RETURNING {names_of((model._meta.pk,))}"


@cache
def audited_update_sql(model: Any, names: Names) -> str:
    """UPDATE of one row by key with its history row; parameters: values, key, signature, stamps."""
    return with_history(model, changed_sql(model, names))


def changed_sql(model: Any, names: Names) -> str:
    fields = fields_of(model, names)
    changed = ", ".join(f"{quoted(field.column)} = {placeholder(field)}" for field in fields)
    table, key = quoted(model._meta.db_table), quoted(model._meta.pk.column)
    return f"UPDATE {table} SET {changed} WHERE {key} = %s"


def fields_of(model: Any, names: Names) -> list[Any]:
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
