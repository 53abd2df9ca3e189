"""Who may do what to people."""

from __future__ import annotations

from staff.models import User
from staff.querysets import is_system
from staff.roles import Role


def can_manage_users(actor: User) -> bool:
    """Administrators manage people."""
    return actor.has_perm("staff.change_user")


def can_retry_delivery(actor: User) -> bool:
    """Leads and administrators; ``visible_to`` decides whose."""
    return is_system(actor) or actor.has_perm("staff.retry_noticedelivery")


def can_change_chats(actor: User) -> bool:
    return actor.has_perm("staff.change_chattarget")


def gets_digest(user: User) -> bool:
    """Leads who work here."""
    return user.is_active and user.has_role(Role.LEAD)
