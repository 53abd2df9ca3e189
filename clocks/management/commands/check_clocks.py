"""``check_clocks``: warnings about rules, deviations of running clocks."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clocks.checks import all_warnings, deviations
from clocks.models import Clock


class Command(BaseCommand):
    """Ends with 1 when a running clock does not say what its events say."""

    help = "Checks the rules of time and counts every running promise anew from its events."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable output")

    def handle(self, *args: Any, **options: Any) -> None:
        warnings, found = all_warnings(), list(deviations())
        checked = Clock.objects.live().count()
        if options["json"]:
            told = {
                "checked": checked,
                "warnings": [asdict(one) for one in warnings],
                "deviations": [asdict(one) for one in found],
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            for warning in warnings:
                self.stdout.write(f"{warning.rule} {warning.version}: {warning.text}")
            for one in found:
                self.stdout.write(f"{one.case} {one.promise} ({one.clock}): {one.text}")
            self.stdout.write(f"{checked} running promises counted anew.")
        if found:
            raise CommandError(f"{len(found)} do not say what their events say.")
