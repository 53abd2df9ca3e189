"""Acknowledge, assess, route, assign, wait, resume: the desk side of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.reading import by_key
from aftersales.kernel.refs import in_each_language
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.models import AuditEvent
from compliance.services import record
from customers.models import Customer, Order
from customers.services.identity import standing
from staff.models import Department, Team, Urgency, User
from staff.services.notices import NewNotice, notify
from tickets.announcements import case_url
from tickets.choices import MailPurpose
from tickets.models import Category, OutboundMail, Tag, Ticket, Watcher
from tickets.order_uses import require_free_order
from tickets.policies import can_assign, can_note, can_work
from tickets.search import index_text
from tickets.services.facts import NOTHING_SEEN, require_as_seen
from tickets.services.letters import compose
from tickets.services.opening import require_own_order, search_texts
from tickets.services.outbox import queue_mail, unmailable
from tickets.services.shared import (
    due_kept,
    lock_ticket,
    log,
    require_unclosed,
    require_unfinished,
    save,
    start_work,
    subject_line,
)
from tickets.statuses import TicketStatus

RECEIPT_UNSENT = "tickets.acknowledgement_unsent"


@service
def acknowledge(ticket_id: int, *, actor: User, note: str = "") -> Ticket:
    """Tell the customer that the case is known and by when an answer comes; by a mail where there
    is an address, else whoever calls this has told them.

    The mail quotes nothing of what was sent to us (relay spam). Raises ``InvalidTransition`` when
    it was acknowledged before.
    """
    ticket = _unacknowledged(ticket_id, actor)
    _mark_acknowledged(ticket, actor, note)
    _mail_receipt(ticket, actor)
    return ticket


@service
def acknowledge_by_mail(ticket_id: int, *, actor: User) -> Ticket | None:
    """Acknowledge if a mail says so. ``None`` if none can leave: the promise goes on, a person is
    to tell the customer, and the case says why, once.

    Raises ``InvalidTransition`` when it was acknowledged before.
    """
    ticket = _unacknowledged(ticket_id, actor)
    why = unmailable(ticket)
    if why or _mail_receipt(ticket, actor) is None:
        if not AuditEvent.objects.filter(case_id=ticket.pk, code=RECEIPT_UNSENT).exists():
            with due_kept(ticket):
                log(RECEIPT_UNSENT, ticket, actor=actor, note=in_each_language(why.__str__))
        return None
    _mark_acknowledged(ticket, actor, "")
    return ticket


def _unacknowledged(ticket_id: int, actor: User) -> Ticket:
    ticket = lock_ticket(ticket_id, actor)
    require(can_work(actor, ticket))
    require_unfinished(ticket)
    if ticket.acknowledged_at:
        raise InvalidTransition(_("This case was acknowledged before."))
    return ticket


def _mark_acknowledged(ticket: Ticket, actor: User, note: str) -> None:
    ticket.acknowledged_at = now()
    log("tickets.acknowledged", ticket, actor=actor, note=note)
    save(ticket, "acknowledged_at")


def _mail_receipt(ticket: Ticket, actor: User) -> OutboundMail | None:
    letter = compose(ticket, MailPurpose.ACKNOWLEDGEMENT, f"ack:{ticket.pk}", actor=actor)
    return queue_mail(ticket, letter, actor=actor)


class Kept(Enum):
    """What was not said: the fact stays as it is, while ``None`` or '' takes it away."""

    KEPT = "kept"


KEPT = Kept.KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Initial assessment (ISO 10002 7.5); fields left out stay as they are."""

    priority: str | Kept = KEPT
    severity: str | Kept = KEPT
    complexity: str | Kept = KEPT
    kind: str | Kept = KEPT
    category: Category | Kept | None = KEPT
    requested_remedy: str | Kept = KEPT
    sentiment: str | Kept = KEPT
    is_green_channel: bool | Kept = KEPT


@service
def assess(
    ticket_id: int,
    assessment: Assessment,
    *,
    actor: User,
    note: str = "",
    seen: Mapping[str, Any] = NOTHING_SEEN,
) -> Ticket:
    """Judge urgency, severity and complexity; may be repeated, the first time sets the milestone.

    A critical case becomes urgent and green-channel by itself. Promises that run are matched anew.
    Raises ``RuleViolated`` where somebody changed meanwhile what was ``seen``.
    """
    ticket = lock_ticket(ticket_id, actor)
    require(can_work(actor, ticket))
    require_unfinished(ticket)
    values = {f.name: getattr(assessment, f.name) for f in fields(assessment)}
    require_as_seen(ticket, values, seen)
    changed = _apply(ticket, values)
    if ticket.severity == "critical":
        changed |= _apply(ticket, {"priority": "urgent", "is_green_channel": True})
    first = ticket.assessed_at is None
    if first:
        ticket.assessed_at = now()
    opened = start_work(ticket)
    log("tickets.assessed", ticket, actor=actor, note=note, fields=sorted(changed), first=first)
    save(ticket, *changed, "assessed_at", *opened)
    return ticket


def _apply(ticket: Ticket, values: dict[str, Any]) -> set[str]:
    """Set the given values on the case; returns the names of those that differ."""
    changed = {
        name
        for name, value in values.items()
        if value is not KEPT and getattr(ticket, name) != value
    }
    for name in changed:
        setattr(ticket, name, values[name])
    return changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Plain facts of a case an agent may correct at any time before it is closed; those left out
    stay as they are."""

    subject: str | Kept = KEPT
    language: str | Kept = KEPT
    order: Order | Kept | None = KEPT
    tags: list[str] | Kept = KEPT
    root_cause: str | Kept = KEPT
    responsible_party: str | Kept = KEPT


@service
def change_details(
    ticket_id: int,
    details: Details,
    *,
    actor: User,
    note: str = "",
    seen: Mapping[str, Any] = NOTHING_SEEN,
) -> Ticket:
    """Correct facts; an order tells whose the case is where nobody is known.

    Raises ``RuleViolated`` for an unknown tag, another customer's order, another or no order while
    something on the case depends on the one it has, or where somebody changed meanwhile what was
    ``seen``; ``InvalidTransition`` if nothing differs.
    """
    ticket = lock_ticket(ticket_id, actor)
    require(can_work(actor, ticket))
    require_unclosed(ticket)
    if details.order is not KEPT:
        _require_fit(ticket, details.order)
    if details.tags is not KEPT:
        known = set(Tag.objects.filter(slug__in=details.tags).values_list("slug", flat=True))
        if unknown := [tag for tag in details.tags if tag not in known]:
            raise RuleViolated("unknown_tag", _("Unknown tag: ") + ", ".join(unknown), field="tags")
    if details.subject is not KEPT:
        details = replace(details, subject=subject_line(details.subject))
    values = {f.name: getattr(details, f.name) for f in fields(details)}
    require_as_seen(ticket, values, seen)
    if isinstance(details.order, Order) and ticket.customer_id is None:
        values["customer"] = standing(by_key(Customer, details.order.customer_id))
    changed = _apply(ticket, values)
    if not changed:
        raise InvalidTransition(_("Nothing was changed."))
    log("tickets.details_changed", ticket, actor=actor, note=note, fields=sorted(changed))
    save(ticket, *changed)
    index_text(ticket, search_texts(ticket))
    return ticket


def _require_fit(ticket: Ticket, order: Order | None) -> None:
    """Whether the case may have this order, or none, from now on. The order of before may stay,
    also when the merge that made it the customer's was undone."""
    if (order.pk if order else None) == ticket.order_id:
        return
    require_free_order(ticket)
    if order and ticket.customer_id:
        require_own_order(order, ticket.customer_id)


@service
def route(
    ticket_id: int,
    *,
    actor: User,
    department: Department,
    team: Team | None = None,
    note: str = "",
) -> Ticket:
    """Give the case to a department and team; an assignee from elsewhere lets go of it.

    Raises ``RuleViolated`` for a team of another department, ``InvalidTransition`` if it is there.
    """
    ticket = lock_ticket(ticket_id, actor)
    require(can_work(actor, ticket))
    require_unfinished(ticket)
    if team and team.department_id != department.pk:
        raise RuleViolated(
            "foreign_team", _("This team belongs to another department."), field="team"
        )
    if (
        ticket.routed_at
        and ticket.department_id == department.pk
        and ticket.team_id == (team.pk if team else None)
    ):
        raise InvalidTransition(_("The case is there already."))
    origin = ticket.department.code
    ticket.department, ticket.team = department, team
    ticket.routed_at = now()
    if ticket.assignee and ticket.assignee.department_id != department.pk:
        ticket.assignee = None
    opened = start_work(ticket)
    log("tickets.routed", ticket, actor=actor, note=note, origin=origin, target=department.code)
    save(ticket, "department", "team", "assignee", "routed_at", *opened)
    return ticket


@service
def assign(ticket_id: int, *, actor: User, assignee: User | None, note: str = "") -> Ticket:
    """Hand the case to a person of its department, or to nobody.

    Raises ``InvalidTransition`` if that person has it already, ``RuleViolated`` for somebody who
    left or works elsewhere.
    """
    ticket = lock_ticket(ticket_id, actor)
    require(can_assign(actor, ticket, assignee))
    require_unfinished(ticket)
    if ticket.assignee_id == (assignee.pk if assignee else None):
        raise InvalidTransition(_("Nothing to change: it is assigned like this already."))
    if assignee and (not assignee.is_active or assignee.department_id != ticket.department_id):
        raise RuleViolated(
            "foreign_assignee",
            _("Only active people of the case's department can have it."),
            field="assignee",
        )
    ticket.assignee = assignee
    opened = start_work(ticket) if assignee else []
    if ticket.routed_at is None:
        ticket.routed_at = now()
    log("tickets.assigned", ticket, actor=actor, note=note, assignee=str(assignee or ""))
    save(ticket, "assignee", "routed_at", *opened)
    if assignee and assignee.pk != actor.pk:
        tell_assignee(ticket, assignee, actor=actor)
    return ticket


@service
def take(ticket_id: int, *, actor: User) -> Ticket:
    """Have a case nobody has; raises ``InvalidTransition`` when a colleague was faster."""
    ticket = lock_ticket(ticket_id, actor)
    if ticket.assignee_id not in (None, actor.pk):
        raise InvalidTransition(_("%(name)s has it already.") % {"name": ticket.assignee})
    return assign(ticket_id, actor=actor, assignee=actor)


def tell_assignee(ticket: Ticket, assignee: User, *, actor: User) -> None:
    """Ring the bell of somebody who was given a case by another; no mail unless asked for, since
    cases are also given by the hundred."""
    told = NewNotice(
        code="tickets.assigned",
        source_key=f"assigned:{ticket.pk}:{ticket.updated_at.isoformat()}",
        url=case_url(ticket),
        params={"by": str(actor), "case": ticket.number},
        urgency=Urgency.LOW,
        case=ticket,
    )
    notify([assignee], told, actor=actor)


@service
def wait(ticket_id: int, *, actor: User, status: TicketStatus, note: str = "") -> Ticket:
    """Wait for the customer (``PENDING``) or, saying why, for others (``ON_HOLD``)."""
    ticket = lock_ticket(ticket_id, actor)
    require(can_work(actor, ticket))
    require_unfinished(ticket)
    if status not in (TicketStatus.PENDING, TicketStatus.ON_HOLD):
        raise RuleViolated("not_waiting", _("Choose what to wait for."), field="status")
    if status == TicketStatus.ON_HOLD and not note.strip():
        raise RuleViolated("reason_missing", _("Say what we are waiting for."), field="note")
    move(ticket, status)
    told = {"status": status.value, "variant": status.value}
    log("tickets.waiting", ticket, actor=actor, note=note, **told)
    save(ticket, "status")
    return ticket


@service
def resume(ticket_id: int, *, actor: User, note: str = "") -> Ticket:
    """Take a new or waiting case up."""
    ticket = lock_ticket(ticket_id, actor)
    require(can_work(actor, ticket))
    require_unfinished(ticket)
    move(ticket, TicketStatus.OPEN)
    log("tickets.resumed", ticket, actor=actor, note=note)
    save(ticket, "status")
    return ticket


@service
def watch(ticket_id: int, *, actor: User, user: User) -> Watcher:
    """Let ``user`` follow the case and so see it; following twice is once."""
    ticket = lock_ticket(ticket_id, actor)
    require(can_note(actor, ticket))
    existing = ticket.watchers.filter(user=user).first()
    if existing:
        return existing
    watcher = Watcher(ticket=ticket, user=user, since=now())
    watcher.save(force_insert=True)
    record("tickets.watched", watcher, actor=actor, case=ticket, data={"user": user.audit_name})
    return watcher


@service
def unwatch(ticket_id: int, *, actor: User, user: User) -> None:
    """Stop following; raises ``InvalidTransition`` for somebody who does not follow."""
    ticket = lock_ticket(ticket_id, actor)
    require(can_note(actor, ticket))
    watcher = ticket.watchers.filter(user=user).first()
    if watcher is None:
        raise InvalidTransition(_("This person does not follow the case."))
    record("tickets.unwatched", watcher, actor=actor, case=ticket, data={"user": user.audit_name})
    watcher.delete()
