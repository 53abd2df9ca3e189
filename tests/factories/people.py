"""Departments and people, as plain functions. Nothing is random, nothing is hidden."""

from __future__ import annotations

from itertools import count
from typing import Any

from staff.models import Department, User
from staff.roles import Role

# Six digits from the first on: names sort as they were given.
_serial = count(100_000)


def make_department(
    code: str = "service", *, kind: str = "service", **overrides: Any
) -> Department:
    """The department of that code, made on first use."""
    existing = Department.objects.filter(code=code).first()
    if existing:
        return existing
    values = {"name": code.title(), "name_zh": f"{code}部", "kind": kind} | overrides
    department = Department(code=code, **values)
    department.save()
    return department


def make_user(role: str = Role.AGENT, **overrides: Any) -> User:
    """A person with one role, in the service department unless said otherwise."""
    number = next(_serial)
    values: dict[str, Any] = {
        "username": f"{role}{number}",
        "display_name": f"{str(role).title()} {number}",
        "roles": [role],
        "language": "en",
        "works_in": ["zh-hans", "en"],
    } | overrides
    if "department" not in values:
        values["department"] = make_department()
    user = User(**values)
    user.set_password("correct horse battery")
    user.save()
    return user
