"""How PostgreSQL finds the first page of the queue: by index, or by looking at everything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from staff.models import User
from tickets.queries.keyset import PAGE_SIZE
from tickets.queries.queue import Scope
from tickets.statuses import UNFINISHED


@dataclass(frozen=True, slots=True)
class Plan:
    """Indexes a statement reads, and whether it also reads a whole table."""

    indexes: list[str]
    reads_all: bool
    milliseconds: float

    @property
    def words(self) -> str:
        found = ", ".join(self.indexes) or "no index"
        return f"{found}, {self.milliseconds:.2f} ms" + (
            " (reads a whole table)" if self.reads_all else ""
        )


def queue_by_due(user: User) -> Plan:
    """The plan of the page that every agent looks at all day: unfinished, nearest clock first."""
    rows = Scope.of(user).tickets().filter(status__in=UNFINISHED, due_at__isnull=False)
    page = rows.order_by("due_at", "pk").values_list("pk", flat=True)[: PAGE_SIZE + 1]
    sql, params = page.query.sql_with_params()
    with connection.cursor() as db:
        db.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        (told,) = db.fetchone()
    plan = (json.loads(told) if isinstance(told, str) else told)[0]
    nodes = list(_nodes(plan["Plan"]))
    indexes = sorted({node["Index Name"] for node in nodes if "Index Name" in node})
    reads_all = any(node["Node Type"] == "Seq Scan" for node in nodes)
    return Plan(indexes, reads_all, plan["Execution Time"])


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from _nodes(inner)
