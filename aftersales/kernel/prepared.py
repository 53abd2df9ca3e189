"""Statements that are planned once per connection instead of once per request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor


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
