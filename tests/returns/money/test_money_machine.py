"""The desk against a single-threaded model of it (T1)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from aftersales.kernel.clock import now
from returns.money_statuses import RefundStatus
from returns.queries.invariants import SQL
from returns.queries.money_checks import TITLES
from returns.queries.tiers import WINDOW
from returns.services.money import books
from tests.returns.money.money_machine import OPENING, WANTED, Desk

pytestmark = pytest.mark.django_db

# 4 × 75 × 40 on every change, 20 × 250 × 50 before a release; in parts for parallel workers.
PARTS, LONG_PARTS = 4, 20
SMALL, LARGEST = 1, len(WANTED) - 1


def run_machine(examples: int, steps: int, dice: int, *phases: Phase) -> None:
    Desk.prepare()
    run_state_machine_as_test(
        seed(dice)(Desk),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=phases or tuple(Phase),
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_machine_asks_for_every_invariant() -> None:
    in_python = {"I6", "I15"}
    of_the_schema = {"GUARDS"}

    assert set(SQL) | in_python | of_the_schema == set(TITLES)


@pytest.mark.parametrize("part", range(PARTS))
def test_desk_and_model_agree(part: int) -> None:
    run_machine(300 // PARTS, 40, part)

    assert Desk.reached >= {*RefundStatus} - {RefundStatus.SENDING}


def test_the_machine_notices_a_desk_that_forgets_to_release(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Control: a desk whose cancellation keeps the money is found at once."""
    monkeypatch.setattr(books, "release", lambda refund, *, actor: None)

    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run_machine(60, 40, 1, Phase.generate)


def test_both_forget_what_was_submitted_before_the_days_that_count() -> None:
    """A month on, the large refund raises no tier any more; runs of long waits come to that."""
    Desk.prepare()
    desk = Desk()
    desk.open()
    try:
        paid = [("submit", 0), ("approve", 3), ("approve", 4), ("send", 0)]
        for choice, acts in ((LARGEST, paid), (SMALL, paid[:2])):
            desk.request(0, choice)
            for verb, who in acts:
                desk.pick(0, verb)
                getattr(desk, verb)(who, 0)
                desk.both_agree()
            while now() < OPENING + WINDOW:
                desk.wait(0, 0)
    finally:
        desk.teardown()

    assert [model.status for model in desk.models] == [
        RefundStatus.SUCCEEDED,
        RefundStatus.APPROVED,
    ]


@pytest.mark.long
@pytest.mark.parametrize("part", range(LONG_PARTS))
def test_desk_and_model_agree_for_long(part: int) -> None:
    run_machine(5000 // LONG_PARTS, 50, 1000 + part)
