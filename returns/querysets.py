"""Choosing returns: with the case, or at the bench where every parcel is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q

from aftersales.kernel.querysets import LockingQuerySet
from returns.statuses import TAKING, UNSETTLED, ReturnStatus
from tickets.querysets import is_system, sees_everything

if TYPE_CHECKING:
    from returns.models import ReturnAuthorization  # noqa: F401 -- named in quotes below
    from staff.models import User

M = TypeVar("M", bound=models.Model)

RECEIVE = "returns.receive_returnauthorization"
# What the bench sees of the returns of other departments: what may arrive or has arrived.
AT_THE_BENCH = (
    ReturnStatus.AUTHORIZED,
    ReturnStatus.IN_TRANSIT,
    ReturnStatus.RECEIVED,
    ReturnStatus.INSPECTED,
    ReturnStatus.SETTLED,
    ReturnStatus.CLOSED,
)


class ReturnQuerySet(LockingQuerySet["ReturnAuthorization"]):
    """Returns."""

    def visible_to(self, user: User) -> Self:
        """With the case; the bench and finance see what may arrive from any department."""
        if not user.has_perm("returns.view_returnauthorization") and not is_system(user):
            return self.none()
        if sees_everything(user):
            return self
        tickets = self.model._meta.apps.get_model("tickets", "Ticket").objects.visible_to(user)
        scope = Q(ticket__in=tickets)
        if user.has_perm(RECEIVE):
            scope |= Q(status__in=AT_THE_BENCH)
        return self.filter(scope)

    def taking(self) -> Self:
        """Those that use up quantity of their order lines."""
        return self.filter(status__in=TAKING)

    def unsettled(self) -> Self:
        return self.filter(status__in=UNSETTLED)


class OfReturnQuerySet(LockingQuerySet[M]):
    """What hangs on a return is seen with it."""

    def visible_to(self, user: User) -> Self:
        if sees_everything(user):
            return self
        rmas = self.model._meta.apps.get_model("returns", "ReturnAuthorization").objects
        return self.filter(rma__in=rmas.visible_to(user))


class InstructionQuerySet(LockingQuerySet[M]):
    """Orders to the shop: seen with the return, and by the shop's own account."""

    def visible_to(self, user: User) -> Self:
        if sees_everything(user) or user.has_perm("returns.confirm_shopinstruction"):
            return self
        tickets = self.model._meta.apps.get_model("tickets", "Ticket").objects.visible_to(user)
        return self.filter(ticket__in=tickets)
