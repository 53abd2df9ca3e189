"""Choosing refunds and what hangs on them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q

from aftersales.kernel.querysets import LockingQuerySet
from returns.money_statuses import IN_FLIGHT, LIVE_APPROVALS
from staff.querysets import is_system
from tickets.models import Ticket

if TYPE_CHECKING:
    from returns.models import ApprovalRequest, Refund  # noqa: F401 -- named in quotes below
    from staff.models import User

M = TypeVar("M", bound=models.Model)


def sees_all_money(user: User) -> bool:
    return is_system(user) or user.has_perm("returns.view_all_refunds")


class RefundQuerySet(LockingQuerySet["Refund"]):
    """Refunds."""

    def visible_to(self, user: User) -> Self:
        """Finance, auditors and the machine see all; others what they asked for and the refunds of
        the cases they see."""
        if sees_all_money(user):
            return self
        if not user.has_perm("returns.view_refund"):
            return self.none()
        tickets = Ticket.objects.visible_to(user)
        return self.filter(Q(requested_by=user) | Q(ticket__in=tickets))

    def to_look_at(self, moment: datetime) -> Self:
        """Sent, without a result, and due to be asked for."""
        return self.filter(status__in=IN_FLIGHT, next_look_at__lte=moment)


class OfRefundQuerySet(LockingQuerySet[M]):
    """Rows that belong to a refund are seen by whoever sees the refund."""

    def visible_to(self, user: User) -> Self:
        if sees_all_money(user):
            return self
        refunds = self.model._meta.apps.get_model("returns", "Refund").objects.visible_to(user)
        return self.filter(refund__in=refunds)


class ApprovalRequestQuerySet(OfRefundQuerySet["ApprovalRequest"]):
    """What waits for approval."""

    def live(self) -> Self:
        return self.filter(status__in=LIVE_APPROVALS)


class MoneyQuerySet(LockingQuerySet[M]):
    """Books, statements and differences: those who look after all money."""

    def visible_to(self, user: User) -> Self:
        return self if sees_all_money(user) else self.none()
