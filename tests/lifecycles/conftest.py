"""The people and the case every table acts with, made once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lifecycles.cast import Cast, make_cast


@pytest.fixture(scope="module")
def cast(told_once: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def sandboxed(settings: Any) -> None:
    """Refunds go through a gateway unless a table says otherwise."""
    settings.REFUND_GATEWAY = "sandbox"
