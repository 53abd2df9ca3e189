"""``manage.py import_calendar FILE --region CN --year 2027 --notice "…"``: a year's holidays."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aftersales.kernel.context import Source, entering
from aftersales.kernel.errors import DomainError
from aftersales.kernel.failures import file_in_words
from clocks.day_list import read_day_list
from clocks.services import YearList, import_year
from staff.services import system_actor


class Command(BaseCommand):
    """All or nothing: a refused row leaves everything as it was and is named with its rule."""

    help = "Imports a year's holidays and make-up days from a CSV with date, kind and name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--region", required=True, help="two letters, such as CN")
        parser.add_argument("--year", required=True, type=int)
        parser.add_argument("--notice", required=True, help="title of the notice it follows")
        parser.add_argument(
            "--provisional", action="store_true", help="an expectation, no official list"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        region, year = options["region"], options["year"]
        try:
            found = read_day_list(options["file"].read_bytes(), year)
            for row in found.refused:
                self.stderr.write(f"row {row.number} ({row.rule}): {row.reason}")
            listed = YearList.of(
                found, region, year, options["notice"], is_official=not options["provisional"]
            )
            with entering(Source.IMPORT):
                difference = import_year(listed, actor=system_actor())
        except DomainError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(file_in_words(error, options["file"])) from error
        said = {"region": region, "year": year, **difference.counts()}
        if options["json"]:
            self.stdout.write(json.dumps(said))
        else:
            self.stdout.write(", ".join(f"{name} {value}" for name, value in said.items()))
