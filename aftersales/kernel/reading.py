"""Reading one row by its key, with a statement made once per model: what every request needs."""

from __future__ import annotations

from collections.abc import Callable
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
    reader = reader_of(model)
    if is_locked and not connection.in_atomic_block:
        raise TransactionManagementError("a row is locked inside a transaction only")
    with prepared(), connection.cursor() as cursor:
        cursor.execute(reader.statement + (" FOR UPDATE" if is_locked else ""), [key])
        row = cursor.fetchone()
    if row is None:
        raise model.DoesNotExist  # type: ignore[attr-defined]
    values = list(row)
    for place, converters in reader.converters:
        for convert in converters:
            values[place] = convert(values[place], None, connection)
    return model.from_db(connection.alias, reader.names, values)


@cache
def reader_of(model: Any) -> Reader:
    """How rows of the model are read."""
    fields = model._meta.concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    found = [(place, field.get_db_converters(connection)) for place, field in enumerate(fields)]
    return Reader(
        f"SELECT {columns} FROM {table} WHERE {key} = %s",  # noqa: S608 -- names of our own tables
        [field.attname for field in fields],
        [(place, converters) for place, converters in found if converters],
    )
