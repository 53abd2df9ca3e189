"""Reading one row by a key, with a statement made once per model: what every request needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db import connection, models
from django.db.transaction import TransactionManagementError

from aftersales.kernel.prepared import prepared

M = TypeVar("M", bound=models.Model)


class Reader(NamedTuple):
    """The statement, the names of what it gives, and what turns columns into Python values."""

    statement: str
    names: list[str]
    converters: list[tuple[int, list[Callable[..., Any]]]]


def by_key(model: type[M], key: Any, *, is_locked: bool = False) -> M:
    """The row as ``objects.get(pk=key)`` gives it, locked on request; raises ``DoesNotExist``.

    To lock, it must run inside ``atomic``.
    """
    if is_locked and not connection.in_atomic_block:
        raise TransactionManagementError("a row is locked inside a transaction only")
    found = read(model, {model._meta.pk.attname: key}, " FOR UPDATE" if is_locked else "")
    if found is None:
        raise model.DoesNotExist  # type: ignore[attr-defined]
    return found


def by_unique(model: type[M], **key: Any) -> M | None:
    """The row with the values of a unique key, named by attribute, if there is one."""
    return read(model, key)


def read(model: type[M], key: Mapping[str, Any], ending: str = "") -> M | None:
    """The one row with these values."""
    reader = reader_of(model, tuple(key))
    with prepared(), connection.cursor() as cursor:
        cursor.execute(reader.statement + ending, list(key.values()))
        row = cursor.fetchone()
    if row is None:
        return None
    values = list(row)
    for place, converters in reader.converters:
        for convert in converters:
            values[place] = convert(values[place], None, connection)
    return model.from_db(connection.alias, reader.names, values)


@cache
def reader_of(model: Any, key: tuple[str, ...]) -> Reader:
    """How a row of the model is read by the attributes of ``key``."""
    fields = model._meta.concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    table = quote(model._meta.db_table)
    asked = [quote(field.column) for name in key for field in fields if field.attname == name]
    condition = " AND ".join(f"{column} = %s" for column in asked)
    found = [(place, field.get_db_converters(connection)) for place, field in enumerate(fields)]
    return Reader(
        f"SELECT {columns} FROM {table} WHERE {condition}",  # noqa: S608 -- names of our own tables
        [field.attname for field in fields],
        [(place, converters) for place, converters in found if converters],
    )
