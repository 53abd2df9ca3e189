"""Authorisation from code: a user's rights are those of the roles, nothing stored besides."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db import models

from aftersales.kernel.context import is_system
from aftersales.kernel.reading import by_unique
from staff.models import User
from staff.roles import permissions_of


class RoleBackend(ModelBackend):
    """Passwords as usual; permissions from ``staff.roles``. Inactive users have none."""

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
