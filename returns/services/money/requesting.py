"""Asking for money: the wish, its correction, its submission, its end."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.money import figure, parse_amount, written
from aftersales.kernel.numbers import draw
from aftersales.kernel.refs import Ref, for_reader
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from customers.models import Order, OrderLine, Payment
from customers.queries import is_same_person
from returns.gateways.books_only import BooksOnly
from returns.models import ApprovalRequest, Refund, RefundEvidence, RefundLine
from returns.money_choices import RefundKind, RefundMeans, RefundReason, Risk, Touch
from returns.money_statuses import RESERVING, ApprovalStatus, RefundStatus
from returns.policies_money import can_edit, can_request
from returns.queries.digests import digest_of
from returns.queries.tiers import needed_tier, totals_of
from returns.services.money import books, guarding, overlaps
from returns.services.money.bounds import require_basis, require_money
from returns.services.money.consenting import (
    NO_CONSENT,
    Consent,
    consent_state,
    consent_told,
    require_consent,
    write_consent,
)
from returns.services.money.shared import back_to_draft, lock_refund, log, touch
from staff.models import User
from tickets.models import Attachment, Ticket

APPROVAL_LASTS = timedelta(hours=72)
MOST_LINES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A part of the amount; ``order_line`` is the key of the article it is for."""

    label: str
    amount: Decimal | str
    order_line: int | None = None
    quantity: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRefund:
    """What is asked for. ``basis`` points at what it rests on (a reimbursement, a verdict) and
    ``basis_digest`` binds the approval to how that stood; ``touched_by`` made that basis."""

    amount: Decimal | str
    currency: str
    reason: str
    kind: str = RefundKind.PURCHASE
    means: str = RefundMeans.ORIGINAL
    consent: Consent = NO_CONSENT
    lines: tuple[Line, ...] = ()
    evidence: tuple[int, ...] = ()
    basis: Ref | None = None
    basis_digest: str = ""
    parcel: str = ""
    touched_by: tuple[User, ...] = ()


@service
def request_refund(
    payment_id: int, wanted: NewRefund, *, actor: User, note: str = "", ticket: Ticket | None = None
) -> Refund:
    """Write a draft: nothing is reserved or promised yet. The number at the gateway is minted here.

    Raises ``RuleViolated`` for a bad amount, a foreign currency, another customer's order, lines
    that do not add up, more than the payment has left, points and coupons, the firm's own money
    without a decision to give it, or store credit without consent.
    """
    require(can_request(actor))
    if not Order.objects.visible_to(actor).filter(payments=payment_id).exists():
        raise Payment.DoesNotExist
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    if ticket is not None:
        ticket = Ticket.objects.visible_to(actor).get(pk=ticket.pk)
    number = draw("R")
    refund = Refund(
        number=number,
        gateway_number=f"{number}-{secrets.token_hex(6)}",
        payment=payment,
        ticket=ticket,
        currency=payment.currency,
        requested_by=actor,
        requested_at=now(),
        note=note.strip()[:500],
    )
    _fill(refund, wanted)
    refund.save(force_insert=True)
    _write_lines(refund, wanted.lines)
    _add_evidence(refund, wanted.evidence, actor)
    touch(refund, actor, Touch.CREATED)
    for person in wanted.touched_by:
        touch(refund, person, Touch.EVIDENCE)
    told = {"reason": refund.reason, **consent_told(refund)}
    log("returns.refund_requested", refund, actor=actor, note=note, **told)
    return refund


@service
def change_refund(refund_id: int, wanted: NewRefund, *, actor: User, note: str = "") -> Refund:
    """Correct a refund before it is sent; what was approved or submitted becomes a draft again.

    Whoever changes it may not approve it any more. What rests on a sheet or a grant stays bound to
    it; another amount or other lines are refused there.
    """
    refund = lock_refund(refund_id, actor)
    require(can_edit(actor, refund))
    before = _state(refund)
    _reopen(refund, actor)
    if refund.basis_type:
        wanted = _bound(refund, wanted)
    _fill(refund, wanted)
    refund.note = note.strip()[:500] or refund.note
    refund.save()
    for line in refund.lines.all():
        line.delete()
    _write_lines(refund, wanted.lines)
    for one in refund.evidence.exclude(attachment__in=wanted.evidence):
        one.delete()
    _add_evidence(refund, wanted.evidence, actor)
    after = _state(refund)
    changed = [what for what in after if after[what] != before[what]]
    touch(refund, actor, *changed)
    for person in wanted.touched_by:
        touch(refund, person, Touch.EVIDENCE)
    told = {"fields": [str(what) for what in changed], **consent_told(refund)}
    log("returns.refund_changed", refund, actor=actor, note=note, **told)
    return refund


def _reopen(refund: Refund, actor: User) -> None:
    """A change voids what was submitted or approved; raises once the money may be on its way."""
    if refund.status == RefundStatus.DRAFT:
        return
    if refund.status not in (RefundStatus.SUBMITTED, RefundStatus.APPROVED):
        raise InvalidTransition(
            _("%(refund)s is “%(status)s” and cannot be changed.")
            % {"refund": refund, "status": RefundStatus(refund.status).label}
        )
    back_to_draft(refund, ApprovalStatus.VOID, actor=actor)
    log("returns.approval_voided", refund, actor=actor, variant="changed")


def _bound(refund: Refund, wanted: NewRefund) -> NewRefund:
    """The correction with what the basis gave: itself, amount, lines, files. The sheet finds its
    money by it; raises ``RuleViolated`` for another amount or other lines."""
    names = ("label", "amount", "order_line", "quantity")
    rows = refund.lines.order_by("position").values_list(*names)
    kept = tuple(Line(**dict(zip(names, row, strict=True))) for row in rows)
    asked = tuple(
        replace(line, amount=parse_amount(line.amount, refund.currency, field="lines"))
        for line in wanted.lines
    )
    is_other_amount = parse_amount(wanted.amount, refund.currency) != refund.amount
    if is_other_amount or (asked and asked != kept):
        raise RuleViolated(
            "bound_to_basis",
            _("Amount and lines come from “%(basis)s” and stay as they are.")
            % {"basis": for_reader(refund.basis_label)},
            field="amount" if is_other_amount else "lines",
        )
    return replace(
        wanted,
        lines=kept,
        evidence=(*wanted.evidence, *refund.evidence.values_list("attachment_id", flat=True)),
        basis=Ref(refund.basis_type, refund.basis_key or 0, refund.basis_label),
        basis_digest=refund.basis_digest,
        parcel=wanted.parcel or refund.parcel,
    )


def _state(refund: Refund) -> dict[Touch, object]:
    """What a touch is about, for telling what somebody changed."""
    return {
        Touch.AMOUNT: (refund.amount, refund.kind),
        Touch.PAYEE: (refund.means, *consent_state(refund)),
        Touch.REASON: refund.reason,
        Touch.LINES: [
            (line.label, line.amount, line.order_line_id, line.quantity)
            for line in refund.lines.order_by("position")
        ],
        Touch.EVIDENCE: (
            sorted(refund.evidence.values_list("attachment_id", flat=True)),
            refund.basis_type,
            refund.basis_key,
            refund.basis_digest,
            refund.parcel,
        ),
    }


def _fill(refund: Refund, wanted: NewRefund) -> None:
    """Set what was asked for after checking it against the payment; saves nothing."""
    payment = refund.payment
    require_money(payment)
    if wanted.currency != payment.currency:
        raise RuleViolated(
            "foreign_currency",
            _("The payment was made in %(currency)s.") % {"currency": payment.currency},
            field="currency",
        )
    amount = parse_amount(wanted.amount, wanted.currency)
    if amount <= 0:
        raise RuleViolated("not_positive", _("The amount must be above zero."), field="amount")
    for name, known in (("reason", RefundReason), ("kind", RefundKind), ("means", RefundMeans)):
        if getattr(wanted, name) not in known.values:
            raise RuleViolated(f"unknown_{name}", _("Choose one of the list."), field=name)
    if refund.pk and refund.kind != wanted.kind:
        raise RuleViolated("kind_fixed", _("The kind of a refund cannot change."), field="kind")
    require_basis(refund, wanted.kind, wanted.basis, amount)
    if refund.ticket and not _is_buyer(refund.ticket, payment):
        raise RuleViolated(
            "foreign_order", _("This order belongs to another customer."), field="payment"
        )
    if wanted.kind == RefundKind.PURCHASE and amount > books.free_amount(payment):
        free = figure(max(books.free_amount(payment), Decimal(0)), payment.currency)
        raise RuleViolated(
            "more_than_paid",
            _("Only %(free)s %(currency)s of this payment can still go back.")
            % {"free": free, "currency": payment.currency},
            field="amount",
        )
    refund.amount, refund.kind, refund.means = amount, wanted.kind, wanted.means
    write_consent(refund, wanted.consent)
    is_credit = wanted.means == RefundMeans.STORE_CREDIT
    refund.gateway = BooksOnly.code if is_credit else settings.REFUND_GATEWAY
    refund.reason, refund.parcel = wanted.reason, wanted.parcel.strip()[:64]
    basis = wanted.basis
    refund.basis_type = basis.type if basis else ""
    refund.basis_key = basis.id if basis else None
    refund.basis_label = basis.label[:200] if basis else ""
    refund.basis_digest = wanted.basis_digest


def _is_buyer(ticket: Ticket, payment: Payment) -> bool:
    """Whether the customer of the case, under whatever record, bought what was paid."""
    customer = ticket.customer_id
    return customer is not None and is_same_person(payment.order.customer_id, customer)


def _write_lines(refund: Refund, lines: tuple[Line, ...]) -> None:
    """The parts of the amount; raises ``RuleViolated`` unless they belong here and add up."""
    if len(lines) > MOST_LINES:
        raise RuleViolated("too_many_lines", _("Too many lines."), field="lines")
    known = {line.pk: line for line in OrderLine.objects.filter(order=refund.payment.order_id)}
    total = Decimal(0)
    for position, given in enumerate(lines, start=1):
        amount = parse_amount(given.amount, refund.currency, field="lines")
        article = known.get(given.order_line) if given.order_line else None
        if given.order_line and article is None:
            raise RuleViolated(
                "foreign_line", _("This article belongs to another order."), field="lines"
            )
        if article and not 0 < (given.quantity or 1) <= article.quantity:
            raise RuleViolated(
                "more_than_bought", _("More pieces than were bought."), field="lines"
            )
        total += amount
        RefundLine(
            refund=refund,
            position=position,
            label=given.label.strip()[:200],
            order_line=article,
            quantity=given.quantity,
            amount=amount,
        ).save(force_insert=True)
    if lines and total != refund.amount:
        raise RuleViolated(
            "lines_do_not_add_up",
            _("The lines add up to %(total)s, not to %(amount)s.")
            % {
                "total": written(total, refund.currency),
                "amount": written(refund.amount, refund.currency),
            },
            field="lines",
        )


def _add_evidence(refund: Refund, attachment_ids: Iterable[int], actor: User) -> None:
    """Attach files of the case; whoever brought a file in had a hand in the evidence."""
    wanted = set(attachment_ids) - set(refund.evidence.values_list("attachment_id", flat=True))
    found = Attachment.objects.filter(pk__in=wanted, ticket=refund.ticket_id).order_by("pk")
    if len(found) != len(wanted):
        raise RuleViolated(
            "foreign_file", _("This file belongs to another case."), field="evidence"
        )
    for file in found:
        RefundEvidence(refund=refund, attachment=file, added_by=actor, added_at=now()).save(
            force_insert=True
        )
        touch(refund, file.added_by, Touch.EVIDENCE)


@service
def submit_refund(refund_id: int, *, actor: User, note: str = "") -> Refund:
    """Reserve the amount on the payment and ask for approval.

    Raises ``RuleViolated`` when payment or article has not that much left. What looks odd is held,
    with an explanation, not refused.
    """
    refund = lock_refund(refund_id, actor)
    require(can_edit(actor, refund))
    require_money(refund.payment)
    require_consent(refund)
    move(refund, RefundStatus.SUBMITTED)
    overlaps.require_left(refund)
    books.reserve(refund, actor=actor)
    refund.submitted_at = now()
    reasons = guarding.look(refund)
    refund.risk = Risk.RAISED if reasons else Risk.NORMAL
    refund.save(update_fields=["status", "submitted_at", "risk"])
    guarding.hold(refund, reasons, actor=actor)
    request = _ask_for_approval(refund, actor)
    log("returns.refund_submitted", refund, actor=actor, note=note, level=request.level)
    return refund


def _ask_for_approval(refund: Refund, actor: User) -> ApprovalRequest:
    totals = totals_of(refund)
    tier = needed_tier(refund, totals)
    request = ApprovalRequest(
        refund=refund,
        digest=digest_of(refund),
        tier=tier,
        level=tier.level,
        role=tier.role,
        needed_count=tier.approver_count,
        asks_password=tier.asks_password,
        totals=totals.as_json(),
        requested_by=actor,
        requested_at=now(),
        expires_at=now() + APPROVAL_LASTS,
    )
    request.save(force_insert=True)
    return request


@service
def cancel_refund(refund_id: int, *, actor: User, note: str) -> Refund:
    """Give a wish up before it is sent; the reservation is free again."""
    refund = lock_refund(refund_id, actor)
    require(can_edit(actor, refund))
    if not note.strip():
        raise RuleViolated("reason_missing", _("Say why."), field="note")
    if refund.status in RESERVING and refund.status not in (
        RefundStatus.SENDING,
        RefundStatus.UNKNOWN,
    ):
        back_to_draft(refund, ApprovalStatus.VOID, actor=actor)
    move(refund, RefundStatus.CANCELED)
    refund.outcome_note = note.strip()[:500]
    refund.save(update_fields=["status", "outcome_note"])
    log("returns.refund_canceled", refund, actor=actor, note=note)
    return refund
