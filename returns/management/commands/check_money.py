"""``manage.py check_money``: do money and approvals keep their invariants?"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from returns.queries.money_checks import check_money


class Command(BaseCommand):
    """Prints each broken invariant with its rows and leaves with 1; 0 when all hold."""

    help = "Checks all invariants of money and approvals (I1 to I18)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            if len(connection.savepoint_ids) == 0:
                # One snapshot, so that work going on meanwhile breaks nothing.
                with connection.cursor() as db:
                    db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            checks = check_money()
        broken = [check for check in checks if check.broken]
        if options["json"]:
            rows = [asdict(row) for check in broken for row in check.broken]
            answer = {"ok": not broken, "checked": len(checks), "broken": rows}
            self.stdout.write(json.dumps(answer))
        else:
            for check in checks:
                self.stdout.write(f"{check.code:7} {len(check.broken) or 'ok':>6}  {check.title}")
                for row in check.broken:
                    self.stdout.write(f"        {row.table} {row.row_pk}: {row.detail}")
        if broken:
            sys.exit(1)
