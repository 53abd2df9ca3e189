"""Sweeping by several real workers: each step once, also when one of them is killed."""

from __future__ import annotations

import signal
import time

import pytest

from clocks.models import Clock
from tests.concurrency.sweeping import due_clocks, swept, tally, worker
from tests.infra.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def each_once(count: int) -> dict[str, int]:
    """A clock is late once and has three steps, each with one effect at the first try."""
    return {"late": count, "steps": 3 * count, "events": count, "effects": 3 * count, "tries": 1}


def test_two_workers_do_every_step_of_500_clocks_once() -> None:
    due_clocks(500)

    first, second = worker(), worker()

    assert swept(first) + swept(second) == 500
    assert tally() == each_once(500)


@pytest.mark.long
def test_two_workers_sweep_ten_thousand_clocks_within_a_minute() -> None:
    due_clocks(10_000)
    started = time.monotonic()

    first, second = worker(), worker()
    done = swept(first) + swept(second)

    assert time.monotonic() - started < 60
    assert done == 10_000
    assert tally() == each_once(10_000)


@pytest.mark.long
def test_killed_worker_leaves_nothing_undone_and_nothing_twice() -> None:
    due_clocks(2_000)
    first, second = worker(), worker()
    left = Clock.objects.filter(next_step_at__isnull=False)
    assert wait_until(lambda: left.count() < 1_500, 60)

    first.send_signal(signal.SIGKILL)
    first.communicate()
    swept(second)
    swept(worker())

    assert tally() == each_once(2_000)
