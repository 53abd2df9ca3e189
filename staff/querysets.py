"""Choosing people."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db.models import Exists, OuterRef, Q, QuerySet

from aftersales.kernel.context import is_system as is_system
from aftersales.kernel.querysets import LockingQuerySet
from staff.roles import Role

if TYPE_CHECKING:
    from staff.models import Delegation, User  # noqa: F401 -- named in quotes below


class UserQuerySet(LockingQuerySet["User"]):
    """People of the desk."""

    def people(self) -> Self:
        """Active humans: no machine users."""
        return (
            self.filter(is_active=True)
            .exclude(roles__contains=[Role.SERVICE_ACCOUNT])
            .exclude(roles=[])
        )

    def visible_to(self, user: User) -> Self:
        """Who may be shown the directory sees all of it; everybody else only themselves."""
        if user.has_perm("staff.view_user") or is_system(user):
            return self
        return self.filter(pk=user.pk)

    def absent(self, moment: datetime) -> Self:
        """People who are away at ``moment``."""
        return self.filter(
            Exists(
                self.model.absences.rel.related_model._default_manager.filter(
                    user=OuterRef("pk"), starts_at__lte=moment, ends_at__gt=moment
                )
            )
        )


class NoticeQuerySet(QuerySet[Any]):
    """What colleagues are told."""

    def visible_to(self, user: User) -> Self:
        """Everybody reads their own notices, nobody another's."""
        return self.filter(recipient=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class DeliveryQuerySet(LockingQuerySet[Any]):
    """Notices on their way out."""

    def visible_to(self, user: User) -> Self:
        """Administrators and auditors see all, leads those to their department."""
        if is_system(user) or user.has_role(Role.ADMINISTRATOR, Role.AUDITOR):
            return self
        own = Q(target__department=user.department_id)
        people = Q(target=None, notice__recipient__department=user.department_id)
        if not user.department_id:
            return self.none()
        # A sub-select: rows are locked, and a lock must not join what may be absent.
        return self.filter(pk__in=self.model._default_manager.filter(own | people).values("pk"))


class DelegationQuerySet(LockingQuerySet["Delegation"]):
    """Who may act for whom."""

    def visible_to(self, user: User) -> Self:
        """One's own, given or received; whoever sees the directory sees all."""
        if user.has_perm("staff.view_delegation") or is_system(user):
            return self
        return self.filter(Q(giver=user) | Q(delegate=user))

    def valid(self, moment: datetime) -> Self:
        return self.filter(is_revoked=False, starts_at__lte=moment, ends_at__gt=moment)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates people; ``createsuperuser`` makes an administrator, bound by the same rules."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        user: User = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(username, password, roles=[Role.ADMINISTRATOR], **fields)
