"""``manage.py check_calendars``: years whose official list is missing."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clocks.queries.years import calendar_gaps


class Command(BaseCommand):
    """Fails while a year is counted provisionally, so that a scheduler can raise the alarm."""

    help = "Names the years that calendars in use count without an official list."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        gaps = calendar_gaps()
        if options["json"]:
            self.stdout.write(json.dumps({"missing": [asdict(gap) for gap in gaps]}))
        names = ", ".join(f"{gap.region} {gap.year}" for gap in gaps)
        if gaps:
            raise CommandError(
                f"No official list of holidays for {names}: working days are counted "
                "provisionally. Import it with import_calendar."
            )
        if not options["json"]:
            self.stdout.write("Every year needed now has its official list.")
