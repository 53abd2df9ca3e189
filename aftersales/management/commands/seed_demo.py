"""`manage.py seed_demo`: half a year of invented cases in an empty database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from aftersales.demo.goods import PATHS, tell_goods_and_money
from aftersales.demo.progress import Progress
from aftersales.demo.seed import seed_demo
from tickets.models import Ticket


class Command(BaseCommand):
    """All or nothing, in one transaction; the same seed gives the same cases."""

    help = "Fill an empty database with demo cases of every status and outcome."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=300)
        parser.add_argument("--seed", type=int, default=20_261)

    def handle(self, *args: Any, **options: Any) -> None:
        count = options["cases"]
        if not 1 <= count <= 100_000:
            raise CommandError("--cases must be between 1 and 100000")
        if Ticket.objects.exists():
            raise CommandError("There are cases already; demo data only goes into an empty desk.")
        with transaction.atomic():
            progress = Progress(self.stdout, count, "Inventing cases")
            seed_demo(count, options["seed"], progress.advance)
            seconds = progress.seconds
            progress.finish(f"{count} in {seconds:.1f} s ({count / seconds:.0f} cases/s)")
            telling = Progress(self.stdout, PATHS, "Telling of goods and money")
            tell_goods_and_money(options["seed"], telling.advance)
            telling.finish(f"{PATHS} in {telling.seconds:.1f} s")
