"""Background work: django-q2 rings, a row in the database is the truth.

Enqueueing writes to the same database in the caller's transaction, so a job exists exactly when the
change that wanted it was committed. A job may run twice and gets JSON scalars only.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.tasks import async_task

from aftersales.kernel.clock import now
from aftersales.kernel.context import Source, entering
from aftersales.kernel.prepared import plain_rows
from aftersales.kernel.saving import given, insert_sql

log = logging.getLogger(__name__)

Scalar = str | int | float | bool | None
_jobs: dict[str, Callable[..., Any]] = {}


def register(code: str, function: Callable[..., Any]) -> None:
    """Name a job; called from ``AppConfig.ready()``."""
    if _jobs.setdefault(code, function) is not function:
        raise ValueError(f"job {code} is registered twice")


def registered() -> dict[str, Callable[..., Any]]:
    return dict(_jobs)


class DelayedBroker(ORM):
    """Puts a job into the queue locked until it is due, which is how the queue spells «later»."""

    def __init__(self, delay: timedelta) -> None:
        # Without ``super()``, which opens a query and a cache that only reading a queue needs.
        self.list_key = Conf.CLUSTER_NAME
        self.delay = max(delay, timedelta())

    def enqueue(self, task: str) -> int:
        row = OrmQ(key=self.list_key, payload=task, lock=now() + self.delay)
        names, values = given(row, OrmQ._meta.concrete_fields, raw=True)
        ((pk,),) = plain_rows(insert_sql(OrmQ, names), values)
        return int(pk)


def enqueue(code: str, *args: Scalar, delay: timedelta = timedelta()) -> None:
    """Ask for a job once the transaction commits, or ``delay`` later.

    Raises ``TypeError`` for arguments other than JSON scalars, ``LookupError`` for an unknown job.
    """
    if code not in _jobs:
        raise LookupError(f"unknown job {code}")
    for value in args:
        if not isinstance(value, Scalar):
            raise TypeError(f"job argument {value!r} is not a JSON scalar")
    async_task(
        "aftersales.kernel.jobs.run",
        code,
        *args,
        task_name=code,
        broker=DelayedBroker(delay),
    )


def due_count() -> int:
    """Jobs waiting for a worker now; not those for later, not those being worked on."""
    return int(OrmQ.objects.filter(lock__lte=now()).count())


def run(code: str, *args: Scalar) -> None:
    """The one dispatcher the worker calls."""
    with entering(Source.JOB):
        _jobs[code](*args)
