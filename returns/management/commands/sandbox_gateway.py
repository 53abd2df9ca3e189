"""``manage.py sandbox_gateway``: a payment gateway of our own on this machine."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from returns.gateways.sandbox.server import SandboxServer


class Command(BaseCommand):
    """Serves until it is ended; its books stay in a file."""

    help = "Runs the sandbox gateway that signs its answers and misbehaves on demand."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8901)
        parser.add_argument("--books", type=Path, default=settings.DATA_DIR / "sandbox.sqlite3")
        parser.add_argument("--notify", default="", help="where to report refunds")

    def handle(self, *args: Any, **options: Any) -> None:
        server = SandboxServer(
            options["port"], options["books"], settings.SANDBOX_GATEWAY_SECRET, options["notify"]
        )
        self.stdout.write(f"sandbox gateway on {server.url}")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.server_close()
