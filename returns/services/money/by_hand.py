"""Transfers made by people, money that left without us, and store credit that is used."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, NotPermitted, RuleViolated, require
from aftersales.kernel.money import parse_amount
from aftersales.kernel.numbers import draw
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.services import record
from customers.models import Customer, Payment
from returns.gateways import gateway_of
from returns.models import LedgerEntry, Refund, StoreCredit
from returns.money_choices import (
    Account,
    RefundKind,
    RefundMeans,
    RefundOrigin,
    RefundReason,
    Step,
)
from returns.money_statuses import RefundStatus
from returns.policies_money import can_pay, can_redeem
from returns.services.money import books
from returns.services.money.shared import lock_refund, log
from staff.models import User


def _lock_manual(refund_id: int, actor: User) -> Refund:
    refund = lock_refund(refund_id, actor)
    require(can_pay(actor))
    if not gateway_of(refund.gateway).is_manual:
        raise RuleViolated("not_manual", _("This refund is sent by a gateway."))
    if refund.status != RefundStatus.SENDING:
        raise InvalidTransition(
            _("%(refund)s is “%(status)s”: there is nothing to transfer.")
            % {"refund": refund, "status": RefundStatus(refund.status).label}
        )
    return refund


@service
def enter_transfer(refund_id: int, *, actor: User, reference: str, note: str = "") -> Refund:
    """State the bank's reference of a transfer just made; a second person has to confirm it."""
    refund = _lock_manual(refund_id, actor)
    reference = reference.strip()[:100]
    if len(reference) < 4:
        raise RuleViolated("reference_missing", _("Enter the bank's reference."), field="reference")
    if refund.requested_by_id == actor.pk:
        raise NotPermitted(_("You requested this refund; somebody else must pay it."))
    if Refund.objects.filter(reference=reference).exclude(pk=refund.pk).exists():
        raise RuleViolated(
            "reference_used", _("This reference belongs to another refund."), field="reference"
        )
    refund.reference, refund.paid_by = reference, actor
    refund.save(update_fields=["reference", "paid_by"])
    log("returns.transfer_entered", refund, actor=actor, note=note)
    return refund


@service
def confirm_manual_refund(refund_id: int, *, actor: User, reference: str, note: str = "") -> Refund:
    """Confirm, by typing the reference from the bank's paper, that the transfer was made.

    Raises ``NotPermitted`` for whoever entered or requested it, ``RuleViolated`` for another
    reference than was entered.
    """
    refund = _lock_manual(refund_id, actor)
    if refund.paid_by_id is None:
        raise InvalidTransition(_("No transfer was entered yet."))
    if actor.pk in (refund.paid_by_id, refund.requested_by_id):
        raise NotPermitted(_("Somebody else must confirm this transfer."))
    if reference.strip() != refund.reference:
        raise RuleViolated(
            "reference_differs", _("This is not the reference that was entered."), field="reference"
        )
    refund.confirmed_by = actor
    move(refund, RefundStatus.SUCCEEDED)
    refund.settled_at = now()
    books.settle(refund, actor=actor)
    refund.save(update_fields=["status", "settled_at", "confirmed_by"])
    log("returns.refund_succeeded", refund, actor=actor, note=note)
    return refund


@service
def reject_transfer(refund_id: int, *, actor: User, note: str) -> Refund:
    """State that the bank did not take the transfer; the reservation is free again.

    Raises ``NotPermitted`` for whoever entered it: a transfer is undone by somebody else, too.
    """
    refund = _lock_manual(refund_id, actor)
    if len(note.strip()) < 4:
        raise RuleViolated("reason_missing", _("Say why."), field="note")
    if actor.pk in (refund.paid_by_id, refund.requested_by_id):
        raise NotPermitted(_("Somebody else must confirm this transfer."))
    move(refund, RefundStatus.FAILED)
    refund.settled_at, refund.outcome_note = now(), note.strip()[:500]
    books.release(refund, actor=actor)
    refund.save(update_fields=["status", "settled_at", "outcome_note"])
    log("returns.refund_failed", refund, actor=actor, note=note)
    return refund


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideRefund:
    """Money that left past this desk, as statement or bank told it."""

    amount: Decimal | str
    currency: str
    origin: str
    reference: str
    happened_at: datetime


@service
def record_outside_refund(
    payment_id: int, outside: OutsideRefund, *, actor: User, note: str
) -> Refund:
    """Book a refund made in the gateway's console, or a chargeback, against the payment.

    What went back this way cannot go back again. Raises ``RuleViolated`` when the payment has not
    that much left: then money was lost and stays an open difference.
    """
    require(can_pay(actor))
    if outside.origin not in (RefundOrigin.CONSOLE, RefundOrigin.CHARGEBACK):
        raise RuleViolated("unknown_origin", _("Choose one of the list."), field="origin")
    if len(note.strip()) < 4:
        raise RuleViolated("reason_missing", _("Say why."), field="note")
    payment = books.lock_payment(payment_id)
    if outside.currency != payment.currency:
        raise RuleViolated(
            "foreign_currency",
            _("The payment was made in %(currency)s.") % {"currency": payment.currency},
            field="currency",
        )
    amount = parse_amount(outside.amount, payment.currency)
    if amount <= 0:
        raise RuleViolated("not_positive", _("The amount must be above zero."), field="amount")
    if amount > books.free_amount(payment):
        raise RuleViolated("more_than_paid", _("More than this payment has left."), field="amount")
    if Refund.objects.filter(reference=outside.reference.strip()[:100]).exists():
        raise RuleViolated(
            "reference_used", _("This reference belongs to another refund."), field="reference"
        )
    refund = _outside_row(payment, amount, outside, actor)
    refund.note = note.strip()[:500]
    refund.save(force_insert=True)
    books.settle_unreserved(refund, actor=actor)
    log("returns.outside_refund", refund, actor=actor, note=note, variant=outside.origin)
    return refund


def _outside_row(payment: Payment, amount: Decimal, outside: OutsideRefund, actor: User) -> Refund:
    """The unsaved refund that tells what already happened."""
    number, moment = draw("R"), outside.happened_at
    return Refund(
        number=number,
        gateway_number=f"{number}-{secrets.token_hex(6)}",
        kind=RefundKind.PURCHASE,
        means=RefundMeans.ORIGINAL,
        origin=outside.origin,
        gateway="outside",
        payment=payment,
        amount=amount,
        currency=payment.currency,
        reason=RefundReason.OTHER,
        status=RefundStatus.SUCCEEDED,
        requested_by=actor,
        requested_at=now(),
        submitted_at=moment,
        sent_at=moment,
        settled_at=moment,
        reference=outside.reference.strip()[:100],
    )


@service
def redeem_store_credit(
    customer_id: int, *, actor: User, amount: Decimal | str, currency: str, reference: str
) -> LedgerEntry:
    """Use store credit for an order of the shop; the same order number again changes nothing.

    Raises ``RuleViolated`` when the balance does not reach.
    """
    require(can_redeem(actor))
    if not Customer.objects.visible_to(actor).filter(pk=customer_id).exists():
        raise Customer.DoesNotExist
    value = parse_amount(amount, currency)
    if value <= 0:
        raise RuleViolated("not_positive", _("The amount must be above zero."), field="amount")
    credit = StoreCredit.objects.locked().filter(customer=customer_id, currency=currency).first()
    if credit is None or credit.balance < value:
        raise RuleViolated("not_enough", _("The store credit does not reach."), field="amount")
    used = LedgerEntry.objects.filter(
        step=Step.REDEEM, account=Account.REDEEMED, reference=reference.strip()[:100]
    )
    if used.exists():
        raise RuleViolated(
            "reference_used", _("This order was paid with store credit before."), field="reference"
        )
    books.redeem(credit, value, reference.strip()[:100], actor=actor)
    record("returns.credit_redeemed", credit, actor=actor, data={"amount": str(value)})
    return used.get()
