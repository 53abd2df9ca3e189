"""The calendars a desk starts with."""

from __future__ import annotations

import pytest

from clocks.models import Calendar


@pytest.fixture
def office(db: None) -> Calendar:
    return Calendar.objects.get(code="office-cn")
