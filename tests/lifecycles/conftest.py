"""The people and the case every table acts with, made once."""

from __future__ import annotations

import pytest

from tests.lifecycles.cast import Cast, make_cast


@pytest.fixture(scope="module")
def cast(told_once: None) -> Cast:
    return make_cast()
