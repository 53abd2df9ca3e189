"""Counts that cost the same at a thousand rows and at a million."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

CAP = 1000


def capped_counts(sets: Mapping[str, QuerySet[Any]], cap: int = CAP) -> dict[str, int]:
    """How many rows each set has, counted up to one more than ``cap``; one statement for all."""
    parts: list[str] = []
    values: list[Any] = []
    counted: list[str] = []
    for name, rows in sets.items():
        try:
            sql, params = rows.order_by().values("pk")[: cap + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"(SELECT count(*) FROM ({sql}) capped)")  # noqa: S608 -- made by the ORM
        values.extend(params)
        counted.append(name)
    result = dict.fromkeys(sets, 0)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(parts), values)
            result.update(zip(counted, cursor.fetchone(), strict=True))
    return result


def shown(count: int, cap: int = CAP) -> str:
    """«17», or «1000+» beyond the cap."""
    return f"{cap}+" if count > cap else str(count)
