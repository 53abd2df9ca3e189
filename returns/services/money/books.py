"""Booking: the counters of a payment and the entries behind them, in one place.

The counters with their CHECK keep the limit, the entries say why; a deferred trigger compares both
at the end of the transaction. Callers hold the payment's lock.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.money import figure
from aftersales.kernel.reading import by_key
from customers.models import Payment
from returns.models import LedgerEntry, Refund, StoreCredit
from returns.money_choices import Account, RefundKind, RefundMeans, Step
from staff.models import User

# The pocket each kind of refund is paid from.
SOURCES = {
    RefundKind.PURCHASE: Account.CUSTOMER_LIABILITY,
    RefundKind.COMPENSATION: Account.COMPENSATION,
    RefundKind.STATUTORY_DAMAGES: Account.STATUTORY_DAMAGES,
}


def lock_payment(payment_id: int) -> Payment:
    """The payment, locked: whatever is promised or paid from it waits its turn."""
    return by_key(Payment, payment_id, is_locked=True)


def free_amount(payment: Payment) -> Decimal:
    """What can still go back."""
    return payment.captured - payment.reserved - payment.refunded


def reserve(refund: Refund, *, actor: User) -> None:
    """Set the amount aside; raises ``RuleViolated`` when the payment has not that much left."""
    if refund.uses_payment:
        payment = refund.payment
        if refund.amount > free_amount(payment):
            free = figure(max(free_amount(payment), Decimal(0)), payment.currency)
            raise RuleViolated(
                "more_than_paid",
                _("Only %(free)s %(currency)s of this payment can still go back.")
                % {"free": free, "currency": payment.currency},
                field="amount",
            )
        payment.reserved += refund.amount
        payment.save(update_fields=["reserved"])
    _book(refund, Step.RESERVE, ((_source(refund), -1), (Account.RESERVATION, 1)), actor=actor)


def release(refund: Refund, *, actor: User) -> None:
    """Give a reservation back."""
    if refund.uses_payment:
        payment = refund.payment
        payment.reserved -= refund.amount
        payment.save(update_fields=["reserved"])
    _book(refund, Step.RELEASE, ((Account.RESERVATION, -1), (_source(refund), 1)), actor=actor)


def settle(refund: Refund, *, actor: User) -> None:
    """Turn the reservation into money paid; a second time fails on a unique key."""
    if refund.uses_payment:
        payment = refund.payment
        payment.reserved -= refund.amount
        payment.refunded += refund.amount
        payment.save(update_fields=["reserved", "refunded"])
    if refund.means == RefundMeans.STORE_CREDIT:
        _credit(refund, actor=actor)
        return
    sides = ((Account.RESERVATION, -1), (Account.GATEWAY_CLEARING, 1))
    _book(refund, Step.SETTLE, sides, actor=actor)


def settle_unreserved(refund: Refund, *, actor: User) -> None:
    """Book money that left without us (console, chargeback); the CHECK still keeps the limit."""
    payment = refund.payment
    payment.refunded += refund.amount
    payment.save(update_fields=["refunded"])
    sides = ((Account.CUSTOMER_LIABILITY, -1), (Account.GATEWAY_CLEARING, 1))
    _book(refund, Step.SETTLE, sides, actor=actor)


def clear(refund: Refund, reference: str, *, actor: User) -> bool:
    """The statement shows the money gone; returns False when that was booked before."""
    if refund.entries.filter(step=Step.CLEAR).exists():
        return False
    sides = ((Account.GATEWAY_CLEARING, -1), (Account.CASH, 1))
    _book(refund, Step.CLEAR, sides, actor=actor, reference=reference)
    return True


def redeem(credit: StoreCredit, amount: Decimal, reference: str, *, actor: User) -> None:
    """Use store credit; the caller holds the account's lock and has checked the balance."""
    credit.balance -= amount
    credit.save(update_fields=["balance"])
    set_id, moment = uuid.uuid4(), now()
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            set_id=set_id,
            step=Step.REDEEM,
            store_credit=credit,
            account=account,
            amount=amount * sign,
            currency=credit.currency,
            reference=reference,
            actor_id=actor.pk,
            actor_name=actor.audit_name,
            booked_at=moment,
        )
        for account, sign in ((Account.STORE_CREDIT, -1), (Account.REDEEMED, 1))
    )


def _credit(refund: Refund, *, actor: User) -> None:
    """Put the amount on the customer's store credit, opening the account on first use."""
    customer = refund.payment.order.customer
    account = StoreCredit.objects.locked().filter(customer=customer, currency=refund.currency)
    credit = account.first()
    if credit is None:
        StoreCredit.objects.get_or_create(customer=customer, currency=refund.currency)
        credit = account.get()
    credit.balance += refund.amount
    credit.save(update_fields=["balance"])
    sides = ((Account.RESERVATION, -1), (Account.STORE_CREDIT, 1))
    _book(refund, Step.SETTLE, sides, actor=actor, credit=credit)


def _source(refund: Refund) -> Account:
    return SOURCES[RefundKind(refund.kind)]


def _book(
    refund: Refund,
    step: Step,
    sides: Iterable[tuple[Account, int]],
    *,
    actor: User,
    reference: str = "",
    credit: StoreCredit | None = None,
) -> None:
    """Write the entries of one set; only purchases count against the payment."""
    set_id, moment = uuid.uuid4(), now()
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            set_id=set_id,
            step=step,
            refund=refund,
            payment=refund.payment if refund.uses_payment else None,
            store_credit=credit if account == Account.STORE_CREDIT else None,
            account=account,
            amount=refund.amount * sign,
            currency=refund.currency,
            reference=reference,
            actor_id=actor.pk,
            actor_name=actor.audit_name,
            booked_at=moment,
        )
        for account, sign in sides
    )
