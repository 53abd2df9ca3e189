"""Sweeping by several real workers: each step once, also when one of them is killed."""

from __future__ import annotations

import signal
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import F

from aftersales import health
from aftersales.demo.supervisor import Supervisor
from clocks.models import Clock, ClockStep
from tests.concurrency.sweeping import HOUR, due_clocks, each_once, swept, tally, worker
from tests.concurrency.workers import PATIENCE, kill_idle_workers, supervised, ticking
from tests.infra.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

ALL = 10_000


def left() -> int:
    return Clock.objects.filter(next_step_at__isnull=False).count()


def test_two_workers_do_every_step_of_500_clocks_once() -> None:
    due_clocks(500)

    first, second = worker(), worker()

    assert swept(first) + swept(second) == 500
    assert tally() == each_once(500)


@pytest.mark.long
def test_two_workers_sweep_ten_thousand_clocks_within_a_minute() -> None:
    due_clocks(ALL)
    started = time.monotonic()

    first, second = worker(), worker()
    done = swept(first) + swept(second)

    assert time.monotonic() - started < 60
    assert done == ALL
    assert tally() == each_once(ALL)


@pytest.mark.long
def test_worker_killed_in_the_middle_leaves_nothing_undone_and_nothing_twice() -> None:
    due_clocks(ALL)
    first, second = worker(), worker()
    assert wait_until(lambda: left() < ALL / 2, PATIENCE)

    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert left() > 0
    swept(second)
    swept(worker())

    assert tally() == each_once(ALL)


@pytest.mark.long
def test_abuse_84_idle_workers_killed_with_the_queue_lock_are_replaced_and_the_sweep_goes_on(
    mails: Path, tmp_path: Path, settings: Any
) -> None:
    """The pool hangs until the watchdog starts another; promises wait and none is lost."""
    settings.CANARY_SILENCE_SECONDS = 6
    call_command("sync_schedules", verbosity=0)
    said: list[str] = []
    supervisor: Supervisor = supervised(tmp_path, said)
    supervisor.start()
    try:
        assert wait_until(lambda: ticking(supervisor) and health.workers_are_alive(), PATIENCE)
        kill_idle_workers(supervisor.slots[0].process.pid)
        due_clocks(ALL)

        assert wait_until(lambda: ticking(supervisor) and left() == 0, 4 * PATIENCE)
    finally:
        supervisor.stop()

    assert said[0].startswith("worker hangs")
    assert tally() == each_once(ALL)


@pytest.mark.long
def test_day_of_downtime_is_caught_up_in_order() -> None:
    """Nobody swept while the promises of a whole day ran out."""
    day = timedelta(hours=24)
    due_clocks(ALL, since=day + HOUR, spread=day)

    first, second = worker(), worker()
    done = swept(first) + swept(second)

    assert done == ALL
    assert tally() == each_once(ALL)
    late_first = Clock.objects.exclude(breached_at=F("due_at"))
    assert not late_first.exists()
    assert_in_order()


def assert_in_order() -> None:
    """The steps of a clock were done in the order in which they were due."""
    done: dict[int, list[Any]] = {}
    for clock, due in ClockStep.objects.order_by("pk").values_list("clock_id", "due_at"):
        done.setdefault(clock, []).append(due)
    assert len(done) == ALL
    assert all(dues == sorted(dues) for dues in done.values())
