"""``manage.py check_history``: do rows, journal and history agree?"""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from compliance.anchors import broken_anchor, journal_anchor, read_anchor
from compliance.integrity import (
    KINDS,
    Discrepancy,
    find_discrepancies,
    journal_gaps,
    sizes,
)


class Command(BaseCommand):
    """Prints what is off and leaves with 1; 0 when rows, journal and history agree."""

    help = "Compares every audited row with the journal and the journal with history."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--anchor",
            action="append",
            default=[],
            help="one that was printed before and kept elsewhere: does the journal still hold it?",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            noted = [read_anchor(text) for text in options["anchor"]]
        except ValueError as error:
            raise CommandError(str(error)) from error
        with transaction.atomic():
            if len(connection.savepoint_ids) == 0:
                # One snapshot, so that work going on meanwhile is no discrepancy.
                with connection.cursor() as db:
                    db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            found, gaps, checked = list(find_discrepancies()), journal_gaps(), sizes()
            found += [broken for one in noted if (broken := broken_anchor(one))]
            checked["anchor"] = str(journal_anchor())
        checked["seconds"] = round(time.monotonic() - started, 2)
        (self.print_json if options["json"] else self.print_text)(found, gaps, checked)
        if found:
            sys.exit(1)

    def print_json(
        self, found: list[Discrepancy], gaps: list[tuple[int, int]], checked: dict[str, Any]
    ) -> None:
        result = {
            "ok": not found,
            **checked,
            "discrepancies": [asdict(one) for one in found],
            "gaps": gaps,
        }
        self.stdout.write(json.dumps(result))

    def print_text(
        self, found: list[Discrepancy], gaps: list[tuple[int, int]], checked: dict[str, Any]
    ) -> None:
        for one in found:
            self.stdout.write(f"{KINDS[one.kind]}: {one.table} {one.row_pk} {one.detail}".rstrip())
        for first, last in gaps:
            self.stdout.write(f"Journal numbers never used or removed: {first}–{last}")
        self.stdout.write(
            "{entries} journal rows over {tables} tables in {seconds} s: ".format(**checked)
            + (f"{len(found)} discrepancies" if found else "all agree")
        )
        self.stdout.write("Anchor, to be kept elsewhere: {anchor}".format(**checked))
