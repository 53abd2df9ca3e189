"""The sandbox really answers over HTTP; however it misbehaves, the books agree in the end (T4)."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection

from aftersales.checks import check_gateway, check_production
from aftersales.kernel.clock import now
from returns.gateways import gateway_of
from returns.gateways.sandbox.server import BEHAVIOURS, SandboxServer
from returns.gateways.sandbox.signing import BadSignature, headers_for, verify
from returns.jobs_money import resolve_refund, send_refund
from returns.models import ReconciliationItem, Refund
from returns.money_statuses import RefundStatus as S
from returns.services.money.reconciling import reconcile
from returns.services.money.sending import ESCALATE_AFTER
from returns.statement_file import read_statement
from returns.sweeps_money import escalate_stuck, resolve_sent
from staff.services import system_actor
from tests.factories.money import claim, counters, make_payment, make_refund_in

pytestmark = pytest.mark.django_db

# behaviour → status right after sending, and in the end
FATES = {
    "ok": (S.SUCCEEDED, S.SUCCEEDED),
    "lost_reply": (S.UNKNOWN, S.SUCCEEDED),
    "late_success": (S.UNKNOWN, S.SUCCEEDED),
    "error_then_ok": (S.UNKNOWN, S.SUCCEEDED),
    "error_after_effect": (S.UNKNOWN, S.SUCCEEDED),
    "endless_pending": (S.UNKNOWN, S.UNKNOWN),
    "abnormal": (S.UNKNOWN, S.FAILED),
    "refused": (S.FAILED, S.FAILED),
    "notify_first": (S.SUCCEEDED, S.SUCCEEDED),
    "notify_many": (S.SUCCEEDED, S.SUCCEEDED),
    "notify_wrong_amount": (S.UNKNOWN, S.SUCCEEDED),
    "notify_forged": (S.SUCCEEDED, S.SUCCEEDED),
    "wrong_amount": (S.UNKNOWN, S.SUCCEEDED),
    "wrong_currency": (S.UNKNOWN, S.SUCCEEDED),
    "bad_signature": (S.UNKNOWN, S.SUCCEEDED),
    "no_signature": (S.UNKNOWN, S.SUCCEEDED),
    "old_signature": (S.UNKNOWN, S.SUCCEEDED),
    "truncated": (S.UNKNOWN, S.SUCCEEDED),
    "slow_drip": (S.UNKNOWN, S.SUCCEEDED),
    "silent": (S.UNKNOWN, S.SUCCEEDED),
    "unknown_code": (S.UNKNOWN, S.SUCCEEDED),
    "other_number": (S.UNKNOWN, S.SUCCEEDED),
    "not_json": (S.UNKNOWN, S.SUCCEEDED),
}


def test_every_misbehaviour_has_a_fate() -> None:
    assert set(FATES) == set(BEHAVIOURS)
    assert len(FATES) > 20


def ask_until_final(refund: Refund) -> None:
    """As the sweep would over the next hours."""
    moment = now()
    for _turn in range(8):
        refund.refresh_from_db()
        if refund.next_look_at is None:
            return
        moment = max(moment, refund.next_look_at) + timedelta(seconds=1)
        with time_machine.travel(moment, tick=False):
            resolve_refund(refund.pk)


@pytest.mark.parametrize("behaviour", list(FATES))
def test_refund_ends_rightly_however_the_gateway_misbehaves(
    behaviour: str, sandbox: SandboxServer, nothing_broken: Callable[[], list[str]]
) -> None:
    payment = make_payment()
    refund = make_refund_in(S.APPROVED, payment)
    sandbox.ledger.plan(behaviour)
    first, last = FATES[behaviour]

    send_refund(refund.pk)

    refund.refresh_from_db()
    assert refund.status == first
    ask_until_final(refund)
    refund.refresh_from_db()
    assert refund.status == last
    paid = {entry.number: Decimal(entry.amount) for entry in sandbox.ledger.paid()}
    assert paid == ({refund.gateway_number: Decimal("100.00")} if last == S.SUCCEEDED else {})
    reserved = Decimal("100.00") if last == S.UNKNOWN else Decimal("0.00")
    assert counters(payment) == (reserved, sum(paid.values(), Decimal("0.00")))
    assert nothing_broken() == []


def test_endless_pending_becomes_somebodys_work(sandbox: SandboxServer) -> None:
    refund = make_refund_in(S.APPROVED)
    sandbox.ledger.plan("endless_pending")
    send_refund(refund.pk)
    assert escalate_stuck() == 0

    with time_machine.travel(now() + ESCALATE_AFTER, tick=False):
        assert escalate_stuck() == 1
        assert escalate_stuck() == 0

    item = ReconciliationItem.objects.get()
    assert (item.kind, item.refund, item.status) == ("unresolved", refund, "open")


def test_the_same_number_is_one_refund_however_often_it_is_sent(sandbox: SandboxServer) -> None:
    refund = make_refund_in(S.APPROVED)
    sandbox.ledger.plan("error_then_ok", "lost_reply")

    send_refund(refund.pk)
    ask_until_final(refund)

    assert sandbox.ledger.calls("send") == [refund.gateway_number] * 2
    assert len(sandbox.ledger.paid()) == 1


def test_a_worker_that_slept_too_long_does_not_send(sandbox: SandboxServer) -> None:
    refund = make_refund_in(S.APPROVED)
    instruction = claim(refund)
    late = type(instruction)(
        **{
            name: getattr(instruction, name)
            for name in instruction.__slots__
            if name not in ("begun",)
        },
        begun=time.monotonic() - 31,
    )

    answer = gateway_of("sandbox").send(late)

    assert answer.outcome == "unknown"
    assert sandbox.ledger.calls("send") == []


def test_sweep_asks_for_what_has_no_result(sandbox: SandboxServer, run_jobs: Any) -> None:
    refund = make_refund_in(S.APPROVED)
    sandbox.ledger.plan("lost_reply")
    send_refund(refund.pk)
    assert resolve_sent() == 0

    with time_machine.travel(now() + timedelta(minutes=2), tick=False):
        assert resolve_sent() == 1
        run_jobs()

    refund.refresh_from_db()
    assert refund.status == S.SUCCEEDED


def know_the_tables() -> None:
    """Nobody else sees rows of this transaction, so the planner may still take a table for empty
    that was emptied and vacuumed before: it then reads all of it for each of its rows."""
    names = ("returns_refund", "customers_payment", "customers_order", "customers_customer")
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(names)}")


def soak(sandbox: SandboxServer, runs: int, seed: int) -> None:
    """Refunds with misbehaviours drawn by a seed, then the bill: everything agrees."""
    dice = random.Random(seed)
    quick = sorted(set(BEHAVIOURS) - {"silent", "slow_drip"})
    refunds = []
    for number in range(runs):
        if number % 50 == 10:
            know_the_tables()
        refund = make_refund_in(S.APPROVED)
        sandbox.ledger.plan(dice.choice(quick))
        send_refund(refund.pk)
        ask_until_final(refund)
        refunds.append(refund)
    statement = read_statement(sandbox.ledger.statement().encode())

    report = reconcile(statement, actor=system_actor(), gateway="sandbox", file_name="bill.csv")

    paid = {entry.number for entry in sandbox.ledger.paid()}
    ours = Refund.objects.filter(status=S.SUCCEEDED).values_list("gateway_number", flat=True)
    assert set(ours) == paid, seed
    assert (report.agreed, dict(report.differences)) == (len(paid), {}), seed
    assert len(sandbox.ledger.calls("send")) >= runs


def test_books_balance_after_seeded_misbehaviour(
    sandbox: SandboxServer, nothing_broken: Callable[[], list[str]]
) -> None:
    soak(sandbox, 25, seed=7)

    assert nothing_broken() == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_books_balance_after_much_seeded_misbehaviour(
    seed: int, sandbox: SandboxServer, nothing_broken: Callable[[], list[str]]
) -> None:
    soak(sandbox, 500, seed)

    assert nothing_broken() == []


def test_signature_covers_id_time_and_body() -> None:
    body = json.dumps({"number": "R-1"}).encode()
    headers = headers_for("key", body, at=1000.0)

    assert verify("key", headers, body, moment=1299.0) == headers["webhook-id"]
    for changed in (
        ("key", headers | {"webhook-id": "x"}, body, 1000.0),
        ("key", headers | {"webhook-timestamp": "1001"}, body, 1000.0),
        ("key", headers, body + b" ", 1000.0),
        ("other", headers, body, 1000.0),
        ("key", headers, body, 1301.0),
        ("key", headers, body, 699.0),
        ("key", {}, body, 1000.0),
        ("key", headers | {"webhook-timestamp": "²"}, body, 1000.0),
    ):
        secret, told, content, moment = changed
        with pytest.raises(BadSignature):
            verify(secret, told, content, moment=moment)


def test_sandbox_is_refused_in_production_and_an_unknown_gateway_everywhere(settings: Any) -> None:
    assert "desk.E012" in {one.id for one in check_production()}
    settings.REFUND_GATEWAY = "alipaj"

    assert [one.id for one in check_gateway()] == ["desk.E007"]
    settings.REFUND_GATEWAY = "manual"
    assert check_gateway() == []
    assert "desk.E012" not in {one.id for one in check_production()}
