"""A real pool of workers under the demo's watchdog, and its most unlucky death."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import psutil

from aftersales import health
from aftersales.database import BASE_DIR
from aftersales.demo.supervisor import Program, Supervisor

COMMAND: Final = (sys.executable, str(BASE_DIR / "manage.py"), "qcluster")
PATIENCE: Final = 90.0
# A new pool gets its first heartbeat from the schedule, which is looked at every 30 s.
GRACE: Final = 45.0


def supervised(folder: Path, said: list[str]) -> Supervisor:
    """Not started yet; what it does about its pool is told to ``said``."""
    program = Program(
        "worker", COMMAND, is_healthy=health.workers_are_alive, grace_seconds=GRACE, stop_seconds=5
    )
    return Supervisor([program], log_dir=folder / "log", say=said.append)


def ticking(supervisor: Supervisor) -> bool:
    supervisor.tick()
    return True


def kill_idle_workers(leader: int) -> None:
    """Workers are the sentinel's eldest children; one of them dies holding the queue's lock."""
    (sentinel,) = psutil.Process(leader).children()
    eldest = sorted(sentinel.children(), key=lambda child: (child.create_time(), child.pid))
    for process in eldest[:2]:
        process.kill()
