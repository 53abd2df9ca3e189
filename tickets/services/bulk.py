"""One change for several cases: shown first, then done, each case in its own transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel.errors import DomainError, RuleViolated, require
from staff.models import Department, User
from tickets.choices import Priority
from tickets.models import Ticket
from tickets.policies import can_bulk
from tickets.services.handling import Assessment, Details, assess, assign, change_details, route
from tickets.services.outcome import close_ticket

MOST_CASES = 100
NAMES = ("assignee", "department", "customer")


class BulkVerb(models.TextChoices):
    """What can be done to several cases at once; never words to a customer, never money."""

    ASSIGN = "assign", gettext_lazy("Assign")
    ROUTE = "route", gettext_lazy("Move to a department")
    PRIORITY = "priority", gettext_lazy("Set priority")
    TAG = "tag", gettext_lazy("Add a tag")
    CLOSE = "close", gettext_lazy("Close")


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkChange:
    """The change; only the field its verb needs is read. No assignee means nobody."""

    verb: BulkVerb
    assignee: User | None = None
    department: Department | None = None
    priority: str = ""
    tag: str = ""

    @property
    def words(self) -> str:
        """What will happen, for a person."""
        priority = Priority(self.priority).label if self.priority else ""
        return {
            BulkVerb.ASSIGN: _("Assign to %s") % (self.assignee or _("nobody")),
            BulkVerb.ROUTE: _("Move to %s") % self.department,
            BulkVerb.PRIORITY: _("Set priority to %s") % priority,
            BulkVerb.TAG: _("Add the tag %s") % self.tag,
            BulkVerb.CLOSE: _("Close"),
        }[self.verb]


@dataclass(frozen=True, slots=True)
class BulkLine:
    """One case: done (or possible), or refused with the reason."""

    ticket: Ticket
    refusal: str = ""


def preview_bulk(numbers: Iterable[str], change: BulkChange, *, actor: User) -> list[BulkLine]:
    """What would happen to each case: the verbs themselves, tried and rolled back.

    Raises ``NotPermitted`` without the right to bulk changes and ``RuleViolated`` beyond
    ``MOST_CASES``. Cases out of sight are left out.
    """
    return [
        _line(ticket, lambda found: _rehearse(found, change, actor))
        for ticket in chosen(numbers, actor)
    ]


def run_bulk(
    numbers: Iterable[str], change: BulkChange, *, actor: User, note: str = ""
) -> list[BulkLine]:
    """Do it; a case that refuses stays as it is and says why, the others go on."""
    lines = [
        _line(ticket, lambda found: _apply(found, change, actor, note))
        for ticket in chosen(numbers, actor)
    ]
    # As they are now, also those that have just left the actor's sight.
    after = Ticket.objects.select_related(*NAMES).in_bulk([line.ticket.pk for line in lines])
    return [replace(line, ticket=after[line.ticket.pk]) for line in lines]


def chosen(numbers: Iterable[str], actor: User) -> list[Ticket]:
    """The cases of these numbers the actor sees, in order of number."""
    require(can_bulk(actor))
    unique = sorted(set(numbers))
    if not unique:
        raise RuleViolated("nothing_chosen", _("Choose at least one case."))
    if len(unique) > MOST_CASES:
        raise RuleViolated("too_many", _("Choose at most %(most)s cases.") % {"most": MOST_CASES})
    visible = Ticket.objects.visible_to(actor).filter(number__in=unique)
    return list(visible.select_related(*NAMES).order_by("number"))


def _line(ticket: Ticket, act: Callable[[Ticket], None]) -> BulkLine:
    try:
        act(ticket)
    except DomainError as refusal:
        return BulkLine(ticket, str(refusal))
    except Ticket.DoesNotExist:
        return BulkLine(ticket, _("This case is no longer visible to you."))
    return BulkLine(ticket)


def _rehearse(ticket: Ticket, change: BulkChange, actor: User) -> None:
    with transaction.atomic():
        try:
            _apply(ticket, change, actor, "")
        finally:
            transaction.set_rollback(True)


def _apply(ticket: Ticket, change: BulkChange, actor: User, note: str) -> None:
    """The one verb behind the change; each is a service with its own lock and right."""
    match change.verb:
        case BulkVerb.ASSIGN:
            assign(ticket.pk, actor=actor, assignee=change.assignee, note=note)
        case BulkVerb.ROUTE if change.department:
            route(ticket.pk, actor=actor, department=change.department, note=note)
        case BulkVerb.PRIORITY:
            assess(ticket.pk, Assessment(priority=change.priority), actor=actor, note=note)
        case BulkVerb.TAG:
            _add_tag(ticket, change.tag, actor, note)
        case BulkVerb.CLOSE:
            close_ticket(ticket.pk, actor=actor, note=note)
        case _:
            raise RuleViolated("nothing_chosen", _("Choose a department."), field="department")


def _add_tag(ticket: Ticket, tag: str, actor: User, note: str) -> None:
    """Tags are read again under the lock, so that one set meanwhile is kept."""
    with transaction.atomic():
        tags = Ticket.objects.visible_to(actor).locked().get(pk=ticket.pk).tags
        if tag in tags:
            raise RuleViolated("tag_there", _("It has this tag already."), field="tag")
        change_details(ticket.pk, Details(tags=[*tags, tag]), actor=actor, note=note)
