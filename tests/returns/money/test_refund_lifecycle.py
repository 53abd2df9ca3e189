"""What the database and the books add to a refund's table (``tests/lifecycles/money.py``)."""

from __future__ import annotations

from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition
from aftersales.kernel.failures import SILENT
from compliance.models import AuditEvent
from returns.gateways import Answer
from returns.models import LedgerEntry, Refund
from returns.money_choices import Outcome
from returns.money_statuses import RefundStatus as S
from returns.services.money import requesting, sending
from staff.services import system_actor
from tests.factories.money import (
    answer,
    counters,
    make_payment,
    make_refund,
    make_refund_in,
    submit,
)
from tests.kept import failed, kept

pytestmark = pytest.mark.django_db


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
    assert refund.outcome_note == kept("支付渠道已拒绝。 / The gateway refused it.")
    assert AuditEvent.objects.get(code="returns.refund_failed").note == refund.outcome_note


def test_an_answer_is_recorded_once() -> None:
    refund = make_refund_in(S.SUCCEEDED)
    attempt = refund.attempts.get()

    with pytest.raises(InvalidTransition):
        sending.record_answer(refund.pk, attempt.pk, Answer(Outcome.FAILED), actor=system_actor())

    refund.refresh_from_db()
    assert refund.status == S.SUCCEEDED


def test_silence_of_the_gateway_is_told_in_words() -> None:
    refund = make_refund_in(S.SENDING, make_payment())
    attempt = refund.attempts.get()
    silence = Answer(Outcome.UNKNOWN, "TimeoutError: timed out", SILENT)

    sending.record_answer(refund.pk, attempt.pk, silence, actor=system_actor())

    event = AuditEvent.objects.get(code="returns.refund_unknown")
    assert event.note == kept(
        "对方未在规定时间内应答。款项保持预留，系统会自动再次查询支付渠道。"
        " / The other side did not answer in time."
        " The money stays reserved, and the gateway is asked again by itself."
    )
    attempt.refresh_from_db()
    said = failed(
        "对方未在规定时间内应答。 / The other side did not answer in time.",
        "TimeoutError: timed out",
    )
    assert (event.data["error"], attempt.detail) == (said, said)
