"""Every status of a refund against every verb, as the table says; a refusal leaves nothing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django_q.models import OrmQ

from aftersales.kernel.clock import now
from aftersales.kernel.errors import DomainError, InvalidTransition
from compliance.models import AuditEvent, JournalEntry
from returns.gateways import Answer
from returns.models import ApprovalRequest, LedgerEntry, Refund
from returns.money_choices import Outcome
from returns.money_statuses import RefundStatus as S
from returns.services.money import approving, by_hand, requesting, sending
from staff.roles import Role
from staff.services import system_actor
from tests.factories.money import (
    answer,
    counters,
    fresh,
    make_money_lead,
    make_payment,
    make_refund,
    make_refund_in,
    submit,
    wish,
)
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db

Verb = Callable[[Refund], Any]
BEFORE_SENT = {S.DRAFT, S.SUBMITTED, S.APPROVED}

# verb → (call, statuses from which it succeeds, status afterwards)
VERBS: dict[str, tuple[Verb, set[S], S]] = {
    "change": (
        lambda r: requesting.change_refund(r.pk, wish("90.00"), actor=r.requested_by),
        BEFORE_SENT,
        S.DRAFT,
    ),
    "submit": (
        lambda r: requesting.submit_refund(r.pk, actor=r.requested_by),
        {S.DRAFT},
        S.SUBMITTED,
    ),
    "approve": (
        lambda r: approving.approve_refund(r.pk, actor=make_money_lead(), voice=fresh()),
        {S.SUBMITTED},
        S.APPROVED,
    ),
    "decline": (
        lambda r: approving.decline_refund(r.pk, actor=make_money_lead(), note="no proof"),
        {S.SUBMITTED},
        S.DECLINED,
    ),
    "ask back": (
        lambda r: approving.ask_back(r.pk, actor=make_money_lead(), note="which batch?"),
        {S.SUBMITTED},
        S.DRAFT,
    ),
    "cancel": (
        lambda r: requesting.cancel_refund(r.pk, actor=r.requested_by, note="withdrawn"),
        BEFORE_SENT,
        S.CANCELED,
    ),
    "succeed": (lambda r: answer(r, Outcome.SUCCEEDED), {S.SENDING}, S.SUCCEEDED),
    "fail": (lambda r: answer(r, Outcome.FAILED), {S.SENDING}, S.FAILED),
    "lose": (lambda r: answer(r, Outcome.UNKNOWN), {S.SENDING}, S.UNKNOWN),
    "transfer": (
        lambda r: by_hand.enter_transfer(r.pk, actor=make_user(Role.FINANCE), reference="BANK-1"),
        set(),
        S.SENDING,
    ),
    "expire": (
        lambda r: approving.expire_approval(r.pk, actor=system_actor()),
        set(),
        S.DRAFT,
    ),
    "hint": (
        lambda r: sending.look_now(r.pk, actor=system_actor()),
        {S.SENDING, S.UNKNOWN},
        S.SENDING,
    ),
}


def snapshot(refund: Refund) -> dict[str, Any]:
    return {
        "row": Refund.objects.filter(pk=refund.pk).values().get(),
        "counters": counters(refund.payment),
        "requests": list(ApprovalRequest.objects.order_by("pk").values()),
        "entries": LedgerEntry.objects.count(),
        "events": AuditEvent.objects.count(),
        "queue": OrmQ.objects.count(),
        "journal": JournalEntry.objects.exclude(table_name="staff_user").count(),
    }


@pytest.mark.parametrize("status", list(S))
def test_refund_verbs_move_exactly_as_the_table_says(status: S) -> None:
    system_actor()
    refund = make_refund_in(status)
    before = snapshot(refund)

    for verb, (call, allowed, after) in VERBS.items():
        with transaction.atomic():
            if status in allowed:
                call(refund)
                refund.refresh_from_db()
                assert refund.status == (status if verb == "hint" else after), verb
            else:
                with pytest.raises((DomainError, refund.attempts.model.DoesNotExist)):
                    call(refund)
                assert snapshot(refund) == before, verb
            transaction.set_rollback(True)
        refund = Refund.objects.get(pk=refund.pk)


@pytest.mark.parametrize("status", list(S))
def test_database_refuses_every_move_off_the_lattice(status: S) -> None:
    refund = make_refund_in(status)

    for target in S:
        if target == status or status.can_become(target):
            continue
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE returns_refund SET status = %s, settled_at = now(), sent_at = now(), "
                "approved_at = now(), submitted_at = now() WHERE id = %s",
                [target, refund.pk],
            )
    refund.refresh_from_db()
    assert refund.status == status


@pytest.mark.parametrize("status", [one for one in S if one != S.DRAFT])
def test_database_keeps_the_amount_once_it_was_submitted(status: S) -> None:
    refund = make_refund_in(status)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE returns_refund SET amount = 1 WHERE id = %s", [refund.pk])

    refund.refresh_from_db()
    assert (refund.amount, refund.status) == (Decimal("100.00"), status)


def test_database_keeps_number_and_row() -> None:
    refund = make_refund()

    for sql in (
        "UPDATE returns_refund SET gateway_number = 'X' WHERE id = %s",
        "UPDATE returns_refund SET currency = 'EUR' WHERE id = %s",
        "DELETE FROM returns_refund WHERE id = %s",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [refund.pk])
    assert Refund.objects.filter(pk=refund.pk, currency="CNY").exists()


def test_reservation_follows_the_refund() -> None:
    payment = make_payment()
    refund = make_refund(payment)
    assert counters(payment) == (Decimal("0.00"), Decimal("0.00"))

    submit(refund)
    assert counters(payment) == (Decimal("100.00"), Decimal("0.00"))

    requesting.cancel_refund(refund.pk, actor=refund.requested_by, note="withdrawn")
    assert counters(payment) == (Decimal("0.00"), Decimal("0.00"))


def test_success_turns_the_reservation_into_money_paid() -> None:
    payment = make_payment()

    refund = make_refund_in(S.SUCCEEDED, payment)

    assert counters(payment) == (Decimal("0.00"), Decimal("100.00"))
    assert refund.reference == f"BANK-{refund.pk}"
    sums = {
        account: sum(LedgerEntry.objects.filter(account=account).values_list("amount", flat=True))
        for account in ("customer_liability", "reservation", "gateway_clearing")
    }
    assert sums == {
        "customer_liability": Decimal("-100.00"),
        "reservation": Decimal("0.00"),
        "gateway_clearing": Decimal("100.00"),
    }


def test_unknown_keeps_the_reservation_and_failed_frees_it() -> None:
    payment = make_payment()
    refund = make_refund_in(S.UNKNOWN, payment)
    assert counters(payment) == (Decimal("100.00"), Decimal("0.00"))

    with time_machine.travel(now() + sending.LONGEST_PAUSE, tick=False):
        sending.begin_query(refund.pk, actor=system_actor())
        answer(refund, Outcome.FAILED, detail="account closed")

    refund.refresh_from_db()
    assert (refund.status, refund.outcome_note) == (S.FAILED, "account closed")
    assert counters(payment) == (Decimal("0.00"), Decimal("0.00"))


def test_a_refusal_without_words_is_told_in_each_language() -> None:
    refund = make_refund_in(S.UNKNOWN, make_payment())

    with time_machine.travel(now() + sending.LONGEST_PAUSE, tick=False):
        sending.begin_query(refund.pk, actor=system_actor())
        answer(refund, Outcome.FAILED, detail="")

    refund.refresh_from_db()
    assert refund.outcome_note == "支付渠道拒绝了。 / The gateway refused it."
    assert AuditEvent.objects.get(code="returns.refund_failed").note == refund.outcome_note


def test_an_answer_is_recorded_once() -> None:
    refund = make_refund_in(S.SUCCEEDED)
    attempt = refund.attempts.get()

    with pytest.raises(InvalidTransition):
        sending.record_answer(refund.pk, attempt.pk, Answer(Outcome.FAILED), actor=system_actor())

    refund.refresh_from_db()
    assert refund.status == S.SUCCEEDED
