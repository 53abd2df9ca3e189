"""Authorisation from code: a user's rights are those of the roles, nothing stored besides."""

from __future__ import annotations

from typing import Any

from axes.models import AccessFailureLog
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest

from aftersales.kernel.clock import now
from aftersales.kernel.context import is_system
from aftersales.kernel.reading import by_unique
from staff.models import User
from staff.roles import permissions_of


class RoleBackend(ModelBackend):
    """Passwords as usual; permissions from ``staff.roles``. Inactive users have none."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **given: Any,
    ) -> Any:
        """Raises ``PermissionDenied`` for an address that guesses, whatever names it tries: axes
        counts each name by itself."""
        if request is not None and is_guessing(str(request.META.get("REMOTE_ADDR", ""))):
            request.axes_locked_out = True  # type: ignore[attr-defined]
            raise PermissionDenied
        return super().authenticate(request, username, password, **given)

    def user_can_authenticate(self, user: Any) -> bool:
        """Active people and service accounts; nobody is ever the machine itself."""
        return not is_system(user) and bool(super().user_can_authenticate(user))

    def get_user(self, user_id: int) -> User | None:
        """Who is behind a session, unless deactivated meanwhile."""
        user = by_unique(User, id=user_id, joined=("department",))
        return user if user and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: models.Model | None = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        return set(permissions_of(user_obj.roles))

    def has_perm(self, user_obj: Any, perm: str, obj: models.Model | None = None) -> bool:
        return user_obj.is_active and perm in permissions_of(user_obj.roles)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return user_obj.is_active and any(
            perm.startswith(f"{app_label}.") for perm in permissions_of(user_obj.roles)
        )


def is_guessing(address: str) -> bool:
    """Whether so many passwords were wrong from this address that it has to rest."""
    since = now() - settings.AXES_COOLOFF_TIME
    failures = AccessFailureLog.objects.filter(ip_address=address or None, attempt_time__gt=since)
    most: int = settings.SIGN_IN_FAILURES_PER_ADDRESS
    return bool(failures.order_by()[:most].count() >= most)
