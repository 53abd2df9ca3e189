"""The desk against a single-threaded model of it (T1)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from returns.services.money import books
from staff.roles import Role
from staff.services import system_actor
from tests.factories.people import make_user
from tests.returns.money.money_machine import Desk

pytestmark = pytest.mark.django_db


def run_machine(examples: int, steps: int, *phases: Phase) -> None:
    system_actor()
    roles = [Role.AGENT, Role.LEAD, Role.FINANCE]
    Desk.people = [make_user(roles=roles) for _number in range(5)]
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=phases or tuple(Phase),
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_desk_and_model_agree() -> None:
    run_machine(40, 40)


def test_the_machine_notices_a_desk_that_forgets_to_release(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Control: a desk whose cancellation keeps the money is found at once."""
    monkeypatch.setattr(books, "release", lambda refund, *, actor: None)

    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run_machine(60, 40, Phase.generate)


@pytest.mark.long
def test_desk_and_model_agree_three_hundred_times() -> None:
    run_machine(300, 40)


@pytest.mark.long
def test_desk_and_model_agree_for_long() -> None:
    run_machine(5000, 50)
