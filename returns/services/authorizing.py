"""Deciding a request: by the rule that said yes, or by a person; an override needs its reason."""

from __future__ import annotations

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.jobs import enqueue
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.services import record
from returns.carriers import MANUAL
from returns.choices import DeclineReason, RefundBasis, ReturnKind
from returns.eligibility import Outcome
from returns.models import ReturnAuthorization
from returns.policies import can_authorize, can_override
from returns.queries.decisions import decision_sentence
from returns.queries.policies import address_for
from returns.services.following import follow
from returns.services.shared import keep, lock_return, require_choice, require_text, save_ticket
from returns.statuses import AcceptanceStatus, ReceptionStatus, ReturnStatus
from staff.models import User
from staff.services import system_actor
from tickets.models import Attachment, Ticket
from tickets.services.conversation import reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """On what a refund without return rests: a code and a file of the case (check A07)."""

    basis: str
    evidence: int


@service
def authorize_return(
    rma_id: int, *, actor: User, note: str = "", ground: Ground | None = None
) -> ReturnAuthorization:
    """Say yes and tell the customer where to send the goods.

    Against a verdict of «no» it needs the right to override and a reason. A refund without return
    needs its ground; goods are then not waited for.
    """
    rma, ticket = lock_return(rma_id, actor)
    require(can_authorize(actor, rma))
    move(rma, ReturnStatus.AUTHORIZED)
    is_override = rma.outcome == Outcome.NOT_ELIGIBLE
    _require_override(rma, is_override, actor, note)
    if rma.kind == ReturnKind.REFUND_ONLY:
        _state_ground(rma, ticket, ground, note)
    _authorize(rma, ticket, actor, note)
    if is_override:
        _record_override(rma, ticket, actor, note)
    save_ticket(ticket)
    follow(ticket)
    return rma


def authorize_by_rule(rma: ReturnAuthorization, ticket: Ticket) -> None:
    """What a plain yes does by itself, in the transaction of the request; the machine signs."""
    move(rma, ReturnStatus.AUTHORIZED)
    _authorize(rma, ticket, system_actor(), "")
    save_ticket(ticket)
    follow(ticket)


def _authorize(rma: ReturnAuthorization, ticket: Ticket, actor: User, note: str) -> None:
    rma.decided_by, rma.decided_at = actor, now()
    rma.decision_note = note.strip()[:500]
    rma.decline_reason = ""
    rma.save()
    deciding = rma.verdicts[0][1].decided_by
    record(
        "returns.authorized",
        rma,
        actor=actor,
        case=ticket,
        note=note,
        data={"variant": rma.kind, "rule": deciding, "chain": rma.verdict["chain"]},
    )
    if rma.expects_goods:
        _tell_address(rma, ticket, actor)
    else:
        _wait_for_nothing(rma, ticket, actor)


def _tell_address(rma: ReturnAuthorization, ticket: Ticket, actor: User) -> None:
    """True address, contact and phone, by mail and on the status page (art. 11)."""
    address = address_for(rma.order.shop.market)
    if address is None:
        return
    rma.return_address, rma.address_sent_at = address, now()
    rma.save(update_fields=["return_address", "address_sent_at"])
    tell(rma, ticket, "authorized")
    record("returns.address_sent", rma, actor=actor, case=ticket)
    if address.carrier != MANUAL:
        enqueue("returns.book_label", rma.pk)


def _wait_for_nothing(rma: ReturnAuthorization, ticket: Ticket, actor: User) -> None:
    """Nothing comes back: what is asked is owed, to be settled at once."""
    for item in rma.items.order_by("pk"):
        move(item, ReceptionStatus.WAIVED, field="reception_status")
        move(item, AcceptanceStatus.ACCEPTED, field="acceptance_status")
        item.save(update_fields=["reception_status", "acceptance_status"])
    move(rma, ReturnStatus.INSPECTED)
    rma.inspected_at = now()
    rma.save(update_fields=["status", "inspected_at"])
    record("returns.inspected", rma, actor=actor, case=ticket, data={"variant": "no_goods"})


def _state_ground(
    rma: ReturnAuthorization, ticket: Ticket, ground: Ground | None, note: str
) -> None:
    """Who decided and why, with evidence; no platform decides it for us (令116号 12)."""
    require_text(note, "note", least=4, most=500)
    if ground is None or ground.basis not in RefundBasis.values:
        raise RuleViolated("no_ground", _("Say on what ground no goods come back."), field="basis")
    evidence = Attachment.objects.filter(ticket=ticket, pk=ground.evidence).first()
    if evidence is None:
        raise RuleViolated("no_evidence", _("Choose a file of this case."), field="evidence")
    rma.refund_basis, rma.evidence = ground.basis, evidence


def _require_override(rma: ReturnAuthorization, is_override: bool, actor: User, note: str) -> None:
    rma.is_override = is_override
    if is_override:
        require(can_override(actor, rma))
        require_text(note, "note", least=4, most=500)


def _record_override(rma: ReturnAuthorization, ticket: Ticket, actor: User, note: str) -> None:
    record(
        "returns.overridden",
        rma,
        actor=actor,
        case=ticket,
        note=note,
        data={"verdict": rma.outcome, "decided": str(rma.status), "digest": rma.verdict_digest},
    )


@service
def decline_return(rma_id: int, *, actor: User, reason: str, note: str) -> ReturnAuthorization:
    """Say no, with a reason code and words for the customer, who may ask for another look.

    Against a verdict of «yes» it needs the right to override; the machine never declines.
    """
    rma, ticket = lock_return(rma_id, actor)
    require(can_authorize(actor, rma) and not actor.is_machine)
    move(rma, ReturnStatus.DECLINED)
    require_choice(reason, DeclineReason.values, "reason")
    text = require_text(note, "note", least=4, most=500)
    is_override = rma.outcome == Outcome.ELIGIBLE
    _require_override(rma, is_override, actor, note)
    rma.decided_by, rma.decided_at = actor, now()
    rma.decline_reason, rma.decision_note = reason, text
    rma.save()
    record(
        "returns.declined",
        rma,
        actor=actor,
        case=ticket,
        note=text,
        data={"variant": reason, "verdict": rma.outcome},
    )
    if is_override:
        _record_override(rma, ticket, actor, note)
    tell(rma, ticket, "declined")
    save_ticket(ticket)
    return rma


@service
def send_to_review(rma_id: int, *, actor: User, note: str) -> ReturnAuthorization:
    """Put an undecided request before a person who may decide; needs a reason."""
    rma, ticket = lock_return(rma_id, actor)
    require(can_authorize(actor, rma))
    if rma.status == ReturnStatus.DECLINED:
        raise InvalidTransition(_("This was declined; the customer may ask for another look."))
    move(rma, ReturnStatus.NEEDS_REVIEW)
    require_text(note, "note", least=4, most=500)
    keep(rma, ticket, "status", code="returns.sent_to_review", actor=actor, note=note)
    return rma


def tell(rma: ReturnAuthorization, ticket: Ticket, template: str) -> None:
    """Write to the customer on the case, in the case's language, as the machine."""
    with translation.override(ticket.language):
        words = {"rma": rma, "address": rma.return_address, "sentence": decision_sentence(rma)}
        body = render_to_string(f"returns/email/{template}.txt", words).strip()
    reply(ticket.pk, actor=system_actor(), body=body)
    # The answer was written to a row of its own; what it changed must not be saved away.
    ticket.refresh_from_db()
