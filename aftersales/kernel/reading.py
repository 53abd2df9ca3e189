"""Reading rows by plain values, with a statement made once per model: what every request needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.transaction import TransactionManagementError

from aftersales.kernel.prepared import plain_rows

M = TypeVar("M", bound=models.Model)

# What a statement calls the table of the model it reads; conditions may use it.
TABLE: Final = "own"


class Part(NamedTuple):
    """The columns of one model in a row: their names, and what makes Python values of them."""

    model: Any
    relation: str
    names: list[str]
    key_at: int
    converters: list[tuple[int, list[Callable[..., Any]]]]

    def made_of(self, stored: Sequence[Any]) -> Any:
        """What the database gave as an object, ``None`` for a join that found nothing."""
        values = list(stored)
        if self.relation and values[self.key_at] is None:
            return None
        for place, converters in self.converters:
            for convert in converters:
                values[place] = convert(values[place], None, connection)
        return self.model.from_db(DEFAULT_DB_ALIAS, self.names, values)


class Reader(NamedTuple):
    """The statement, plain and with a lock, how it begins, and what its columns mean."""

    head: str
    plain: str
    locked: str
    parts: list[Part]

    def row(self, stored: Sequence[Any]) -> Any:
        """What the database gave as an object, with the related ones that were asked for."""
        own, *others = self.parts
        at = len(own.names)
        found = own.made_of(stored[:at])
        for part in others:
            end = at + len(part.names)
            own.model._meta.get_field(part.relation).set_cached_value(
                found, part.made_of(stored[at:end])
            )
            at = end
        return found


def by_key(model: type[M], key: Any, *, is_locked: bool = False) -> M:
    """The row as ``objects.get(pk=key)`` gives it, locked on request; raises ``DoesNotExist``.

    To lock, it must run inside ``atomic``.
    """
    if is_locked and not connection.in_atomic_block:
        raise TransactionManagementError("a row is locked inside a transaction only")
    found = by_values(model, {model._meta.pk.attname: key}, is_locked=is_locked)
    if not found:
        raise model.DoesNotExist  # type: ignore[attr-defined]
    return found[0]


def by_unique(model: type[M], *, joined: tuple[str, ...] = (), **key: Any) -> M | None:
    """The row with the values of a unique key, named by attribute, if there is one.

    ``joined`` names foreign keys whose rows come along, as with ``select_related``.
    """
    found = by_values(model, key, joined=joined)
    return found[0] if found else None


def by_values(
    model: type[M],
    wanted: Mapping[str, Any],
    *,
    is_locked: bool = False,
    joined: tuple[str, ...] = (),
) -> list[M]:
    """Rows that hold exactly these values, named by attribute, in order of their key.

    For the few rows an index finds; locked on request, inside ``atomic``, and then alone.
    """
    nulls = tuple(name for name, value in wanted.items() if value is None)
    reader = reader_of(model, tuple(wanted), nulls, joined)
    params = [value for value in wanted.values() if value is not None]
    found = plain_rows(reader.locked if is_locked else reader.plain, params)
    return [reader.row(row) for row in found]


def by_condition(model: type[M], condition: str, params: Sequence[Any]) -> list[M]:
    """Rows for which a condition in SQL holds (it may name an order), the plan kept."""
    reader = reader_of(model, (), ())
    found = plain_rows(_conditioned(reader.head, condition), params)
    return [reader.row(row) for row in found]


@cache
def _conditioned(head: str, condition: str) -> str:
    """The same object each time: a kept cursor knows its statement by it."""
    return f"{head} WHERE {condition}"


@cache
def reader_of(
    model: Any, wanted: tuple[str, ...], nulls: tuple[str, ...], joined: tuple[str, ...] = ()
) -> Reader:
    """How rows of the model are read by the attributes in ``wanted``, some of them NULL."""
    quote = connection.ops.quote_name
    parts, tables = [_part(model, "")], [f"{quote(model._meta.db_table)} {TABLE}"]
    for number, relation in enumerate(joined):
        field = model._meta.get_field(relation)
        target = field.related_model._meta
        parts.append(_part(field.related_model, relation))
        tables.append(
            f"LEFT JOIN {quote(target.db_table)} j{number} "
            f"ON j{number}.{quote(target.pk.column)} = {TABLE}.{quote(field.column)}"
        )
    columns = ", ".join(
        f"{f'j{number - 1}' if number else TABLE}.{quote(column.column)}"
        for number, part in enumerate(parts)
        for column in part.model._meta.concrete_fields
    )
    by_name = {field.attname: quote(field.column) for field in model._meta.concrete_fields}
    condition = " AND ".join(
        f"{TABLE}.{by_name[name]} {'IS NULL' if name in nulls else '= %s'}" for name in wanted
    )
    head = f"SELECT {columns} FROM {' '.join(tables)}"  # noqa: S608 -- names of our own tables
    plain = f"{head} WHERE {condition} ORDER BY {TABLE}.{quote(model._meta.pk.column)}"
    return Reader(head, plain, f"{plain} FOR UPDATE OF {TABLE}", parts)


def _part(model: Any, relation: str) -> Part:
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    found = [(place, field.get_db_converters(connection)) for place, field in enumerate(fields)]
    key_at = names.index(model._meta.pk.attname)
    return Part(model, relation, names, key_at, [(place, each) for place, each in found if each])
