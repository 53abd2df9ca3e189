"""What simple-history would do to history and this desk does not."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class HistoryIsKept(BaseCommand):
    """Refuses: history is written with each change, by nothing else, and never removed."""

    help = "Disabled: history is append-only and written with each change."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Takes whatever the replaced command took, so that the refusal is what is read."""
        parser.add_argument("anything", nargs="*")

    def run_from_argv(self, argv: list[str]) -> None:
        super().run_from_argv(argv[:2])

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(
            "This command is disabled. History is evidence: it is written together with each "
            "change, is never filled in afterwards, and is never cleaned."
        )
