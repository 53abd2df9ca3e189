"""Pages of an append-only stream, newest first, at the same cost on the first page and the last.

A page reads one index in order of id. Conditions no index answers are applied to at most ``WINDOW``
rows per page; when that was not enough to fill it, the page says where it stopped and goes on from
there, so a rare word in ten million rows costs several short pages instead of one long wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Q, QuerySet

M = TypeVar("M", bound=models.Model)

PAGE_SIZE = 50
WINDOW = 50_000


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page starts: below ``older``, above ``newer``, or at the newest row."""

    older: int | None = None
    newer: int | None = None

    @property
    def ascending(self) -> bool:
        return self.newer is not None

    @property
    def order(self) -> str:
        return "id" if self.ascending else "-id"

    @property
    def bounds(self) -> Q:
        if self.newer is not None:
            return Q(id__gt=self.newer)
        return Q(id__lt=self.older) if self.older is not None else Q()


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Rows, newest first, and the cursors of the pages on both sides; ``is_partial``: search on."""

    rows: list[M]
    older: int | None = None
    newer: int | None = None
    is_partial: bool = False


def fetch_page(
    streams: Sequence[QuerySet[M]], rest: Q, cursor: Cursor, *, size: int = PAGE_SIZE
) -> Page[M]:
    """Merge ``streams`` (each readable from an index in order of id), keep what ``rest`` allows."""
    ordered = [stream.filter(cursor.bounds).order_by(cursor.order) for stream in streams]
    if not ordered:
        return Page([])
    edge = _window_edge(ordered, cursor) if rest else None
    if rest:
        ordered = [stream.filter(rest, *_within(edge, cursor)) for stream in ordered]
    parts = [stream[: size + 1] for stream in ordered]
    merged = parts[0] if len(parts) == 1 else parts[0].union(*parts[1:], all=True)
    rows = sorted(merged, key=lambda row: row.pk, reverse=not cursor.ascending)
    more, rows = len(rows) > size, rows[:size]
    if cursor.ascending:
        rows.reverse()
    return _with_cursors(rows, more, edge, cursor)


def _within(edge: int | None, cursor: Cursor) -> list[Q]:
    if edge is None:
        return []
    return [Q(id__lte=edge) if cursor.ascending else Q(id__gte=edge)]


def _window_edge(streams: Sequence[QuerySet[Any]], cursor: Cursor) -> int | None:
    """The id at which this page's search ends, or none when it reaches the end of the stream."""
    far, near = ("max", "min") if cursor.ascending else ("min", "max")
    queries = []
    for stream in streams:
        with suppress(EmptyResultSet):  # asks for a number no column can hold
            queries.append(stream.values("id")[:WINDOW].query.sql_with_params())
    if not queries:
        return None
    sql = " UNION ALL ".join(
        f"(SELECT {far}(id) AS edge, count(*) AS seen FROM ({query}) searched)"  # noqa: S608 -- ORM
        for query, _params in queries
    )
    params = [value for _query, values in queries for value in values]
    with connection.cursor() as db:
        db.execute(
            f"SELECT {near}(edge) FROM ({sql}) edges WHERE seen >= %s",  # noqa: S608 -- made above
            [*params, WINDOW],
        )
        edge: int | None = db.fetchone()[0]
    return edge


def _with_cursors(rows: list[M], more: bool, edge: int | None, cursor: Cursor) -> Page[M]:
    """Forward in the direction of travel when there is more or more to search; back always."""
    end = 0 if cursor.ascending else -1
    onward = rows[end].pk if more else edge
    is_partial = edge is not None and not more
    if cursor.newer is not None:
        back = rows[-1].pk if rows else cursor.newer + 1
        return Page(rows, older=back, newer=onward, is_partial=is_partial)
    back = None
    if cursor.older is not None:
        back = rows[0].pk if rows else cursor.older - 1
    return Page(rows, older=onward, newer=back, is_partial=is_partial)
