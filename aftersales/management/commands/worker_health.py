"""`manage.py worker_health`: exit code 1 when the canary has been silent for too long."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError

from aftersales.health import canary_age, watch_workers


class Command(BaseCommand):
    """For the supervisor or service manager, which then replaces the worker's process group."""

    help = "Say whether the job workers are alive; exit code 1 when they are not."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            alive, age = watch_workers(), canary_age()
        except OperationalError:
            # An unreachable database is no proof against the worker, which reconnects by itself.
            self.stdout.write("unknown: the database does not answer")
            return
        said = "never" if age is None else f"{age:.0f} s ago"
        self.stdout.write(f"{'alive' if alive else 'silent'}: last heartbeat {said}")
        if not alive:
            sys.exit(1)
