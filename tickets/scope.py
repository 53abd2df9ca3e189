"""Who else sees a case: upper apps register theirs from ``AppConfig.ready()``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

if TYPE_CHECKING:
    from staff.models import User

# Flat ids of the cases a person sees for one more reason; ``None`` when there can be none.
Scope = Callable[["User"], QuerySet[Any] | None]
_scopes: dict[str, Scope] = {}


def register(code: str, scope: Scope) -> None:
    """Let people see cases for one more reason.

    The ids are a sub-select that PostgreSQL runs once, so they must be few per person.
    """
    if _scopes.setdefault(code, scope) is not scope:
        raise ValueError(f"scope {code} is registered twice")


def registered_for(user: User) -> list[QuerySet[Any]]:
    """Ids of cases, one query set per reason."""
    return [ids for scope in _scopes.values() if (ids := scope(user)) is not None]
