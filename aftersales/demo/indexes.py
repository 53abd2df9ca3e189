"""Taking indexes and foreign keys away for a large load."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, models


@contextmanager
def without_indexes(tables: Iterable[str]) -> Iterator[None]:
    """Take foreign keys and plain indexes away for a load, and build them again afterwards.

    Building them over the finished rows is several times faster, and validates every reference.
    """
    names = list(tables)
    keys, indexes = foreign_keys(names), plain_indexes(names)
    with connection.cursor() as db:
        db.execute("SET CONSTRAINTS ALL IMMEDIATE")  # PostgreSQL alters no table with checks due
        for table, name, _definition in keys:
            db.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            db.execute(f'DROP INDEX "{name}"')
        yield
        db.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for _name, definition in indexes:
            db.execute(definition)
        for table, name, definition in keys:
            db.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def foreign_keys(tables: list[str]) -> list[tuple[str, str, str]]:
    with connection.cursor() as db:
        db.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
            "FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
            [tables],
        )
        return list(db.fetchall())


def plain_indexes(tables: list[str]) -> list[tuple[str, str]]:
    """Indexes that back no constraint."""
    with connection.cursor() as db:
        db.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
            "WHERE i.indrelid::regclass::text = ANY(%s) "
            "AND NOT i.indisprimary AND NOT i.indisunique "
            "AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
            [tables],
        )
        return [(name.strip('"'), definition) for name, definition in db.fetchall()]


def table_names(models_: Iterable[type[models.Model]]) -> list[str]:
    """The tables of models and of their histories."""
    names = []
    for model in models_:
        names.append(model._meta.db_table)
        if hasattr(model, "history"):
            names.append(model.history.model._meta.db_table)
    return names
