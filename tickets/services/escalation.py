"""What the passing of time does to a case: louder, to somebody else, a call planned."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, require
from aftersales.kernel.services import service
from staff.models import User
from staff.roles import Role
from tickets.choices import FollowUpKind, Priority
from tickets.models import FollowUp, Ticket
from tickets.policies import can_assign, can_work
from tickets.services.follow_ups import plan_follow_up
from tickets.services.handling import tell_assignee
from tickets.services.shared import lock_ticket, log, require_unfinished, save
from tickets.statuses import UNFINISHED

LOUDER = {Priority.LOW: Priority.NORMAL, Priority.NORMAL: Priority.HIGH}
CARE_WITHIN = timedelta(days=1)


@service
def raise_priority(ticket_id: int, *, actor: User, note: str = "") -> Ticket:
    """One step more urgent; raises ``InvalidTransition`` for what is urgent already."""
    ticket = lock_ticket(ticket_id, actor)
    require(can_work(actor, ticket))
    require_unfinished(ticket)
    before = Priority(ticket.priority)
    if before == Priority.URGENT:
        raise InvalidTransition(_("It is urgent already."))
    ticket.priority = LOUDER.get(before, Priority.URGENT)
    log("tickets.priority_raised", ticket, actor=actor, note=note, before=before.value)
    save(ticket, "priority")
    return ticket


@service
def take_back_and_reassign(ticket_id: int, *, actor: User, note: str = "") -> Ticket:
    """Give the case to whoever of its department is there and carries least, else to its lead.

    Raises ``InvalidTransition`` when nobody else is there.
    """
    ticket = lock_ticket(ticket_id, actor)
    require_unfinished(ticket)
    person = free_colleague(ticket)
    if person is None:
        raise InvalidTransition(_("Nobody else of the department is there."))
    require(can_assign(actor, ticket, person))
    before = ticket.assignee
    ticket.assignee = person
    log(
        "tickets.reassigned",
        ticket,
        actor=actor,
        note=note,
        before=str(before or ""),
        assignee=str(person),
    )
    save(ticket, "assignee")
    tell_assignee(ticket, person, actor=actor)
    return ticket


def free_colleague(ticket: Ticket) -> User | None:
    """The least loaded agent of the department who is present and below capacity, else a lead."""
    moment = now()
    people = User.objects.people().filter(department=ticket.department_id)
    there = people.exclude(pk__in=User.objects.absent(moment).values("pk")).exclude(
        pk=ticket.assignee_id
    )
    loaded = there.annotate(
        load=Count("tickets", filter=Q(tickets__status__in=UNFINISHED))
    ).order_by("load", "pk")
    agents = loaded.filter(roles__contains=[Role.AGENT], load__lt=F("capacity"))
    person: User | None = agents.first() or loaded.filter(roles__contains=[Role.LEAD]).first()
    return person


@service
def plan_care(ticket_id: int, *, actor: User, kind: str, text: str) -> FollowUp:
    """Plan a follow-up by rule, for whoever has the case, else for the rule's actor."""
    ticket = lock_ticket(ticket_id, actor)
    return plan_follow_up(
        ticket.pk,
        actor=actor,
        kind=kind,
        text=text,
        due_at=now() + CARE_WITHIN,
        assignee=ticket.assignee or free_colleague(ticket),
    )


def kind_of_care(promise: str) -> FollowUpKind:
    """What is promised to be looked after."""
    return FollowUpKind.CARE if promise == "care" else FollowUpKind.CHECK
