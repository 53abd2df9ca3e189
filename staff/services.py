"""Writes about people. Users are deactivated, never deleted; a deactivated user's sessions end."""

from __future__ import annotations

from functools import lru_cache

from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.services import service
from compliance.services import record
from staff.models import User
from staff.policies import can_manage_users

SYSTEM_USERNAME = "system"


@lru_cache(maxsize=1)
def system_actor() -> User:
    """The machine itself, as a named user without login; made on first use, cached per process."""
    user, created = User.objects.get_or_create(
        username=SYSTEM_USERNAME, defaults={"display_name": "System", "is_active": False}
    )
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


@service
def deactivate_user(user_id: int, *, actor: User, note: str) -> User:
    """End a person's access now: login, tokens and running sessions. Raises on oneself or a repeat."""
    user = User.objects.locked().get(pk=user_id)
    require(can_manage_users(actor))
    if user.pk == actor.pk:
        raise RuleViolated("self", _("You cannot deactivate yourself."))
    if not user.is_active:
        raise InvalidTransition(_("This user is already deactivated."), allowed=["reactivate"])
    user.is_active = False
    user.save(update_fields=["is_active"])
    record("staff.user_deactivated", user, actor=actor, note=note)
    end_sessions(user)
    return user


@service
def reactivate_user(user_id: int, *, actor: User, note: str) -> User:
    """Give a person access again; raises ``InvalidTransition`` when it was never taken."""
    user = User.objects.locked().get(pk=user_id)
    require(can_manage_users(actor))
    if user.is_active:
        raise InvalidTransition(_("This user is active."), allowed=["deactivate"])
    user.is_active = True
    user.save(update_fields=["is_active"])
    record("staff.user_reactivated", user, actor=actor, note=note)
    return user


def end_sessions(user: User) -> int:
    """Remove every stored session of the user; returns how many. Tokens die with ``is_active``."""
    ended = 0
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
            ended += 1
    return ended
