"""Choosing cases: who sees which, and the named filters of queues."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from aftersales.kernel.context import is_system as is_system
from aftersales.kernel.querysets import LockingQuerySet
from tickets import scope
from tickets.choices import LinkKind
from tickets.statuses import UNFINISHED

if TYPE_CHECKING:
    from staff.models import User
    from tickets.models import Ticket

M = TypeVar("M", bound=models.Model)


class TicketQuerySet(LockingQuerySet["Ticket"]):
    """Cases."""

    def visible_to(self, user: User) -> Self:
        """Everything for auditor, administrator and the machine; else the department's cases, those
        one has, recorded or follows, and what upper apps give a reason for (``tickets.scope``)."""
        if not user.has_perm("tickets.view_ticket") and not is_system(user):
            return self.none()
        if sees_everything(user):
            return self
        watched = Exists(
            self.model._meta.apps.get_model("tickets", "Watcher").objects.filter(
                ticket=OuterRef("pk"), user=user
            )
        )
        seen = Q(assignee=user) | Q(created_by=user) | Q(watched)
        if user.department_id:
            seen |= Q(department=user.department_id)
        for ids in scope.registered_for(user):
            seen |= Q(pk__in=ids)
        return self.filter(seen)

    def unfinished(self) -> Self:
        return self.filter(status__in=UNFINISHED)

    def overdue(self, moment: datetime) -> Self:
        """Unfinished and past the nearest promise."""
        return self.unfinished().filter(due_at__lt=moment)


def is_plainly_seen(user: User, department_id: int, *people: int | None) -> bool:
    """Whether the case is the department's or the person's own, whatever else may show it."""
    return (user.department_id is not None and user.department_id == department_id) or (
        user.pk in people
    )


def is_seen(ticket: Ticket, user: User) -> bool:
    """Whether ``visible_to`` would give the case; the usual reasons are seen on the row itself."""
    return is_key_seen(
        user, ticket.pk, ticket.department_id, ticket.assignee_id, ticket.created_by_id
    )


def is_key_seen(user: User, key: int, department_id: int, *people: int | None) -> bool:
    """The same of a case of which only its key, department and people are at hand."""
    if not user.has_perm("tickets.view_ticket") and not is_system(user):
        return False
    if sees_everything(user) or is_plainly_seen(user, department_id, *people):
        return True
    tickets = apps.get_model("tickets", "Ticket")._default_manager
    return bool(tickets.visible_to(user).filter(pk=key).exists())


def sees_everything(user: User) -> bool:
    return is_system(user) or user.has_perm("tickets.view_all_tickets")


def reads_hidden(user: User) -> bool:
    """Whether words that were hidden, and their files, are open to somebody who sees the case."""
    return sees_everything(user) or user.has_perm("tickets.hide_message")


class OfTicketQuerySet(LockingQuerySet[M]):
    """Rows that belong to a case are seen by whoever sees the case."""

    def visible_to(self, user: User) -> Self:
        if sees_everything(user):
            return self
        tickets = self.model._meta.apps.get_model("tickets", "Ticket").objects.visible_to(user)
        return self.filter(ticket__in=tickets)


class MessageQuerySet(OfTicketQuerySet[M]):
    """What was said."""

    def readable_by(self, user: User) -> Self:
        """Those of which more may be read than that something was hidden."""
        rows = self.visible_to(user)
        return rows if reads_hidden(user) else rows.filter(hidden_at=None)


class OfMessageQuerySet(OfTicketQuerySet[M]):
    """What came or went with a message, or without any."""

    def readable_by(self, user: User) -> Self:
        """Those whose message was not hidden from this person."""
        rows = self.visible_to(user)
        return rows if reads_hidden(user) else rows.shown()

    def shown(self) -> Self:
        return self.filter(Q(message=None) | Q(message__hidden_at=None))


class LinkQuerySet(LockingQuerySet[M]):
    """Links between cases."""

    def gone_back(self) -> Self:
        """From a part to the case it came from, the split undone."""
        return self.filter(kind=LinkKind.SPLIT, canceled_at__isnull=False)

    def leading_on(self) -> Self:
        """From a case that ended in another one to that: merged, or a part that went back."""
        merged = Q(kind=LinkKind.MERGED, canceled_at=None)
        return self.filter(merged | Q(kind=LinkKind.SPLIT, canceled_at__isnull=False))


class IntakeQuerySet(LockingQuerySet[M]):
    """What came in: with its case if it belongs to one, the rest for all who look after intake.

    What was hidden is hidden here, too: the raw text says it all.
    """

    def visible_to(self, user: User) -> Self:
        if sees_everything(user):
            return self
        if not user.has_perm("tickets.view_rawintake"):
            return self.none()
        tickets = self.model._meta.apps.get_model("tickets", "Ticket").objects.visible_to(user)
        seen = self.filter(Q(ticket=None) | Q(ticket__in=tickets))
        if reads_hidden(user):
            return seen
        return seen.filter(Q(message=None) | Q(message__hidden_at=None))


class ToolQuerySet(LockingQuerySet[M]):
    """Macros, replies and views: everybody's, the department's, one's own."""

    def visible_to(self, user: User) -> Self:
        mine = Q(visibility="all") | Q(owner=user)
        if user.department_id is not None:
            mine |= Q(visibility="team", department=user.department_id)
        return self.filter(mine)
