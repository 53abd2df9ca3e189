"""Many due clocks at once, and workers that sweep them in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

from django.db import connection

from aftersales.database import BASE_DIR
from aftersales.kernel.clock import now
from clocks.models import Clock, ClockRule
from tests.factories.clocks import only_rule
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tickets.models import Ticket

# Sweeps until nothing is due that nobody else holds, then says how much it looked after.
SCRIPT = """
import django; django.setup()
from clocks.sweep import sweep_due
from staff.services import system_actor
print(sweep_due(1_000_000, actor=system_actor()), flush=True)
"""
HOUR = timedelta(hours=1)


def copies(model: Ticket, count: int) -> list[tuple[int, str]]:
    """So many cases like ``model``: their keys and numbers."""
    with connection.cursor() as cursor:
        columns = [
            f.column for f in Ticket._meta.concrete_fields if f.column not in ("id", "number")
        ]
        names = ", ".join(f'"{column}"' for column in columns)
        cursor.execute(
            f"INSERT INTO tickets_ticket (number, {names}) "
            f"SELECT 'X-' || n, {names} FROM tickets_ticket, generate_series(1, %s) n "
            "WHERE id = %s RETURNING id, number",
            [count, model.pk],
        )
        return list(cursor.fetchall())


def due_clocks(count: int, *, since: timedelta = HOUR, spread: timedelta = HOUR * 0) -> ClockRule:
    """So many clocks late ``since`` then, each on a case of its own, with three steps behind them.

    The last of them are late for ``spread`` less than the first.
    """
    rule = only_rule(
        {"action": "count", "at_percent": 50},
        {"action": "count", "at_percent": 100},
        {"action": "count", "after_due_minutes": 30},
    )
    model = make_ticket(make_user())
    Clock.objects.all().delete()
    cases = copies(model, count)
    first = now() - since - HOUR
    starts = [first + spread * place / count for place in range(count)]
    Clock.objects.bulk_create(
        Clock(
            rule=rule,
            promise=rule.promise,
            subject_type="tickets.ticket",
            subject_id=pk,
            subject_label=number,
            case_id=pk,
            case_label=number,
            started_at=start,
            started_event=1,
            due_at=start + HOUR,
            next_step_at=start + HOUR / 2,
        )
        for (pk, number), start in zip(cases, starts, strict=True)
    )
    return rule


def worker() -> subprocess.Popen[str]:
    """A process that sweeps this test's database."""
    environment = os.environ | {
        "DESK_TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "DESK_TEST_MAILS": "/tmp",
        "DJANGO_SETTINGS_MODULE": "tests.concurrency.worker_settings",
    }
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        cwd=BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def swept(process: subprocess.Popen[str]) -> int:
    """How many clocks a worker looked after."""
    out, _err = process.communicate(timeout=400)
    assert process.returncode == 0
    return int(json.loads(out.splitlines()[-1]))


def each_once(count: int) -> dict[str, int]:
    """A clock is late once and has three steps, each with one effect at the first try."""
    return {"late": count, "steps": 3 * count, "events": count, "effects": 3 * count, "tries": 1}


def tally() -> dict[str, Any]:
    """What was done: every figure is per clock, so each is once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM clocks_clock WHERE state = 'breached' "
            "AND next_step_at IS NULL), "
            "(SELECT count(*) FROM clocks_clockstep WHERE done_at IS NOT NULL), "
            "(SELECT count(*) FROM compliance_auditevent WHERE code = 'clocks.breached'), "
            "(SELECT count(*) FROM compliance_idempotentrequest), "
            "(SELECT coalesce(max(attempts), 0) FROM clocks_clockstep)"
        )
        row = cursor.fetchone()
    return dict(zip(("late", "steps", "events", "effects", "tries"), row, strict=True))
