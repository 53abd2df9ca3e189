"""The one seam to money: what is owed becomes refunds with their own approval."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.refs import in_each_language, ref
from aftersales.kernel.transitions import move
from compliance.models import AuditEvent
from compliance.services import record
from customers.models import Payment
from returns.choices import Claim, SheetLine
from returns.models import (
    CompensationGrant,
    Refund,
    Reimbursement,
    ReimbursementShare,
    ReturnAuthorization,
)
from returns.money_choices import RefundKind, RefundReason
from returns.money_statuses import CAME_TO_NOTHING, RefundStatus
from returns.queries.deal import is_in_kind
from returns.queries.hands import hands_of
from returns.queries.owed import unpaid_sheets
from returns.services.money.requesting import Line, NewRefund, request_refund, submit_refund
from returns.statuses import InstructionStatus, ReturnStatus, SheetStatus
from staff.models import User
from staff.services import system_actor
from tickets.models import Ticket

REASONS = {
    Claim.CHANGED_MIND: RefundReason.NO_REASON,
    Claim.DOES_NOT_FIT: RefundReason.NO_REASON,
    Claim.DEFECT: RefundReason.QUALITY,
    Claim.NOT_AS_DESCRIBED: RefundReason.QUALITY,
    Claim.WRONG_ITEM: RefundReason.WRONG_ITEM,
    Claim.MISSING_PART: RefundReason.WRONG_ITEM,
    Claim.DAMAGED_ON_ARRIVAL: RefundReason.DAMAGED,
    Claim.NOT_RECEIVED: RefundReason.NOT_RECEIVED,
}


def ask_refund(share: ReimbursementShare, *, actor: User) -> int:
    """Ask for one tender's share and submit it for approval; returns the refund's key.

    The approval is bound to the sheet's digest, and whoever made its facts may not approve.
    """
    sheet, rma = share.reimbursement, share.rma
    wanted = NewRefund(
        amount=share.amount,
        currency=sheet.currency,
        reason=REASONS[Claim(rma.claim)],
        lines=_lines(share),
        basis=ref(sheet),
        basis_digest=sheet.digest,
        parcel=_parcel(rma),
        evidence=_evidence(rma),
        touched_by=tuple(hands_of(rma)),
    )
    return _submit(share.payment, wanted, actor=actor, ticket=sheet.ticket, note=str(rma))


def _submit(payment: Payment, wanted: NewRefund, *, actor: User, ticket: Ticket, note: str) -> int:
    refund = request_refund(payment.pk, wanted, actor=actor, note=note, ticket=ticket)
    submit_refund(refund.pk, actor=actor, note=note)
    return int(refund.pk)


def _lines(share: ReimbursementShare) -> tuple[Line, ...]:
    """The sheet's lines where one tender gets all of it, else its part as one line."""
    sheet = share.reimbursement
    rows = sheet.lines.exclude(kind=SheetLine.STATUTORY_DAMAGES).select_related("order_line")
    lines = tuple(
        Line(
            label=row.order_line.name if row.order_line else in_each_language(row.get_kind_display),
            amount=row.amount,
            order_line=row.order_line_id if row.kind == SheetLine.GOODS else None,
            quantity=row.quantity or None,
        )
        for row in rows
    )
    if sum((Decimal(line.amount) for line in lines), Decimal(0)) == share.amount:
        return lines
    label = in_each_language(lambda: _("Share of %(sheet)s") % {"sheet": sheet})
    return (Line(label=label, amount=share.amount),)


def _parcel(rma: ReturnAuthorization) -> str:
    parcel = rma.parcels.order_by("-pk").first()
    return parcel.tracking_number if parcel else ""


def _evidence(rma: ReturnAuthorization) -> tuple[int, ...]:
    """The photos of the inspections and the ground of a refund without return."""
    photos = rma.inspections.filter(photos__isnull=False).values_list("photos__attachment")
    ids = {attachment for (attachment,) in photos} | {rma.evidence_id}
    return tuple(sorted(pk for pk in ids if pk))


def ask_damages(reimbursement: Reimbursement, *, actor: User) -> int:
    """Statutory damages: a payment of its own with its own approval, never out of the purchase."""
    wanted = NewRefund(
        amount=reimbursement.damages,
        currency=reimbursement.currency,
        reason=RefundReason.LEGAL,
        kind=RefundKind.STATUTORY_DAMAGES,
        basis=ref(reimbursement),
        basis_digest=reimbursement.digest,
        touched_by=tuple(hands_of(reimbursement.rma)),
    )
    payment = _money_payment(reimbursement.ticket, reimbursement.currency)
    note = str(reimbursement.rma)
    return _submit(payment, wanted, actor=actor, ticket=reimbursement.ticket, note=note)


def ask_compensation(grant: CompensationGrant, *, actor: User) -> int:
    """A compensation in money goes the way the order was paid, out of the firm's own budget."""
    wanted = NewRefund(
        amount=grant.amount,
        currency=grant.currency,
        reason=RefundReason.GOODWILL,
        kind=RefundKind.COMPENSATION,
        basis=ref(grant),
    )
    payment = _money_payment(grant.ticket, grant.currency)
    return _submit(payment, wanted, actor=actor, ticket=grant.ticket, note=grant.note)


def _money_payment(ticket: Ticket, currency: str) -> Payment:
    """A payment of the case's order that can carry money back."""
    payments = ticket.order.payments.filter(currency=currency) if ticket.order else ()
    for payment in payments:
        if not is_in_kind(payment):
            return payment
    raise RuleViolated("no_payment", _("No payment in this currency is known."), field="payment")


def refunds_of(basis: Reimbursement | CompensationGrant) -> QuerySet[Refund]:
    pointer = ref(basis)
    return Refund.objects.filter(basis_type=pointer.type, basis_key=pointer.id)


def is_money_open(rma: ReturnAuthorization) -> bool:
    """Whether money of a live sheet is under way, or owed and not asked for."""
    sheets = rma.reimbursements.filter(status=SheetStatus.PERFORMED)
    ended = (RefundStatus.SUCCEEDED, *CAME_TO_NOTHING)
    return is_unpaid(rma) or any(
        refunds_of(sheet).exclude(status__in=ended).exists() for sheet in sheets
    )


def is_unpaid(rma: ReturnAuthorization) -> bool:
    """Whether nothing pays a part of its sheet any more."""
    return unpaid_sheets().filter(rma=rma).exists()


def has_live_refund(reimbursement: Reimbursement) -> bool:
    """Whether anything was paid or may still be paid on a sheet."""
    return refunds_of(reimbursement).exclude(status__in=CAME_TO_NOTHING).exists()


def has_live_payout(grant: CompensationGrant) -> bool:
    return refunds_of(grant).exclude(status__in=CAME_TO_NOTHING).exists()


def hear(event: AuditEvent, subject: Any, case: Any) -> None:
    """Money went out: tell the return it was for, and close it when nothing else is open.

    Runs in the transaction that settled the refund, which holds the case's lock.
    """
    if event.code != "returns.refund_succeeded" or subject.basis_type != "returns.reimbursement":
        return
    sheet = Reimbursement.objects.filter(pk=subject.basis_key).first()
    if sheet is None or sheet.status != SheetStatus.PERFORMED:
        return
    rma = ReturnAuthorization.objects.locked().get(pk=sheet.rma_id)
    if is_money_open(rma):
        return
    record("returns.paid", rma, actor=system_actor(), case=case)
    finish(rma, case)


def finish(rma: ReturnAuthorization, ticket: Ticket | None) -> None:
    """Close a settled return whose money arrived and whose orders to the shop are done."""
    orders = rma.instructions.exclude(
        status__in=[InstructionStatus.DONE, InstructionStatus.CANCELED]
    )
    if rma.status != ReturnStatus.SETTLED or orders.exists() or is_money_open(rma):
        return
    move(rma, ReturnStatus.CLOSED)
    rma.closed_at = record("returns.closed", rma, actor=system_actor(), case=ticket).occurred_at
    rma.save(update_fields=["status", "closed_at"])
