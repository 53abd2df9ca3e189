"""The worker dies by ``kill -9`` at each step of sending: nothing is lost, nothing is paid twice.

A forked process with a connection of its own runs the real job against the real sandbox and kills
itself at the named step; the sweeps of the next hours then finish the work.
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.db import connection

from aftersales.kernel.clock import now
from returns import jobs_money
from returns.gateways.sandbox.server import SandboxServer
from returns.money_statuses import RefundStatus as S
from returns.services.money import sending
from returns.sweeps_money import resolve_sent, send_approved
from tests.factories.money import counters, make_payment, make_refund_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

POINTS = ("before claim", "after claim", "after call", "before record", "after record")
DAYS = ("ok", "lost_reply", "late_success", "error_then_ok", "error_after_effect")


def die(*_args: Any, **_kwargs: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def then_die(function: Callable[..., Any]) -> Callable[..., Any]:
    """Do it, let it be committed, and die."""

    def run(*args: Any, **kwargs: Any) -> None:
        function(*args, **kwargs)
        die()

    return run


def killers() -> dict[str, Any]:
    """Where the process dies, by the name of the step."""
    return {
        "before claim": mock.patch.object(sending, "claim_refund", die),
        "after claim": mock.patch.object(sending, "claim_refund", then_die(sending.claim_refund)),
        "after call": mock.patch.object(jobs_money, "call", then_die(jobs_money.call)),
        "before record": mock.patch.object(sending, "record_answer", die),
        "after record": mock.patch.object(
            sending, "record_answer", then_die(sending.record_answer)
        ),
    }


def kill_at(point: str, refund_id: int) -> None:
    """Run the job in a process that does not survive it."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            with killers()[point]:
                jobs_money.send_refund(refund_id)
        finally:
            os._exit(3)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL


def hours_later(run_jobs: Callable[[], list[str]]) -> None:
    """The sweeps and alarms of the next hours."""
    moment = now()
    for _turn in range(12):
        moment += timedelta(minutes=20)
        with time_machine.travel(moment, tick=False):
            send_approved()
            resolve_sent()
            run_jobs()


def kill_and_recover(
    point: str, seed: int, sandbox: SandboxServer, run_jobs: Callable[[], list[str]]
) -> None:
    day = random.Random(seed).choice(DAYS)
    payment = make_payment()
    refund = make_refund_in(S.APPROVED, payment)
    sandbox.ledger.plan(day)

    kill_at(point, refund.pk)
    refund.refresh_from_db()
    sent = sandbox.ledger.calls("send").count(refund.gateway_number)
    assert sent == (0 if point in ("before claim", "after claim") else 1)
    hours_later(run_jobs)

    refund.refresh_from_db()
    assert refund.status == S.SUCCEEDED, (point, seed, day)
    paid = [one.number for one in sandbox.ledger.paid()]
    assert paid.count(refund.gateway_number) == 1, (point, seed, day)
    assert counters(payment) == (Decimal("0.00"), Decimal("100.00"))


@pytest.mark.parametrize("point", POINTS)
def test_refund_of_a_killed_worker_is_paid_once(
    point: str,
    sandbox: SandboxServer,
    run_jobs: Callable[[], list[str]],
    nothing_broken: Callable[[], list[str]],
) -> None:
    for seed in range(2):
        kill_and_recover(point, seed, sandbox, run_jobs)

    assert nothing_broken() == []


@pytest.mark.long
@pytest.mark.parametrize("point", POINTS)
def test_refund_of_a_killed_worker_is_paid_once_with_twenty_seeds(
    point: str,
    sandbox: SandboxServer,
    run_jobs: Callable[[], list[str]],
    nothing_broken: Callable[[], list[str]],
) -> None:
    for seed in range(100, 120):
        kill_and_recover(point, seed, sandbox, run_jobs)

    assert nothing_broken() == []
