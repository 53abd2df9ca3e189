"""The end of a case: result told, resolved, closed, canceled, reopened, urged, learnt from."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.jobs import enqueue
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from staff.models import User
from tickets.choices import MailPurpose, MessageKind, Priority
from tickets.gates import blocking, live
from tickets.models import Investigation, Message, Proposal, Ticket
from tickets.policies import can_close, can_reply, can_work
from tickets.replies import with_name
from tickets.search import index_text
from tickets.services.letters import compose
from tickets.services.opening import add_message, reopen_fields
from tickets.services.outbox import queue_mail
from tickets.services.shared import (
    lock_ticket,
    log,
    require_text,
    require_unfinished,
    save,
    start_work,
)
from tickets.statuses import InvestigationStatus, ProposalStatus, TicketStatus

URGE_PAUSE = timedelta(hours=4)


@service
def tell_result(ticket_id: int, *, actor: User, body: str, resolve: bool = True) -> Message:
    """Tell the customer the decision (ISO 10002 7.8) and, unless told otherwise, resolve the case.

    Cannot be undone like a plain answer: it is what closing rests on.
    """
    ticket = lock_ticket(ticket_id, actor)
    require(can_reply(actor, ticket))
    require_unfinished(ticket)
    text = with_name(require_text(body, "body"), ticket)
    message = add_message(ticket, MessageKind.OUTBOUND, text, channel=ticket.channel, author=actor)
    changed = start_work(ticket)
    ticket.result_told_at = message.created_at
    if ticket.first_response_at is None:
        ticket.first_response_at = message.created_at
    log("tickets.result_told", ticket, actor=actor, message=message.pk, resolves=resolve)
    save(ticket, *changed, "result_told_at", "first_response_at")
    index_text(ticket, [text])
    mail = compose(
        ticket, MailPurpose.RESULT, f"message:{message.pk}", actor=actor, message=message
    )
    queue_mail(ticket, replace(mail, message=message), actor=actor)
    if resolve:
        resolve_ticket(ticket.pk, actor=actor)
    return message


@service
def resolve_ticket(ticket_id: int, *, actor: User, note: str = "") -> Ticket:
    """Say that we believe it is settled; asks for a rating and starts the wait before closing.

    Raises ``RuleViolated`` while the result is untold or an investigation or proposal is open.
    """
    ticket = lock_ticket(ticket_id, actor)
    require(can_work(actor, ticket))
    require_unfinished(ticket)
    if ticket.result_told_at is None:
        raise RuleViolated("result_untold", _("Tell the customer the result first."))
    if Investigation.objects.filter(ticket=ticket, status=InvestigationStatus.OPEN).exists():
        raise RuleViolated("investigation_open", _("Conclude or drop the investigation first."))
    live = [ProposalStatus.OFFERED, ProposalStatus.ACCEPTED]
    if Proposal.objects.filter(ticket=ticket, status__in=live).exists():
        raise RuleViolated("proposal_open", _("Carry out or withdraw the proposal first."))
    move(ticket, TicketStatus.RESOLVED)
    ticket.resolved_at = now()
    log("tickets.resolved", ticket, actor=actor, note=note)
    save(ticket, "status", "resolved_at")
    enqueue("tickets.invite_rating", ticket.pk)
    return ticket


@service
def reopen_ticket(ticket_id: int, *, actor: User, note: str) -> Ticket:
    """Take a resolved case up again, with a reason; the result must be told anew."""
    ticket = lock_ticket(ticket_id, actor)
    require(can_work(actor, ticket))
    if ticket.status != TicketStatus.RESOLVED:
        raise InvalidTransition(
            _("Only a resolved case can be reopened."),
            allowed=[state.value for state in TicketStatus(ticket.status).allowed],
        )
    reason = require_text(note, "note", least=2, most=500)
    changed = reopen_fields(ticket)
    log("tickets.reopened", ticket, actor=actor, note=reason)
    save(ticket, *changed)
    return ticket


@service
def close_ticket(ticket_id: int, *, actor: User, note: str = "") -> Ticket:
    """Close for good; raises ``RuleViolated("gate")`` naming every condition that does not hold."""
    ticket = lock_ticket(ticket_id, actor)
    require(can_close(actor, ticket))
    closed = TicketStatus.CLOSED
    if not TicketStatus(ticket.status).can_become(closed):
        move(ticket, closed)
    if left := blocking(ticket):
        raise RuleViolated(
            "gate", _("Not yet: ") + " ".join(state.how_to for state in left), field="status"
        )
    move(ticket, closed)
    ticket.closed_at = now()
    log("tickets.closed", ticket, actor=actor, note=note)
    save(ticket, "status", "closed_at")
    return ticket


@service
def cancel_ticket(ticket_id: int, *, actor: User, note: str) -> Ticket:
    """End a case that is none (spam, mistake, withdrawn); needs a reason, nothing under way."""
    ticket = lock_ticket(ticket_id, actor)
    require(can_close(actor, ticket))
    reason = require_text(note, "note", least=4, most=500)
    require_nothing_live(ticket)
    move(ticket, TicketStatus.CANCELED)
    log("tickets.canceled", ticket, actor=actor, note=reason)
    save(ticket, "status")
    return ticket


def require_nothing_live(ticket: Ticket) -> None:
    """Refuse while an investigation is open, a proposal unsettled or another app at work."""
    if ticket.investigations.filter(status=InvestigationStatus.OPEN).exists():
        raise RuleViolated("investigation_open", _("Conclude or drop the investigation first."))
    unsettled = [ProposalStatus.OFFERED, ProposalStatus.ACCEPTED]
    if ticket.proposals.filter(status__in=unsettled).exists():
        raise RuleViolated("proposal_open", _("Carry out or withdraw the proposal first."))
    if under_way := live(ticket):
        raise RuleViolated("under_way", " ".join(state.how_to for state in under_way))


@service
def urge(ticket_id: int, *, actor: User, note: str = "") -> Ticket:
    """The customer presses for an answer (催单): counted, and the case becomes more urgent.

    Raises ``RuleViolated("too_soon")`` within ``URGE_PAUSE`` of the last time.
    """
    ticket = lock_ticket(ticket_id, actor)
    require(can_work(actor, ticket))
    require_unfinished(ticket)
    if ticket.last_urged_at and ticket.last_urged_at + URGE_PAUSE > now():
        raise RuleViolated(
            "too_soon", _("We have noted that it is urgent; you can press again in a few hours.")
        )
    ticket.urged_count += 1
    ticket.last_urged_at = now()
    if ticket.priority in (Priority.LOW, Priority.NORMAL):
        ticket.priority = Priority.HIGH
    log("tickets.urged", ticket, actor=actor, note=note, times=ticket.urged_count)
    save(ticket, "urged_count", "last_urged_at", "priority")
    return ticket


@service
def learn(ticket_id: int, *, actor: User, lesson: str) -> Ticket:
    """Write down what to change so that it does not happen again; allowed on finished cases too."""
    ticket = lock_ticket(ticket_id, actor)
    require(can_work(actor, ticket))
    ticket.lesson = require_text(lesson, "lesson", most=500)
    log("tickets.learnt", ticket, actor=actor, note=ticket.lesson)
    save(ticket, "lesson")
    return ticket
