"""What the migrations put into every desk, also after a test that emptied the database."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import transaction

from aftersales.kernel.journal import signed_in_bulk
from aftersales.kernel.loading import insert
from tickets.models import SavedView


@pytest.fixture(autouse=True)
def default_views(request: pytest.FixtureRequest) -> None:
    """Real-connection tests truncate every table, the views every desk starts with included."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None or marker.kwargs.get("transaction"):
        return
    request.getfixturevalue("db")
    if SavedView.objects.exists():
        return
    shipped = import_module("tickets.migrations.0003_saved_views")
    later = import_module("tickets.migrations.0009_due_next_view")
    with transaction.atomic(), signed_in_bulk(shipped.REASON):
        insert(
            [
                SavedView(
                    code=code,
                    name=name,
                    name_zh=name_zh,
                    roles=roles,
                    params=later.AFTER if params == later.BEFORE else params,
                    position=place * 10,
                )
                for place, (code, name, name_zh, roles, params) in enumerate(shipped.VIEWS, start=1)
            ]
        )
