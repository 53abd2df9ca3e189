"""What events make of a clock, told from the beginning: pure, for late starts and for checking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from clocks.counting import Interval
from clocks.rulebook import Rule

Cause = tuple[str, int]
# What an event's data tell clocks, whatever its code.
OWN_WORDS = ("undoes", "owed", "let_go")


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as clocks see it; ``owed`` names promises it brings along, and since when,
    ``let_go`` those that nobody waits for any more."""

    id: int
    at: datetime
    tokens: frozenset[str]
    cause: Cause
    subject: Cause
    undoes: int | None = None
    owed: Mapping[str, datetime] = field(default_factory=dict)
    let_go: frozenset[str] = frozenset()


@dataclass(slots=True)
class Break:
    """A pause on the track; ids are those of events."""

    cause: Cause
    start: datetime
    started_by: int
    end: datetime | None = None
    ended_by: int | None = None


@dataclass(slots=True)
class Track:
    """A clock from where it began, with its pauses, to what ended it if anything did."""

    start: Happening
    since: datetime
    breaks: list[Break] = field(default_factory=list)
    end: Happening | None = None
    is_canceled: bool = False

    @property
    def intervals(self) -> list[Interval]:
        return [Interval(one.start, one.end) for one in self.breaks]

    @property
    def paused_at(self) -> datetime | None:
        """Since when it rests; none when it runs."""
        return min((one.start for one in self.breaks if one.end is None), default=None)


def tokens_of(code: str, data: dict[str, Any]) -> frozenset[str]:
    """What rules can name an event by."""
    variant = data.get("variant")
    return frozenset({code, f"{code}:{variant}"} if variant else {code})


def owed_of(data: dict[str, Any]) -> dict[str, datetime]:
    """The promises an event brings along from another object, and since when they are owed."""
    return {code: datetime.fromisoformat(since) for code, since in data.get("owed", {}).items()}


def let_go_of(data: dict[str, Any]) -> frozenset[str]:
    """The promises of its case that an event ends, whatever the rules say of it."""
    return frozenset(data.get("let_go", ()))


def standing(happenings: Sequence[Happening]) -> list[Happening]:
    """The events that still count: without those taken back by a later one."""
    undone = {one.undoes for one in happenings}
    return [one for one in happenings if one.id not in undone]


def concerning(happenings: Iterable[Happening], subject: Cause) -> list[Happening]:
    """Without the events about other objects of the same kind."""
    kind, pk = subject
    return [one for one in happenings if one.subject[0] != kind or one.subject[1] == pk]


def follow(rule: Rule, happenings: Iterable[Happening]) -> Track | None:
    """The clock after all events, in their order; none when it is not owed (any more)."""
    told = tracks(rule, happenings)
    return told[-1] if told and told[-1].end is None else None


def tracks(rule: Rule, happenings: Iterable[Happening]) -> list[Track]:
    """Every clock the events made, one after the other; only the last can still be owed."""
    told: list[Track] = []
    for one in happenings:
        track = told[-1] if told and told[-1].end is None else None
        if track is not None and rule.row.promise in one.let_go:
            track.end, track.is_canceled, track = one, True, None
        since = one.owed.get(rule.row.promise)
        if track is not None and since is not None:
            track.since = min(track.since, since)
        if track is None:
            if since or one.tokens & rule.starts:
                told.append(Track(one, since or one.at))
        elif one.tokens & (rule.cancels | rule.stops):
            track.end, track.is_canceled = one, bool(one.tokens & rule.cancels)
        elif one.tokens & rule.pauses:
            _pause(track, one)
        elif one.tokens & rule.resumes:
            _resume(track, one)
    return told


def _pause(track: Track, one: Happening) -> None:
    if not any(known.cause == one.cause and known.end is None for known in track.breaks):
        track.breaks.append(Break(one.cause, one.at, one.id))


def _resume(track: Track, one: Happening) -> None:
    for known in track.breaks:
        if known.cause == one.cause and known.end is None:
            known.end, known.ended_by = one.at, one.id
