"""Who may do what to people."""

from __future__ import annotations

from staff.models import User


def can_manage_users(actor: User) -> bool:
    """Administrators manage people."""
    return actor.has_perm("staff.change_user")
