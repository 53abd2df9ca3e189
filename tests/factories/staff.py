"""Teams and absences, as plain functions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from staff.models import Absence, Department, Team, User
from tests.factories.people import make_department, make_user


def make_team(department: Department | None = None, **overrides: Any) -> Team:
    """The first line of a department, the service department unless said otherwise."""
    values = {"code": "first-line", "name": "First line", "name_zh": "一线"} | overrides
    team = Team(department=department or make_department(), **values)
    team.save()
    return team


def make_absence(user: User | None = None, **overrides: Any) -> Absence:
    """Ten days in March 2026."""
    values = {
        "starts_at": datetime(2026, 3, 1, tzinfo=UTC),
        "ends_at": datetime(2026, 3, 11, tzinfo=UTC),
    } | overrides
    absence = Absence(user=user or make_user(), **values)
    absence.save()
    return absence
