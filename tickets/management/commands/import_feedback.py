"""``manage.py import_feedback FILE --channel review --map text=COLUMN``: a file of reviews."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from aftersales.kernel.context import Source, entering
from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.failures import file_in_words
from staff.services import system_actor
from tickets.choices import REVIEWED, Channel
from tickets.feedback_file import DAMAGED, FIELDS, Mapping
from tickets.feedback_refused import RefusedSheet
from tickets.services.intake import import_rows
from tickets.services.intake.feedback import Tally


class Command(BaseCommand):
    """Counts add up to the rows of the file; refused rows come back with the reason."""

    help = "Imports a .csv or .csv.gz of reviews (UTF-8 or GBK), one case per row."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--channel", choices=[one.value for one in REVIEWED], default=Channel.REVIEW.value
        )
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help=f"which column holds what; fields: {', '.join(FIELDS)}; text is needed",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--refused", type=Path, help="write the refused rows here (CSV)")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            with ExitStack() as stack, entering(Source.IMPORT):
                out = None
                if options["refused"]:
                    out = options["refused"].open("w", encoding="utf-8", newline="")
                    stack.enter_context(out)
                sheet = RefusedSheet(out)
                tally = import_rows(
                    options["file"],
                    Mapping.of(options["map"]),
                    channel=options["channel"],
                    actor=system_actor(),
                    refuse=sheet.add,
                )
        except RuleViolated as error:
            raise CommandError(str(error)) from error
        except DAMAGED as error:
            told = _("%(file)s is cut or damaged: what was read until there is imported.")
            raise CommandError(told % {"file": options["file"]}) from error
        except OSError as error:
            raise CommandError(file_in_words(error, options["file"])) from error
        said = counts(tally, time.monotonic() - started)
        if options["json"]:
            self.stdout.write(json.dumps(said))
            return
        self.stdout.write(", ".join(f"{name} {value}" for name, value in said.items()))
        for row, reason in sheet.shown:
            self.stderr.write(f"row {row.number}: {reason}")


def counts(tally: Tally, seconds: float) -> dict[str, float]:
    """What is printed: the outcomes sum to the rows."""
    return {
        "rows": tally.rows,
        "created": tally.created,
        "duplicate": tally.duplicate,
        "ignored": tally.ignored,
        "refused": tally.refused,
        "seconds": round(seconds, 2),
        "rows_per_second": round(tally.rows / max(seconds, 0.001)),
    }
