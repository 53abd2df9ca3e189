"""``manage.py reconcile STATEMENT.csv``: compare a statement with books and payments."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aftersales.kernel.errors import DomainError
from aftersales.kernel.failures import file_in_words
from returns.gateways import GATEWAYS
from returns.models import ReconciliationItem
from returns.services.money.reconciling import reconcile
from returns.statement_file import read_statement
from staff.services import system_actor


class Command(BaseCommand):
    """Opens an item for each difference; prints what was found. Exit code 0 when it could read."""

    help = "Reconciles a gateway's statement with our ledger and the payments of the orders."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("statement", type=Path)
        parser.add_argument("--gateway", choices=sorted(GATEWAYS), default="sandbox")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["statement"]
        try:
            file = read_statement(path.read_bytes())
            report = reconcile(
                file, actor=system_actor(), gateway=options["gateway"], file_name=path.name
            )
        except OSError as problem:
            raise CommandError(file_in_words(problem, path)) from None
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        items = ReconciliationItem.objects.filter(pk__in=report.items).select_related("owner")
        found = [
            {
                "kind": item.kind,
                "about": item.key,
                "ours": item.ours,
                "theirs": item.theirs,
                "owner": item.owner.username,
                "item": item.pk,
            }
            for item in items.order_by("pk")
        ]
        answer = {
            "movements": report.movements,
            "agreed": report.agreed,
            "cleared": report.cleared,
            "refused": [{"row": one.row, "problem": one.problem} for one in file.refused],
            "differences": found,
        }
        if options["json"]:
            self.stdout.write(json.dumps(answer))
            return
        self.stdout.write(
            "{movements} movements, {agreed} agree, {cleared} newly cleared".format(**answer)
        )
        for one in file.refused:
            self.stdout.write(f"row {one.row}: {one.problem}")
        for item in items:
            self.stdout.write(f"{item}: {item.ours} / {item.theirs} → {item.owner}")
