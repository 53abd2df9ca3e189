"""The sandbox as the desk's gateway, its server in a thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.test import override_settings

from returns.gateways.sandbox.server import SandboxServer


@contextmanager
def sandbox_gateway(folder: Path) -> Iterator[SandboxServer]:
    """A gateway that listens, with empty books in ``folder``, and a desk that asks it."""
    server = SandboxServer(0, folder / "books.sqlite3", settings.SANDBOX_GATEWAY_SECRET)
    server.patience_seconds = 0.6
    asked = {"SANDBOX_GATEWAY_URL": server.url, "GATEWAY_TIMEOUT_SECONDS": 0.3}
    server.start()
    try:
        with override_settings(REFUND_GATEWAY="sandbox", **asked):
            yield server
    finally:
        server.stop()
