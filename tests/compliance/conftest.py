"""Who reads the trail."""

from __future__ import annotations

import pytest
from django.test import Client

from staff.roles import Role
from tests.compliance.trail import browser
from tests.factories.people import make_user


@pytest.fixture
def auditor() -> Client:
    return browser(make_user(Role.AUDITOR))
