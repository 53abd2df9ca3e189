"""Who sends orders."""

from __future__ import annotations

import pytest

from staff.models import User
from staff.roles import Role
from tests.factories.customers import make_shop
from tests.factories.people import make_user


@pytest.fixture
def shop_system() -> User:
    make_shop()
    return make_user(Role.SERVICE_ACCOUNT)
