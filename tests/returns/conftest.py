"""What the migrations put into every desk, also after a test that emptied the database."""

from __future__ import annotations

import pytest

from tests.factories.money import ensure_tiers


@pytest.fixture(autouse=True)
def default_tiers(request: pytest.FixtureRequest) -> None:
    """Real-connection tests truncate every table, the tiers every desk starts with included."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None:
        return
    is_real = marker.kwargs.get("transaction")
    request.getfixturevalue("transactional_db" if is_real else "db")
    ensure_tiers()
