"""simple-history's ways to remove or invent history are closed."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.factories.people import make_department


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("clean_old_history", ["--auto", "--days", "0"]),
        ("clean_duplicate_history", ["--auto"]),
        ("populate_history", ["--auto"]),
    ],
)
def test_history_command_refuses_and_changes_nothing(command: str, arguments: list[str]) -> None:
    department = make_department("returns")
    department.save()
    rows = list(department.history.values())

    with pytest.raises(CommandError, match="never cleaned"):
        call_command(command, *[one for one in arguments if not one.startswith("--")])

    assert list(department.history.values()) == rows
