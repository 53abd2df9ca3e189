"""Offering a remedy, the customer's answer, carrying it out.

A proposal is a promise in words and an amount; goods and money themselves are the returns app's.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.context import current
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.money import figure, parse_amount
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.services import record
from staff.models import User
from tickets.choices import MailPurpose, Remedy
from tickets.models import Proposal, Ticket
from tickets.policies import can_propose
from tickets.replies import with_name
from tickets.services.letters import compose
from tickets.services.outbox import queue_mail
from tickets.services.shared import (
    lock_ticket,
    require_text,
    require_unfinished,
    save,
    start_work,
)
from tickets.statuses import ProposalStatus, TicketStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is offered; an amount needs a currency and must be above zero.

    ``is_sure``: more than was paid for the order is meant.
    """

    remedy: str
    terms: str
    amount: Decimal | str | None = None
    currency: str = ""
    is_sure: bool = False


@service
def propose(ticket_id: int, offer: Offer, *, actor: User) -> Proposal:
    """Offer a remedy; the customer gets a mail and can answer on the status page.

    Raises ``InvalidTransition`` while another proposal is unanswered or not carried out.
    """
    ticket = lock_ticket(ticket_id, actor)
    require(can_propose(actor, ticket))
    require_unfinished(ticket)
    live = [ProposalStatus.OFFERED, ProposalStatus.ACCEPTED]
    if ticket.proposals.filter(status__in=live).exists():
        raise InvalidTransition(_("A proposal is under way; withdraw it before making another."))
    proposal = _new_proposal(ticket, offer, actor)
    proposal.save(force_insert=True)
    changed = _wait_for_answer(ticket, proposal)
    record(
        "tickets.proposed",
        proposal,
        actor=actor,
        case=ticket,
        note=proposal.terms[:500],
        data={
            "remedy": proposal.remedy,
            "amount": str(proposal.amount or ""),
            "currency": proposal.currency,
        },
    )
    save(ticket, *changed)
    mail = compose(
        ticket, MailPurpose.PROPOSAL, f"proposal:{proposal.pk}", actor=actor, proposal=proposal
    )
    queue_mail(ticket, mail, actor=actor)
    return proposal


def _new_proposal(ticket: Ticket, offer: Offer, actor: User) -> Proposal:
    """The offer as a row, not yet saved; raises ``RuleViolated`` for an odd remedy or amount."""
    if offer.remedy not in Remedy.values:
        raise RuleViolated("unknown_remedy", _("Choose a remedy."), field="remedy")
    amount = None
    if offer.amount not in (None, ""):
        amount = parse_amount(offer.amount, offer.currency)
        if amount <= 0:
            raise RuleViolated("not_positive", _("The amount must be above zero."), field="amount")
        _require_measure(ticket, offer, amount)
    return Proposal(
        ticket=ticket,
        remedy=offer.remedy,
        terms=with_name(require_text(offer.terms, "terms", most=5000), ticket),
        amount=amount,
        currency=offer.currency if amount is not None else "",
        offered_by=actor,
        offered_at=now(),
    )


def _require_measure(ticket: Ticket, offer: Offer, amount: Decimal) -> None:
    """Money is offered in the order's currency. No more is given back than was paid; what is given
    on top is compensation, and more of it than was paid has to be meant."""
    order = ticket.order
    if order is None:
        return
    if offer.currency != order.currency:
        message = _("This order was paid in %(currency)s.") % {"currency": order.currency}
        raise RuleViolated("other_currency", message, field="currency")
    payments = order.payments.all()
    paid = sum((one.captured for one in payments if one.currency == order.currency), Decimal(0))
    if not payments or amount <= paid:
        return
    known = {"paid": figure(paid, order.currency), "currency": order.currency}
    if offer.remedy in (Remedy.REFUND, Remedy.RETURN):
        message = _("Only %(paid)s %(currency)s were paid for this order.") % known
        raise RuleViolated("above_paid", message, field="amount")
    if not offer.is_sure:
        question = _("Only %(paid)s %(currency)s were paid for this order. Confirm the amount.")
        raise RuleViolated("not_sure", question % known, field="is_sure")


def _wait_for_answer(ticket: Ticket, proposal: Proposal) -> list[str]:
    """An offer is an answer of ours, now it is the customer's turn; returns the fields to save."""
    start_work(ticket)
    ticket.proposed_at, ticket.accepted_at, ticket.carried_out_at = proposal.offered_at, None, None
    if ticket.first_response_at is None:
        ticket.first_response_at = proposal.offered_at
    if ticket.status != TicketStatus.PENDING:
        move(ticket, TicketStatus.PENDING)
    return ["status", "proposed_at", "accepted_at", "carried_out_at", "first_response_at"]


def _lock(proposal_id: int, actor: User) -> tuple[Proposal, Ticket]:
    found = Proposal.objects.visible_to(actor).get(pk=proposal_id)
    ticket = lock_ticket(found.ticket_id, actor)
    return Proposal.objects.locked().get(pk=proposal_id), ticket


@service
def accept_proposal(proposal_id: int, *, actor: User, note: str = "") -> Proposal:
    """The customer agrees: on the status page (actor is the machine) or told to an agent."""
    proposal, ticket = _lock(proposal_id, actor)
    require(can_propose(actor, ticket))
    require_unfinished(ticket)
    move(proposal, ProposalStatus.ACCEPTED)
    _answer(proposal, note)
    ticket.accepted_at = proposal.answered_at
    changed = _back_to_work(ticket)
    record("tickets.proposal_accepted", proposal, actor=actor, case=ticket, note=note)
    save(ticket, "accepted_at", *changed)
    return proposal


@service
def decline_proposal(proposal_id: int, *, actor: User, note: str = "") -> Proposal:
    """The customer does not agree; the case is ours again."""
    proposal, ticket = _lock(proposal_id, actor)
    require(can_propose(actor, ticket))
    require_unfinished(ticket)
    move(proposal, ProposalStatus.DECLINED)
    _answer(proposal, note)
    ticket.proposed_at = None
    changed = _back_to_work(ticket)
    record("tickets.proposal_declined", proposal, actor=actor, case=ticket, note=note)
    save(ticket, "proposed_at", *changed)
    return proposal


def _answer(proposal: Proposal, note: str) -> None:
    proposal.answered_at, proposal.answered_via = now(), current().source
    proposal.answer_note = note.strip()[:500]
    proposal.save(update_fields=["status", "answered_at", "answered_via", "answer_note"])


def _back_to_work(ticket: Ticket) -> list[str]:
    """An answer ends the waiting; returns the fields to save."""
    ticket.last_inbound_at = now()
    if ticket.status != TicketStatus.PENDING:
        return ["last_inbound_at"]
    move(ticket, TicketStatus.OPEN)
    return ["status", "last_inbound_at"]


@service
def withdraw_proposal(proposal_id: int, *, actor: User, note: str) -> Proposal:
    """Take an offer back, or an accepted one that cannot be carried out; needs a reason, which
    stays with us. The customer, who was told of the offer, is told that it no longer stands."""
    proposal, ticket = _lock(proposal_id, actor)
    require(can_propose(actor, ticket))
    move(proposal, ProposalStatus.WITHDRAWN)
    require_text(note, "note", least=4, most=500)
    proposal.save(update_fields=["status"])
    ticket.proposed_at = ticket.accepted_at = None
    changed = ["proposed_at", "accepted_at"]
    if ticket.status == TicketStatus.PENDING:
        move(ticket, TicketStatus.OPEN)
        changed += ["status"]
    record("tickets.proposal_withdrawn", proposal, actor=actor, case=ticket, note=note)
    save(ticket, *changed)
    key = f"withdrawal:{proposal.pk}"
    mail = compose(ticket, MailPurpose.WITHDRAWAL, key, actor=actor, proposal=proposal)
    queue_mail(ticket, mail, actor=actor)
    return proposal


@service
def carry_out_proposal(proposal_id: int, *, actor: User, note: str) -> Proposal:
    """State that the accepted remedy was carried out, and how (parcel, bank reference, voucher)."""
    proposal, ticket = _lock(proposal_id, actor)
    require(can_propose(actor, ticket))
    require_unfinished(ticket)
    move(proposal, ProposalStatus.CARRIED_OUT)
    proposal.outcome_note = require_text(note, "note", most=500)
    proposal.carried_out_at, proposal.carried_out_by = now(), actor
    proposal.save(update_fields=["status", "outcome_note", "carried_out_at", "carried_out_by"])
    ticket.carried_out_at = proposal.carried_out_at
    record("tickets.carried_out", proposal, actor=actor, case=ticket, note=note)
    save(ticket, "carried_out_at")
    return proposal
