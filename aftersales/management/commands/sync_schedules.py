"""`manage.py sync_schedules`: the one schedule of the desk, as the code says."""

from typing import Any

from django.core.management.base import BaseCommand

from aftersales import schedules


class Command(BaseCommand):
    """Safe to repeat; call it after every migrate."""

    help = "Write the heartbeat's schedule, remove others, ring the first heartbeat."

    def handle(self, *args: Any, **options: Any) -> None:
        schedules.sync()
        if options["verbosity"]:
            self.stdout.write(f"One heartbeat drives {len(schedules.DUTIES)} duties.")
