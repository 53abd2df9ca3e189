"""Payments and refunds, made by the services that make them."""

from __future__ import annotations

from decimal import Decimal
from importlib import import_module
from itertools import count
from typing import Any

from aftersales.kernel.clock import now
from customers.models import Payment
from returns.gateways import Answer
from returns.models import ApprovalTier, Refund
from returns.money_choices import Outcome
from returns.money_statuses import RefundStatus
from returns.services.money import approving, by_hand, requesting, sending
from returns.services.money.approving import Voice
from returns.services.money.consenting import Consent
from returns.services.money.requesting import Line, NewRefund
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.customers import line_payload, make_order
from tests.factories.people import make_user

_serial = count(1)


def ensure_tiers() -> None:
    """The tiers every desk starts with, also after a test that emptied the database.

    Saved one by one, so that each has its version in history and its signature in the journal.
    """
    if not ApprovalTier.objects.exists():
        for values in import_module("returns.migrations.0004_money_books").rows():
            ApprovalTier(**values).save()


def make_payment(captured: str = "399.00", currency: str = "CNY", **order: Any) -> Payment:
    """One payment that was captured for an order of a new customer."""
    ensure_tiers()
    paid = {
        "external_id": "P1",
        "method": "alipay",
        "captured": captured,
        "paid_at": "2026-03-01T10:01:00+08:00",
    }
    values = {"address": f"Street {next(_serial)}"} | order
    payment: Payment = make_order(payments=[paid], currency=currency, **values).payments.get()
    return payment


# The only article of a dear order.
DEAR = line_payload("DEAR", "Armchair", 1, "9000.00", "9000.00")
# As somebody of the desk writes it down.
BY_PHONE = Consent(words="By phone, 14:20: wants store credit")


def wish(amount: str = "100.00", **values: Any) -> NewRefund:
    """What is asked for; store credit as the customer wanted it on the phone."""
    if values.get("means") == "store_credit":
        values = {"consent": BY_PHONE} | values
    return NewRefund(**({"amount": amount, "currency": "CNY", "reason": "quality"} | values))


def make_refund(
    payment: Payment | None = None,
    actor: User | None = None,
    amount: str = "100.00",
    *,
    ticket: Any = None,
    **values: Any,
) -> Refund:
    """A draft."""
    ensure_tiers()
    return requesting.request_refund(
        (payment or make_payment()).pk,
        wish(amount, **values),
        actor=actor or make_user(),
        ticket=ticket,
    )


def part_of_all(payment: Payment, amount: str) -> tuple[Line, ...]:
    """For a part of the order's first article: refunds that can be compared need no second look."""
    article = payment.order.lines.earliest("position")
    return (Line(label="part", amount=amount, order_line=article.pk),)


def submit(refund: Refund) -> Refund:
    return requesting.submit_refund(refund.pk, actor=refund.requested_by)


def fresh() -> Voice:
    """Somebody who has just entered the password."""
    return Voice(reauthenticated_at=now())


def approve(refund: Refund, lead: User | None = None) -> None:
    """As many leads approve as the tier needs."""
    request = refund.approval_requests.get(status="open")
    for number in range(request.needed_count):
        person = lead if lead and number == 0 else make_money_lead()
        approving.approve_refund(refund.pk, actor=person, voice=fresh())


def make_money_lead(**values: Any) -> User:
    """A lead who sees the money of every case, as finance does."""
    return make_user(Role.LEAD, roles=[Role.LEAD, Role.FINANCE], **values)


def claim(refund: Refund) -> Any:
    return sending.claim_refund(refund.pk, actor=system_actor())


def answer(refund: Refund, outcome: Outcome, **values: Any) -> Any:
    """The gateway's answer to the last open attempt."""
    attempt = refund.attempts.filter(finished_at=None).latest("id")
    told = Answer(outcome, reference=f"BANK-{refund.pk}", **values)
    return sending.record_answer(refund.pk, attempt.pk, told, actor=system_actor())


def make_refund_in(status: str, payment: Payment | None = None, **values: Any) -> Refund:
    """A refund through the sandbox brought to a status by its own verbs."""
    refund = make_refund(payment, **values)
    if status == RefundStatus.CANCELED:
        requesting.cancel_refund(refund.pk, actor=refund.requested_by, note="not needed")
    elif status != RefundStatus.DRAFT:
        submit(refund)
        _bring(refund, RefundStatus(status))
    refund.refresh_from_db()
    return refund


def _bring(refund: Refund, status: RefundStatus) -> None:
    if status == RefundStatus.SUBMITTED:
        return
    if status == RefundStatus.DECLINED:
        approving.decline_refund(refund.pk, actor=make_money_lead(), note="not justified")
        return
    approve(refund)
    if status == RefundStatus.APPROVED:
        return
    claim(refund)
    outcomes = {
        RefundStatus.UNKNOWN: Outcome.UNKNOWN,
        RefundStatus.SUCCEEDED: Outcome.SUCCEEDED,
        RefundStatus.FAILED: Outcome.FAILED,
    }
    if status in outcomes:
        answer(refund, outcomes[status])


def pay_by_hand(refund: Refund, reference: str = "BANK-0001") -> Refund:
    """Two people of finance transfer it."""
    by_hand.enter_transfer(refund.pk, actor=make_user(Role.FINANCE), reference=reference)
    return by_hand.confirm_manual_refund(
        refund.pk, actor=make_user(Role.FINANCE), reference=reference
    )


def counters(payment: Payment) -> tuple[Decimal, Decimal]:
    """(reserved, refunded) as stored."""
    payment.refresh_from_db()
    return payment.reserved, payment.refunded
