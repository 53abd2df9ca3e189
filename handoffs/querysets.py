"""Choosing legs, templates, responsibilities and examples."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db.models import Q

from aftersales.kernel.querysets import LockingQuerySet
from handoffs.statuses import GIVES_SIGHT, LIVE, WITH_GIVER, WITH_RECEIVER, ExampleStatus
from tickets.querysets import OfTicketQuerySet, is_system, sees_everything

if TYPE_CHECKING:
    from handoffs.models import (  # noqa: F401 -- named in quotes below
        CaseExample,
        Handoff,
        HandoffTemplate,
        ResponsibilityRule,
    )
    from staff.models import User


class HandoffQuerySet(OfTicketQuerySet["Handoff"]):
    """Legs; seen by whoever sees the case."""

    def visible_to(self, user: User) -> Self:
        if not user.has_perm("handoffs.view_handoff") and not is_system(user):
            return self.none()
        return super().visible_to(user)

    def live(self) -> Self:
        """Not settled yet."""
        return self.filter(status__in=LIVE)

    def giving_sight(self, user: User) -> Self:
        """Legs through which the person's department sees a case it does not own."""
        return self.filter(to_department=user.department_id, status__in=GIVES_SIGHT)

    def asked_of(self, department_id: int | None) -> Self:
        """The department has to do something about what it was asked."""
        return self.filter(to_department=department_id, status__in=WITH_RECEIVER)

    def back_with(self, department_id: int | None) -> Self:
        """Answered, declined or returned to the department, or to the owner of the case."""
        return self.filter(
            Q(from_department=department_id) | Q(ticket__department=department_id),
            status__in=WITH_GIVER,
        )

    def late(self, moment: datetime) -> Self:
        return self.filter(due_at__lt=moment, status__in=LIVE)


class TemplateQuerySet(LockingQuerySet["HandoffTemplate"]):
    """Templates; anybody who hands over may use those in use."""

    def active(self) -> Self:
        return self.filter(is_active=True)


class RuleQuerySet(LockingQuerySet["ResponsibilityRule"]):
    """Responsibilities."""


class ExampleQuerySet(LockingQuerySet["CaseExample"]):
    """Shared cases; a proposal is seen by its author and by leads who see the case itself."""

    def visible_to(self, user: User) -> Self:
        if not user.has_perm("handoffs.view_caseexample"):
            return self.none()
        if sees_everything(user):
            return self
        seen = Q(status=ExampleStatus.APPROVED) | Q(proposed_by=user)
        if user.has_perm("handoffs.approve_caseexample"):
            tickets = self.model._meta.apps.get_model("tickets", "Ticket")
            seen |= Q(ticket__in=tickets.objects.visible_to(user))
        return self.filter(seen)
