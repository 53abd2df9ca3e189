"""Reading rows by plain values, with a statement made once per model: what every request needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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

    def row(self, model: type[M], stored: Sequence[Any]) -> M:
        """What the database gave as an object."""
        values = list(stored)
        for place, converters in self.converters:
            for convert in converters:
                values[place] = convert(values[place], None, connection)
        return model.from_db(connection.alias, self.names, values)


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


def by_unique(model: type[M], **key: Any) -> M | None:
    """The row with the values of a unique key, named by attribute, if there is one."""
    found = by_values(model, key)
    return found[0] if found else None


def by_values(model: type[M], wanted: Mapping[str, Any], *, is_locked: bool = False) -> list[M]:
    """Rows that hold exactly these values, named by attribute, in order of their key.

    For the few rows an index finds; locked on request, inside ``atomic``.
    """
    nulls = tuple(name for name, value in wanted.items() if value is None)
    reader = reader_of(model, tuple(wanted), nulls)
    params = [value for value in wanted.values() if value is not None]
    with prepared(), connection.cursor() as cursor:
        cursor.execute(reader.statement + (" FOR UPDATE" if is_locked else ""), params)
        rows = cursor.fetchall()
    return [reader.row(model, row) for row in rows]


@cache
def reader_of(model: Any, wanted: tuple[str, ...], nulls: tuple[str, ...]) -> Reader:
    """How rows of the model are read by the attributes in ``wanted``, some of them NULL."""
    fields = model._meta.concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    columns_by_name = {field.attname: quote(field.column) for field in fields}
    condition = " AND ".join(
        f"{columns_by_name[name]} {'IS NULL' if name in nulls else '= %s'}" for name in wanted
    )
    found = [(place, field.get_db_converters(connection)) for place, field in enumerate(fields)]
    return Reader(
        f"SELECT {columns} FROM {table} WHERE {condition} ORDER BY {key}",  # noqa: S608 -- names of our own tables
        [field.attname for field in fields],
        [(place, converters) for place, converters in found if converters],
    )
