"""What every test gets: a clean process cache, and jobs that run when the test says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.utils import translation
from django_q.models import OrmQ

from aftersales.kernel import jobs
from aftersales.kernel.clock import now
from clocks import rulebook
from clocks.queries import forget_weeks
from staff.services import stored_system_actor


@pytest.fixture(autouse=True)
def clean_process() -> Iterator[None]:
    """Nothing a test cached is seen by the next one; messages are compared in English."""
    stored_system_actor.cache_clear()
    cache.clear()
    forget_weeks()
    rulebook.forget()
    with translation.override("en"):
        yield


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
