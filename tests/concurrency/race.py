"""Two real connections at one row, started together, each in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from django.db import close_old_connections, connection
from django.utils import translation

from aftersales.kernel import reading
from aftersales.kernel.errors import DomainError
from aftersales.kernel.querysets import LockingQuerySet
from tickets.services import shared


@dataclass
class Outcome:
    """What one side of a race came to."""

    result: Any = None
    refusal: DomainError | None = None
    error: BaseException | None = None

    @property
    def won(self) -> bool:
        return self.refusal is None and self.error is None


def race(*sides: Callable[[], Any]) -> list[Outcome]:
    """Run all sides at once; every side has read its connection in before the gun."""
    barrier = threading.Barrier(len(sides))
    outcomes = [Outcome() for _ in sides]

    def run(index: int, side: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            with translation.override("en"):
                outcomes[index].result = side()
        except DomainError as refusal:
            outcomes[index].refusal = refusal
        except BaseException as error:
            outcomes[index].error = error
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run, args=(index, side)) for index, side in enumerate(sides)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


@contextmanager
def without_locks(meeting: threading.Barrier):  # type: ignore[no-untyped-def]
    """The negative control: nothing is locked, and both sides meet after their read.

    They meet once for each row or statement: a verb that calls another reads its case again, and
    would wait there for a side that waits for what this one wrote.
    """
    plain_clone, plain_fetch = LockingQuerySet._clone, LockingQuerySet._fetch_all
    plain_by_key = reading.by_key
    have_met: set[tuple[int, str]] = set()

    def meet(what: str) -> None:
        place = threading.get_ident(), what
        if place not in have_met:
            have_met.add(place)
            meeting.wait(timeout=20)

    def locked(self: Any) -> Any:
        rows = self._chain()
        rows._meets = True
        return rows

    def clone(self: Any) -> Any:
        rows = plain_clone(self)
        rows._meets = getattr(self, "_meets", False)
        return rows

    def fetch_all(self: Any) -> None:
        is_first = self._result_cache is None
        plain_fetch(self)
        if is_first and getattr(self, "_meets", False):
            meet(str(self.query))

    def by_key(model: Any, pk: Any, *, is_locked: bool = False) -> Any:
        row = plain_by_key(model, pk)
        if is_locked:
            meet(f"{model._meta.label} {pk}")
        return row

    with (
        mock.patch.object(shared, "by_key", by_key),
        mock.patch.object(LockingQuerySet, "locked", locked),
        mock.patch.object(LockingQuerySet, "locked_values", locked),
        mock.patch.object(LockingQuerySet, "_clone", clone),
        mock.patch.object(LockingQuerySet, "_fetch_all", fetch_all),
    ):
        yield
