"""The frame around every service: one transaction, one actor, one reason."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from aftersales.kernel.context import acting

P = ParamSpec("P")
R = TypeVar("R")


_inside: ContextVar[bool] = ContextVar("inside_service", default=False)


def service(function: Callable[P, R]) -> Callable[P, R]:
    """Run a verb atomically, its writes attributed to the ``actor`` keyword, ``note`` as reason.

    A raised refusal rolls everything back: row, history, journal, event and queue alike. A service
    called by a service joins its transaction without a savepoint, so its refusal cannot be
    swallowed.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        actor = kwargs.get("actor")
        if actor is None:
            raise TypeError(f"{function.__qualname__}() needs an actor")
        note = str(kwargs.get("note") or "")
        nested = _inside.get()
        token = _inside.set(True)
        try:
            with transaction.atomic(savepoint=not nested), acting(actor, note):  # type: ignore[arg-type]
                return function(*args, **kwargs)
        finally:
            _inside.reset(token)

    run.is_service = True  # type: ignore[attr-defined]
    return run
