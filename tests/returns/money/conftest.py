"""The sandbox as gateway, its server in a thread, and the check of all invariants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from returns.gateways.sandbox.server import SandboxServer
from returns.queries.money_checks import check_money
from tests.factories.gateway import sandbox_gateway


@pytest.fixture(autouse=True)
def sandboxed(settings: Any) -> None:
    settings.REFUND_GATEWAY = "sandbox"


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[SandboxServer]:
    """A gateway that listens, with empty books."""
    with sandbox_gateway(tmp_path) as server:
        yield server


@pytest.fixture
def nothing_broken() -> Callable[[], list[str]]:
    """What ``check_money`` would complain about."""
    return lambda: [str(row) for check in check_money() for row in check.broken]
