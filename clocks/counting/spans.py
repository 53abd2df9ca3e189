"""Terms measured in time that passes: minutes, hours, minutes of open frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from clocks.counting.lookout import HORIZON, Lookout
from clocks.counting.week import DAY, Interval, Span


def merged(paused: Iterable[Interval], start: datetime) -> list[Interval]:
    """The pauses from ``start`` on as disjoint intervals in order; one without end comes last."""
    clipped = sorted(
        (
            Interval(max(one.start, start), one.end)
            for one in paused
            if one.end is None or one.end > max(one.start, start)
        ),
        key=lambda one: one.start,
    )
    union: list[Interval] = []
    for one in clipped:
        last = union[-1] if union else None
        if last is None or (last.end is not None and one.start > last.end):
            union.append(one)
        elif last.end is not None and (one.end is None or one.end > last.end):
            union[-1] = Interval(last.start, one.end)
    return union


def clipped(pauses: Sequence[Interval], until: datetime) -> list[Span]:
    """The parts of ``pauses`` before ``until``, each with an end."""
    return [
        (one.start, until if one.end is None else min(one.end, until))
        for one in pauses
        if one.start < until
    ]


def running(start: datetime) -> Iterator[Span]:
    """Real time: one span, as long as anything is promised for."""
    start = start.astimezone(UTC)
    yield start, start + HORIZON


def opened(look: Lookout, start: datetime) -> Iterator[Span]:
    """Open frames from ``start`` on, day by day."""
    day = look.week.date_of(start)
    for _ in range(HORIZON.days):
        for opens, closes in look.week.spans_on(day, look.kind(day)):
            if closes > start:
                yield max(opens, start), closes
        day += DAY


def unpaused(spans: Iterable[Span], pauses: Sequence[Interval]) -> Iterator[Span]:
    """What is left of ``spans`` outside ``pauses``; ends where a pause has no end."""
    for begins, ends in spans:
        at = begins
        for pause in pauses:
            if pause.start >= ends:
                break
            if pause.start > at:
                yield at, pause.start
            if pause.end is None:
                return
            at = max(at, pause.end)
        if at < ends:
            yield at, ends


def walk(spans: Iterable[Span], length: timedelta, start: datetime) -> datetime | None:
    """The moment at which ``length`` of ``spans`` has passed; none when they end before."""
    if not length:
        return start
    for begins, ends in spans:
        if ends - begins >= length:
            return begins + length
        length -= ends - begins
    return None


def total(spans: Iterable[Span], until: datetime) -> timedelta:
    """How much of ``spans`` lies before ``until``."""
    passed = timedelta()
    for begins, ends in spans:
        if begins >= until:
            break
        passed += min(ends, until) - begins
    return passed
