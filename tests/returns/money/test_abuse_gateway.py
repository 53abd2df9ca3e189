"""Abuse cases 14 to 20 of reference/reliability.md section 9: gateways, banks, shells."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client

from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated
from returns.gateways.sandbox.server import SandboxServer
from returns.gateways.sandbox.signing import headers_for
from returns.jobs_money import send_refund
from returns.models import GatewayNotice, ReconciliationItem
from returns.money_choices import Outcome
from returns.money_statuses import RefundStatus as S
from returns.services.money import by_hand, sending
from returns.services.money.by_hand import OutsideRefund
from returns.services.money.reconciling import reconcile
from returns.statement_file import read_statement
from staff.roles import Role
from staff.services import system_actor
from tests.factories.customers import make_order
from tests.factories.money import (
    answer,
    counters,
    make_payment,
    make_refund,
    make_refund_in,
    submit,
)
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
NOTIFY = "/api/v1/gateways/sandbox/notify/"
ZERO = Decimal("0.00")


def test_abuse_14_second_row_by_hand_after_a_lost_reply_finds_no_money() -> None:
    payment = make_payment("100.00")
    make_refund_in(S.UNKNOWN, payment)

    with pytest.raises(RuleViolated) as refusal:
        make_refund(payment)

    assert refusal.value.code == "more_than_paid"


def post_notice(body: dict[str, Any], secret: str, at: float | None = None) -> Any:
    told = json.dumps(body).encode()
    headers = headers_for(secret, told, at=at, message_id="msg_1")
    return Client().post(NOTIFY, data=told, content_type="application/json", headers=dict(headers))


def test_abuse_15_forged_and_old_notifications_are_refused(settings: Any) -> None:
    refund = make_refund_in(S.SENDING)
    body = {"number": refund.gateway_number, "code": "SUCCESS", "amount": "100.00"}
    secret = settings.SANDBOX_GATEWAY_SECRET

    forged = post_notice(body, "somebody else's")
    old = post_notice(body, secret, at=now().timestamp() - 301)

    assert (forged.status_code, old.status_code) == (401, 401)
    assert not GatewayNotice.objects.exists()


def test_abuse_15_replayed_notification_is_taken_once(
    settings: Any, sandbox: SandboxServer, run_jobs: Any
) -> None:
    refund = make_refund_in(S.APPROVED)
    sandbox.ledger.plan("lost_reply")
    send_refund(refund.pk)
    body = {"number": refund.gateway_number, "code": "SUCCESS", "amount": "100.00"}

    answers = [post_notice(body, settings.SANDBOX_GATEWAY_SECRET) for _again in range(3)]

    assert [one.status_code for one in answers] == [202, 200, 200]
    run_jobs()
    refund.refresh_from_db()
    assert refund.status == S.SUCCEEDED
    assert GatewayNotice.objects.count() == 1
    assert refund.attempts.filter(kind="query").count() == 1


def test_abuse_16_notification_with_another_amount_proves_nothing(
    settings: Any, sandbox: SandboxServer, run_jobs: Any
) -> None:
    refund = make_refund_in(S.APPROVED)
    sandbox.ledger.plan("endless_pending")
    send_refund(refund.pk)
    body = {"number": refund.gateway_number, "code": "SUCCESS", "amount": "0.01"}

    post_notice(body, settings.SANDBOX_GATEWAY_SECRET)
    run_jobs()

    refund.refresh_from_db()
    assert refund.status == S.UNKNOWN
    assert counters(refund.payment) == (Decimal("100.00"), ZERO)


def test_abuse_17_refund_in_the_gateways_console_is_found_and_booked(
    sandbox: SandboxServer,
) -> None:
    payment = make_payment()
    sandbox.ledger.add(
        "CONSOLE-1",
        payment=payment.external_id,
        amount="50.00",
        currency="CNY",
        code="SUCCESS",
        behaviour="console",
    )
    bill = read_statement(sandbox.ledger.statement().encode())
    make_user(Role.FINANCE)

    reconcile(bill, actor=system_actor(), gateway="sandbox", file_name="bill.csv")

    item = ReconciliationItem.objects.get()
    assert (item.kind, item.key, item.theirs) == ("foreign", "CONSOLE-1", "50.00 CNY")
    assert item.owner.roles == [Role.FINANCE]
    by_hand.record_outside_refund(
        payment.pk, outside("console", "50.00"), actor=make_user(Role.FINANCE), note="seen there"
    )
    assert counters(payment) == (ZERO, Decimal("50.00"))


def outside(origin: str, amount: str, currency: str = "CNY") -> OutsideRefund:
    return OutsideRefund(
        amount=amount, currency=currency, origin=origin, reference="CB-1", happened_at=now()
    )


def test_abuse_18_chargeback_leaves_nothing_for_a_refund() -> None:
    payment = make_payment("100.00")
    by_hand.record_outside_refund(
        payment.pk,
        outside("chargeback", "100.00"),
        actor=make_user(Role.FINANCE),
        note="bank's letter of today",
    )

    with pytest.raises(RuleViolated) as refusal:
        make_refund(payment)

    assert refusal.value.code == "more_than_paid"


def test_abuse_18_refund_leaves_nothing_for_a_chargeback() -> None:
    payment = make_payment("100.00")
    make_refund_in(S.SUCCEEDED, payment)

    with pytest.raises(RuleViolated):
        by_hand.record_outside_refund(
            payment.pk,
            outside("chargeback", "100.00"),
            actor=make_user(Role.FINANCE),
            note="bank's letter of today",
        )

    assert counters(payment) == (ZERO, Decimal("100.00"))


def test_abuse_19_an_article_gives_back_what_was_paid_for_it_once() -> None:
    from returns.services.money.requesting import Line  # noqa: PLC0415 -- only here

    order = make_order(address="Street A")
    payment, jacket = order.payments.get(), order.lines.get(position=1)
    line = Line(label="夹克", amount="299.00", order_line=jacket.pk, quantity=1)
    submit(make_refund(payment, amount="299.00", lines=(line,)))
    again = Line(label="夹克", amount="50.00", order_line=jacket.pk, quantity=1)
    second = make_refund(payment, amount="50.00", lines=(again,))

    with pytest.raises(RuleViolated) as refusal:
        submit(second)

    assert refusal.value.code == "line_overdrawn"
    two = Line(label="夹克", amount="50.00", order_line=jacket.pk, quantity=2)
    with pytest.raises(RuleViolated) as more:
        make_refund(payment, amount="50.00", lines=(two,))
    assert more.value.code == "more_than_bought"


def test_abuse_20_settled_amount_cannot_be_edited_by_shell_or_sql() -> None:
    refund = make_refund_in(S.SUCCEEDED)
    refund.amount = Decimal("1.00")

    with pytest.raises(IntegrityError), transaction.atomic():
        refund.save()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE returns_refund SET note = 'other'")
    with (
        pytest.raises(ProgrammingError, match="can be added but not changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE returns_ledgerentry SET amount = 1")

    refund.refresh_from_db()
    assert refund.amount == Decimal("100.00")


def test_late_contradiction_becomes_somebodys_work() -> None:
    refund = make_refund_in(S.UNKNOWN)
    with time_machine.travel(now() + timedelta(hours=2), tick=False):
        first = sending.begin_query(refund.pk, actor=system_actor())
        with time_machine.travel(now() + timedelta(minutes=5), tick=False):
            sending.begin_query(refund.pk, actor=system_actor())
            answer(refund, Outcome.FAILED)
    assert first is not None

    answer(refund, Outcome.SUCCEEDED)

    refund.refresh_from_db()
    assert refund.status == S.FAILED
    item = ReconciliationItem.objects.get()
    assert (item.kind, item.ours, item.theirs) == ("contradiction", "failed", "succeeded")
