"""Whose turn a waiting case is, told by the verbs of upper apps.

The caller holds the case's lock, has recorded and saved its own, and hands in the case it goes on
with: what these change is saved here.
"""

from __future__ import annotations

from django.db.models import Q

from aftersales.kernel.transitions import move
from compliance.models import AuditEvent
from staff.models import User
from staff.services import system_actor
from tickets.models import Proposal, Ticket
from tickets.services.shared import log, save
from tickets.statuses import ProposalStatus, TicketStatus

WAITING = (TicketStatus.PENDING, TicketStatus.ON_HOLD)


def others_turn(ticket: Ticket, *, held_for: str, note: str, actor: User) -> None:
    """A case that waits for the customer waits for colleagues instead, unless the customer has an
    offer to answer. ``held_for`` is the app that will say when that is over."""
    if ticket.status != TicketStatus.PENDING:
        return
    if Proposal.objects.filter(ticket=ticket, status=ProposalStatus.OFFERED).exists():
        return
    move(ticket, TicketStatus.ON_HOLD)
    status = TicketStatus.ON_HOLD.value
    told = {"status": status, "variant": status, "held_for": held_for}
    log("tickets.waiting", ticket, actor=actor, note=note, **told)
    save(ticket, "status")


def our_turn(ticket: Ticket, *, held_for: str, note: str, actor: User) -> None:
    """A case that waits is taken up, but for one that another app holds: that one says when."""
    if ticket.status not in WAITING:
        return
    if ticket.status == TicketStatus.ON_HOLD and _is_held_by_others(ticket, held_for):
        return
    move(ticket, TicketStatus.OPEN)
    log("tickets.resumed", ticket, actor=actor, note=note)
    save(ticket, "status")


def is_held_for_an_app(ticket: Ticket) -> bool:
    """Whether an app put the case on hold in place of waiting for the customer."""
    hold = _last_hold(ticket) if ticket.status == TicketStatus.ON_HOLD else None
    return hold is not None and bool(hold.data.get("held_for"))


def _is_held_by_others(ticket: Ticket, held_for: str) -> bool:
    """What a person put on hold while goods or money are under way most likely waits for them."""
    hold = _last_hold(ticket)
    if hold is None or hold.actor_id != system_actor().pk:
        return False
    return bool(hold.data.get("held_for") != held_for)


def _last_hold(ticket: Ticket) -> AuditEvent | None:
    status = TicketStatus.ON_HOLD.value
    said = Q(code="tickets.waiting") | Q(code="tickets.replied") & ~Q(data__before=status)
    holds = AuditEvent.objects.filter(said, case_id=ticket.pk, data__status=status)
    return holds.order_by("-id").first()
