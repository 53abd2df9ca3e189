"""Writes about people. Users are deactivated, never deleted; a deactivated user's sessions end."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.context import SYSTEM_USERNAME
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require, require_reason
from aftersales.kernel.services import service
from compliance.services import record
from staff.models import User
from staff.policies import can_manage_users
from staff.roles import Role
from staff.tokens import end_tokens

CHANGEABLE = (
    "username",
    "display_name",
    "email",
    "roles",
    "department",
    "team",
    "language",
    "works_in",
    "capacity",
)


@lru_cache(maxsize=1)
def stored_system_actor() -> User:
    """The machine's row, cached per process once it is there; raises ``User.DoesNotExist``."""
    user: User = User.objects.get(username=SYSTEM_USERNAME)
    return user


def system_actor() -> User:
    """The machine itself, as a named user without login, made on first use.

    A row just made is not cached: the transaction that made it may still roll back.
    """
    try:
        return stored_system_actor()
    except User.DoesNotExist:
        unusable = make_password(None)
        user: User
        user, _created = User.objects.get_or_create(
            username=SYSTEM_USERNAME,
            defaults={"display_name": "System", "is_active": False, "password": unusable},
        )
        return user


def require_person(user: User) -> None:
    """Refuse the machine's own user: whoever could sign in as it may do everything, and with roles
    or another name it could do nothing any more."""
    if user.username == SYSTEM_USERNAME:
        raise RuleViolated(
            "machine", _("This is the machine itself: it never signs in and stays as it is.")
        )


def _locked_with(actor: User, user_id: int) -> tuple[User, User]:
    """The person a verb is about and who acts, both locked and as they are now.

    Nobody ends their own access, so an administrator who can sign in is left as long as whoever
    acts still is one: of two who end each other's access at once, the second may no longer.
    """
    rows = User.objects.filter(pk__in=(user_id, actor.pk)).order_by("pk").locked_values()
    found = {row.pk: row for row in rows}
    if user_id not in found:
        raise User.DoesNotExist
    return found[user_id], found[actor.pk]


def _manages_users(actor: User) -> bool:
    """Whether a locked actor still may; who has no password any more is signed out."""
    return can_manage_users(actor) and actor.has_usable_password()


@service
def create_user(user: User, password: str, *, actor: User, note: str = "") -> User:
    """Save a new person with a first password; raises ``RuleViolated`` (``check_user``)."""
    require(can_manage_users(actor))
    check_user(user, actor)
    user.set_password(password)
    user.save(force_insert=True)
    record("staff.user_created", user, actor=actor, note=note, data={"roles": list(user.roles)})
    return user


@service
def change_user(user_id: int, values: Mapping[str, Any], *, actor: User, note: str = "") -> User:
    """Change what a person is and may do; ``values`` are fields of ``CHANGEABLE`` only.

    Roles are changed for a reason: ``note`` says which.
    """
    user, actor = _locked_with(actor, user_id)
    require(_manages_users(actor))
    require_person(user)
    changed = sorted(name for name, value in values.items() if getattr(user, name) != value)
    if not set(changed) <= set(CHANGEABLE):
        raise RuleViolated("not_changeable", _("This cannot be changed here."), field=changed[0])
    if "roles" in changed:
        require_reason(note)
    gained = set(values.get("roles", user.roles)) - set(user.roles)
    for name in changed:
        setattr(user, name, values[name])
    check_user(user, actor, gained=gained)
    if changed:
        user.save(update_fields=changed)
        record("staff.user_changed", user, actor=actor, note=note, data={"fields": changed})
    return user


@service
def set_password(user_id: int, password: str | None, *, actor: User, note: str = "") -> User:
    """Give a person a new password, ``None`` for none that lets anybody in; their sessions and
    tokens end with the old one.

    Nobody takes away their own.
    """
    user, actor = _locked_with(actor, user_id)
    require(user.pk == actor.pk or _manages_users(actor))
    require_person(user)
    if password is None:
        check_not_own(user, actor)
    user.set_password(password)
    user.save(update_fields=["password"])
    record("staff.password_set", user, actor=actor, note=note)
    end_tokens(user)
    return user


def check_not_own(user: User, actor: User) -> None:
    """Raise ``RuleViolated`` for who would take away their own password."""
    if user.pk == actor.pk:
        told = _("You cannot take your own password away.")
        raise RuleViolated("self", told, field="password")


def check_user(user: User, actor: User, *, gained: Collection[str] = ()) -> None:
    """What must hold of a person who is given these roles; raises ``RuleViolated``."""
    if user.username.casefold() == SYSTEM_USERNAME:
        raise RuleViolated("machine", _("This name belongs to the machine."), field="username")
    if user.team is not None and user.team.department_id != user.department_id:
        raise RuleViolated(
            "team_elsewhere", _("The team belongs to another department."), field="team"
        )
    if user.pk == actor.pk and Role.ADMINISTRATOR not in user.roles:
        raise RuleViolated(
            "self", _("You cannot take the administrator role from yourself."), field="roles"
        )
    if user.pk == actor.pk and gained:
        raise RuleViolated("self", _("You cannot give yourself a role."), field="roles")


@service
def deactivate_user(user_id: int, *, actor: User, note: str) -> User:
    """End a person's access now: login, tokens, sessions. Raises on oneself or a repeat."""
    user, actor = _locked_with(actor, user_id)
    require(_manages_users(actor))
    if user.pk == actor.pk:
        raise RuleViolated("self", _("You cannot deactivate yourself."))
    if not user.is_active:
        raise InvalidTransition(_("This user is already deactivated."), allowed=["reactivate"])
    user.is_active = False
    user.save(update_fields=["is_active"])
    record("staff.user_deactivated", user, actor=actor, note=note)
    end_sessions(user)
    end_tokens(user)
    return user


@service
def reactivate_user(user_id: int, *, actor: User, note: str) -> User:
    """Give a person access again; raises ``InvalidTransition`` when it was never taken."""
    user, actor = _locked_with(actor, user_id)
    require(_manages_users(actor))
    require_person(user)
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
