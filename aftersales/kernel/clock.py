"""The time of day, in one place so that tests can travel and the demo can tell of its past."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_told: ContextVar[datetime | None] = ContextVar("told_moment", default=None)


def now() -> datetime:
    """Current time, aware, UTC."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def telling(moment: datetime) -> Iterator[None]:
    """Let everything in the block happen at a moment of the past; for invented cases only."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
