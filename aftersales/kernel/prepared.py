"""Statements that are planned once per connection instead of once per request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import ServerBindingCursor

# Where a connection keeps its cursors, and how many at most: statements of lists vary in text.
OWN: Final = "desk_cursors"
MOST_CURSORS: Final = 100


def database() -> BaseDatabaseWrapper:
    """The connection itself: each look through Django's proxy costs microseconds."""
    return connections[DEFAULT_DB_ALIAS]


@contextmanager
def prepared() -> Iterator[None]:
    """Have the server bind the values of the statements inside and keep the plans of repeated ones.

    For statements that find their rows by key and read the same whatever the values: a kept plan
    does not know them, so it cannot use a partial index, nor weigh how common a value is. Lists and
    searches stay outside.
    """
    connection.ensure_connection()
    raw = connection.connection
    before, raw.cursor_factory = raw.cursor_factory, ServerBindingCursor
    try:
        yield
    finally:
        raw.cursor_factory = before


def plain_rows(statement: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows that a statement of our own gives, its plan kept.

    Each connection keeps a cursor for each of these: making Django's anew for each of the twenty
    statements of a request cost as much as running them, and a cursor that is given the same text
    again (the same object, so make it once) remembers how its values travel. Whoever listens to
    what is executed (tests that count, a debugger) is given Django's.
    """
    db = database()
    if db.queries_logged or db.execute_wrappers:
        with prepared(), db.cursor() as heard:
            heard.execute(statement, params)
            return list(heard.fetchall())
    db.validate_thread_sharing()
    db.ensure_connection()
    db.validate_no_broken_transaction()
    with db.wrap_database_errors:
        cursor = _own_cursor(db, statement)
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def _own_cursor(db: BaseDatabaseWrapper, statement: str) -> Any:
    kept: tuple[Any, dict[str, Any]] | None = db.__dict__.get(OWN)
    if kept is None or kept[0] is not db.connection or len(kept[1]) > MOST_CURSORS:
        kept = db.__dict__[OWN] = (db.connection, {})
    cursor = kept[1].get(statement)
    if cursor is None:
        with prepared():
            cursor = kept[1][statement] = db.create_cursor()
    return cursor
