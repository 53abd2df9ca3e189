"""Measuring each work: by one client and eight, in this process, and as plain SQL."""
# ruff: noqa: S608 -- names of our own tables and columns

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftersales.bench.load import Call, Session, run
from aftersales.bench.server import running_server
from aftersales.bench.works import Samples, Work
from aftersales.kernel.clock import now
from staff.models import User

PLAIN_RUNS: Final = 40
CROWD: Final = 8
LARGEST: Final = (
    "tickets_ticket",
    "tickets_message",
    "tickets_ticketsearch",
    "tickets_historicalticket",
    "tickets_historicalmessage",
    "customers_order",
    "compliance_journalentry",
    "compliance_auditevent",
)


@dataclass(slots=True)
class Line:
    """One row of the result; times in milliseconds."""

    name: str
    p50: float = 0.0
    p95: float = 0.0
    crowd_p50: float = 0.0
    crowd_p95: float = 0.0
    crowd_per_second: float = 0.0
    queries: int = 0
    sql_ms: float = 0.0
    kilobytes: float = 0.0
    plain_ms: float | None = None
    bound: dict[str, float] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def ratio(self) -> float | None:
        return self.p50 / self.plain_ms if self.plain_ms else None


def measure(work: Work, cookies: dict[str, str], user: User, *, port: int, requests: int) -> Line:
    """One work; what fails is listed, not hidden behind its time."""
    line = Line(work.name, bound={k: v for k, v in asdict(work.bound).items() if v})
    alone = run(port, cookies, work.make, 1, requests)
    crowd = run(port, cookies, work.make, CROWD, requests * 3)
    line.p50, line.p95 = alone.at(0.5), alone.at(0.95)
    line.crowd_p50, line.crowd_p95 = crowd.at(0.5), crowd.at(0.95)
    line.crowd_per_second = crowd.per_second
    line.failures = [*alone.failures, *crowd.failures]
    count_queries(line, work, user)
    if work.plain:
        line.plain_ms = plain_time(work)
    line.misses = misses(line)
    return line


def floor(env: Mapping[str, str], log: Path, requests: int) -> dict[str, float]:
    """An empty Django view on the same server: what this machine is worth beside the one the bounds
    were measured on."""
    with running_server(env, log, "aftersales.bench.floor") as (port, _master):
        run(port, {}, lambda _: Call("/"), CROWD, requests)
        alone = run(port, {}, lambda _: Call("/"), 1, requests * 10)
        crowd = run(port, {}, lambda _: Call("/"), CROWD, requests * 50)
    return {"p50": alone.at(0.5), "p95": alone.at(0.95), "per_second": crowd.per_second}


def misses(line: Line) -> list[str]:
    """Which bounds do not hold."""
    found = []
    if line.failures:
        found.append(f"{len(line.failures)} failed: {line.failures[0]}")
    if line.p95 > (line.bound.get("p95_ms") or float("inf")):
        found.append(f"p95 {line.p95:.0f} > {line.bound['p95_ms']:.0f} ms")
    if line.queries > (line.bound.get("queries") or float("inf")):
        found.append(f"{line.queries} > {line.bound['queries']:.0f} queries")
    if line.crowd_per_second < line.bound.get("per_second", 0):
        found.append(f"{line.crowd_per_second:.0f}/s < {line.bound['per_second']:.0f}/s")
    return found


def count_queries(line: Line, work: Work, user: User) -> None:
    """The statements of one request, by a client inside this process; warmed up once."""
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="staff.backends.RoleBackend")
    for _ in range(2):
        call = work.make(0)
        with CaptureQueriesContext(connection) as captured:
            answer = in_process(client, call)
    line.queries = len(captured)
    line.sql_ms = sum(float(query["time"]) for query in captured.captured_queries) * 1000
    line.kilobytes = len(answer.content) / 1024


def in_process(client: Client, call: Call) -> Any:
    if call.body is None:
        return client.get(call.path)
    return client.post(call.path, call.body, content_type=call.content_type)


def plain_time(work: Work) -> float:
    """Median of the bare statements in one transaction, rolled back."""
    times = []
    for _ in range(PLAIN_RUNS):
        with transaction.atomic(), connection.cursor() as db:
            started = time.perf_counter()
            for statement, params in work.plain:
                db.execute(statement, params)
                if db.description:
                    db.fetchall()
            times.append((time.perf_counter() - started) * 1000)
            transaction.set_rollback(True)
    return statistics.median(times)


def trail_share(samples: Samples, save_ms: float) -> tuple[float, float]:
    """Milliseconds that journal trigger and history row take of a save, and their share of it."""
    with transaction.atomic(), connection.cursor() as db:
        number = samples.open_numbers[1]
        db.execute("SELECT id FROM tickets_ticket WHERE number = %s", [number])
        (ticket,) = db.fetchone()
        update = "UPDATE tickets_ticket SET subject = subject || '.' WHERE id = %s"
        total = 0.0
        for _ in range(PLAIN_RUNS):
            db.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {update}", [ticket])
            plan = db.fetchone()[0][0]
            total += sum(trigger["Time"] for trigger in plan["Triggers"])
            columns = history_columns()
            copied = (
                f"INSERT INTO tickets_historicalticket ({columns}) SELECT {columns} "
                "FROM tickets_historicalticket WHERE id = %s ORDER BY history_id DESC LIMIT 1"
            )
            db.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {copied}", [ticket])
            total += db.fetchone()[0][0]["Execution Time"]
        transaction.set_rollback(True)
    cost = total / PLAIN_RUNS
    return cost, cost / save_ms if save_ms else 0.0


def history_columns() -> str:
    with connection.cursor() as db:
        db.execute(
            "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns "
            "WHERE table_name = 'tickets_historicalticket' AND column_name <> 'history_id' "
            "AND table_schema = current_schema()"
        )
        return str(db.fetchone()[0])


def machine() -> dict[str, Any]:
    """Where and when it was measured."""
    text = Path("/proc/cpuinfo").read_text()
    model = next(
        (row.partition(":")[2].strip() for row in text.splitlines() if "model name" in row), ""
    )
    memory = Path("/proc/meminfo").read_text().split()[1]
    with connection.cursor() as db:
        db.execute("SHOW server_version")
        (server,) = db.fetchone()
    return {
        "processors": os.cpu_count(),
        "processor": model,
        "memory_gb": round(int(memory) / 1024 / 1024, 1),
        "python": platform.python_version(),
        "postgresql": server,
        "load_before": os.getloadavg()[0],
        "measured_at": now().isoformat(timespec="seconds"),
    }


def sizes() -> dict[str, Any]:
    """Rows and megabytes of the largest tables."""
    found = {}
    with connection.cursor() as db:
        for name in LARGEST:
            db.execute(
                "SELECT reltuples::bigint, pg_total_relation_size(oid) / 1048576 FROM pg_class "
                "WHERE oid = %s::regclass",
                [name],
            )
            rows, megabytes = db.fetchone()
            found[name] = {"rows": int(rows), "mb": int(megabytes)}
        db.execute("SELECT pg_database_size(current_database()) / 1048576")
        found["database"] = {"rows": 0, "mb": int(db.fetchone()[0])}
    return found


def signed_in(port: int, username: str, password: str) -> dict[str, str]:
    session = Session(port)
    session.sign_in(username, password)
    session.send(Call("/admin/"))
    return session.cookies
