"""Checks that ask the database; apart, since the web server reads the others before it has one."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.db import DatabaseError, connection

from compliance.integrity import may_alter_history


@register(deploy=True)
def check_role(**_: Any) -> list[CheckMessage]:
    """Append-only tables are that only for a role that does not own them."""
    try:
        with connection.cursor() as db:
            db.execute("SELECT current_user")
            is_open = may_alter_history(db.fetchone()[0])
    except DatabaseError:
        return []  # not migrated, or not there: said elsewhere
    if not is_open:
        return []
    return [
        Error(
            "the desk's database role owns the journal or may empty it; run it as another one, "
            "without TRUNCATE, and migrate as the owner",
            id="desk.E013",
        )
    ]
