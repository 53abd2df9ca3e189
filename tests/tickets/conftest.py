"""What the migrations put into every desk, also after a test that emptied the database."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from tickets.models import SavedView


@pytest.fixture(autouse=True)
def default_views(request: pytest.FixtureRequest) -> None:
    """Real-connection tests truncate every table, the views every desk starts with included."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None or marker.kwargs.get("transaction"):
        return
    request.getfixturevalue("db")
    if not SavedView.objects.exists():
        import_module("tickets.migrations.0003_saved_views").add(apps, None)
