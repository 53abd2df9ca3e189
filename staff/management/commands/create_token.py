"""A key to the API for a service account or a person; printed once."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aftersales.kernel.errors import DomainError
from staff.models import User
from staff.services import system_actor
from staff.tokens import issue_token


class Command(BaseCommand):
    """Issues a token."""

    help = "Creates an API token for a user and prints it. It cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--days", type=int, default=365, help="how long it lasts (365)")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no user {options['username']!r}.")
        try:
            lasts = timedelta(days=options["days"])
            _token, key = issue_token(user, actor=system_actor(), lasts=lasts)
        except (DomainError, OverflowError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(key)
