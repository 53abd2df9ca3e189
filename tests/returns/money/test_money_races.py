"""Nobody gets money twice, however many act at once (T2), and the test would notice if they did."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from tests.returns.money.race_world import (
    SABOTAGE,
    World,
    all_invariants,
    gateway_installed,
    interleave,
    make_world,
    sabotaged,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

LIMIT = "CHECK (captured >= reserved + refunded AND reserved >= 0 AND refunded >= 0)"


@pytest.fixture
def world() -> Iterator[World]:
    made = make_world()
    with gateway_installed(made.gateway):
        yield made
    made.crowd.leave()


@pytest.fixture
def limit_restored() -> Iterator[None]:
    """The constraint comes back after the variant that takes it away."""
    yield
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_constraint WHERE conname = 'payment_never_overdrawn'"
        )
        if cursor.fetchone() == (0,):
            cursor.execute(
                "TRUNCATE customers_payment CASCADE; ALTER TABLE customers_payment "
                f"ADD CONSTRAINT payment_never_overdrawn {LIMIT}"
            )


@pytest.mark.parametrize("part", range(2))
def test_interleavings_pay_nothing_twice(world: World, part: int) -> None:
    ran, wrong = interleave(world, 250, first_seed=1 + part * 250)

    assert (ran, wrong) == (250, [])
    assert all_invariants() == []
    assert len(world.gateway.paid) > 10


@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
def test_many_interleavings_pay_nothing_twice(world: World, part: int) -> None:
    ran, wrong = interleave(world, 1000, first_seed=1_000_000 + part * 1000)

    assert (ran, wrong) == (1000, [])
    assert all_invariants() == []


@pytest.mark.parametrize("variant", list(SABOTAGE))
def test_sabotaged_build_is_caught(variant: str, world: World, limit_restored: None) -> None:
    with sabotaged(variant):
        ran, wrong = interleave(world, 500, first_seed=1)

    assert wrong, f"{variant} was not noticed in {ran} runs"
