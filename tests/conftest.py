"""What every test gets: a clean process cache, and jobs that run when the test says so."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.utils import translation
from django_q.models import OrmQ
from pytest_django import DjangoDbBlocker

from aftersales.kernel import jobs
from aftersales.kernel.clock import now
from clocks import rulebook
from clocks.queries import forget_weeks
from staff.services import stored_system_actor

# Files with tests of ten seconds and more.
HEAVY = (
    "returns/money/test_money_machine",
    "returns/money/test_money_races",
    "returns/money/test_approval_model",
    "returns/money/test_sandbox",
    "tests/browser/",
    "tests/demo/",
    "infra/test_supervisor",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Heavy tests first: begun last, one worker would work on them while the other waits."""
    items.sort(key=lambda item: not any(name in item.nodeid for name in HEAVY))


def pytest_collection_finish() -> None:
    """Look for garbage seldom: what was imported and collected stays, and is most of it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1_000)


def forget_everything() -> None:
    """Drop what this process remembers of the database."""
    stored_system_actor.cache_clear()
    cache.clear()
    forget_weeks()
    rulebook.forget()


@pytest.fixture(autouse=True)
def clean_process() -> Iterator[None]:
    """Nothing a test cached is seen by the next one; messages are compared in English."""
    forget_everything()
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def told_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A transaction around all tests of a module, for a world that takes seconds to tell.

    A fixture of the module tells it; what a test changes ends with the test's own savepoint.
    """
    forget_everything()
    with django_db_blocker.unblock(), translation.override("en"), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def clock_time(request: pytest.FixtureRequest) -> Iterator[time_machine.Coordinates]:
    """Time stands at the module's ``START`` until the test shifts it."""
    with time_machine.travel(request.module.START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def run_jobs() -> Callable[[], list[str]]:
    """Run the queued jobs that are due, as the worker would, until none is left; returns codes."""

    def run() -> list[str]:
        done: list[str] = []
        while row := OrmQ.objects.filter(lock__lte=now()).order_by("id").first():
            task = row.task
            row.delete()
            jobs.run(*task["args"])
            done.append(task["args"][0])
        return done

    return run
