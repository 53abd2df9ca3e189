"""Things promised for later."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.services import record
from staff.models import User
from tickets.choices import FollowUpKind
from tickets.models import FollowUp, Ticket
from tickets.policies import can_note
from tickets.services.shared import due_kept, lock_ticket, require_text, save
from tickets.statuses import FollowUpStatus, TicketStatus

# Beyond it calendars and clocks have no days to count.
FARTHEST = timedelta(days=36_525)


@service
def plan_follow_up(
    ticket_id: int,
    *,
    actor: User,
    kind: str,
    text: str,
    due_at: datetime,
    assignee: User | None = None,
) -> FollowUp:
    """Promise something for later; raises ``RuleViolated`` for a time that is past or
    more than a century ahead."""
    ticket = lock_ticket(ticket_id, actor)
    require(can_note(actor, ticket))
    if ticket.status in (TicketStatus.CLOSED, TicketStatus.CANCELED):
        raise InvalidTransition(_("This case is finished."))
    if kind not in FollowUpKind.values:
        raise RuleViolated("unknown_kind", _("Choose what was promised."), field="kind")
    if due_at <= now():
        raise RuleViolated("past", _("Choose a time in the future."), field="due_at")
    if due_at > now() + FARTHEST:
        raise RuleViolated("too_far", _("This time is too far ahead."), field="due_at")
    follow_up = FollowUp(
        ticket=ticket,
        kind=kind,
        text=require_text(text, "text", most=300),
        due_at=due_at,
        assignee=assignee or actor,
        created_by=actor,
        created_at=now(),
    )
    follow_up.save(force_insert=True)
    record("tickets.follow_up_planned", follow_up, actor=actor, case=ticket, note=text)
    save(ticket)
    return follow_up


def _lock(follow_up_id: int, actor: User) -> tuple[FollowUp, Ticket]:
    found = FollowUp.objects.visible_to(actor).get(pk=follow_up_id)
    ticket = lock_ticket(found.ticket_id, actor)
    follow_up = FollowUp.objects.locked().get(pk=follow_up_id)
    if follow_up.ticket_id != ticket.pk:  # merged meanwhile
        return _lock(follow_up_id, actor)
    require(can_note(actor, ticket))
    return follow_up, ticket


@service
def complete_follow_up(follow_up_id: int, *, actor: User, outcome: str) -> FollowUp:
    """Say how it went."""
    follow_up, ticket = _lock(follow_up_id, actor)
    move(follow_up, FollowUpStatus.DONE)
    follow_up.outcome = require_text(outcome, "outcome", most=300)
    follow_up.done_at = now()
    follow_up.save(update_fields=["status", "outcome", "done_at"])
    record("tickets.follow_up_done", follow_up, actor=actor, case=ticket, note=outcome)
    save(ticket)
    return follow_up


@service
def cancel_follow_up(follow_up_id: int, *, actor: User, note: str) -> FollowUp:
    """Take the promise back; needs a reason."""
    follow_up, ticket = _lock(follow_up_id, actor)
    move(follow_up, FollowUpStatus.CANCELED)
    follow_up.outcome = require_text(note, "note", least=4, most=300)
    follow_up.save(update_fields=["status", "outcome"])
    record("tickets.follow_up_canceled", follow_up, actor=actor, case=ticket, note=note)
    save(ticket)
    return follow_up


@service
def remind_follow_up(follow_up_id: int, *, actor: User) -> FollowUp | None:
    """Mark a due follow-up as brought up, once; from then on it tops the assignee's day."""
    follow_up, ticket = _lock(follow_up_id, actor)
    if follow_up.status != FollowUpStatus.PLANNED or follow_up.reminded_at:
        return None
    follow_up.reminded_at = now()
    follow_up.save(update_fields=["reminded_at"])
    with due_kept(ticket):
        record("tickets.follow_up_reminded", follow_up, actor=actor, case=ticket)
    return follow_up
