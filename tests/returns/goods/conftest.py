"""Who works on goods that come back, and the day they were delivered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from staff.models import User
from staff.roles import Role
from tests.factories.people import make_department, make_user
from tests.factories.returns import SIGNED_AT


@pytest.fixture
def day_of_delivery() -> Iterator[None]:
    """The clock stands at the delivery; for modules that ask for it."""
    with time_machine.travel(SIGNED_AT, tick=False):
        yield


@pytest.fixture
def bench(db: None) -> User:
    return make_user(Role.WAREHOUSE, department=make_department("dock", kind="warehouse"))


@pytest.fixture
def lead(db: None) -> User:
    return make_user(Role.LEAD)
