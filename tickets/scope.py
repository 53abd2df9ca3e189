"""Who else sees a case: upper apps register theirs from ``AppConfig.ready()``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import Exists, Q

if TYPE_CHECKING:
    from staff.models import User

Scope = Callable[["User"], Exists | Q]
_scopes: dict[str, Scope] = {}


def register(code: str, scope: Scope) -> None:
    """Let people see cases for one more reason; the condition is over a case (``OuterRef("pk")``).

    It must join nothing, or the cases could no longer be locked.
    """
    if _scopes.setdefault(code, scope) is not scope:
        raise ValueError(f"scope {code} is registered twice")


def registered_for(user: User) -> list[Exists | Q]:
    return [scope(user) for scope in _scopes.values()]
