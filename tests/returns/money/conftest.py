"""The sandbox as gateway, its server in a thread, and the check of all invariants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from returns.gateways.sandbox.server import SandboxServer
from returns.queries.money_checks import check_money


@pytest.fixture(autouse=True)
def sandboxed(settings: Any) -> None:
    settings.REFUND_GATEWAY = "sandbox"


@pytest.fixture
def sandbox(settings: Any, tmp_path: Path) -> Iterator[SandboxServer]:
    """A gateway that listens, with empty books."""
    server = SandboxServer(0, tmp_path / "books.sqlite3", settings.SANDBOX_GATEWAY_SECRET)
    server.patience_seconds = 0.6
    settings.SANDBOX_GATEWAY_URL = server.url
    settings.GATEWAY_TIMEOUT_SECONDS = 0.3
    server.start()
    yield server
    server.stop()


@pytest.fixture
def nothing_broken() -> Callable[[], list[str]]:
    """What ``check_money`` would complain about."""
    return lambda: [str(row) for check in check_money() for row in check.broken]
