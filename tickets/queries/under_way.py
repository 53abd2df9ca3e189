"""What is under way on a case in upper apps, and whose turn it is there.

Upper apps register a reader from ``AppConfig.ready()``; the case page and the verbs of those apps
read the same, so that what is said to be waited for is what the case waits for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

from aftersales.kernel.errors import Text
from tickets.models import Ticket


class Turn(IntEnum):
    """Who has to act; the most pressing first."""

    OURS = 1
    HOUSE = 2
    OUTSIDE = 3


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing under way, in words of whoever reads it; ``verb`` is the button that takes it
    further, ``target`` its row."""

    turn: Turn
    title: Text
    why: Text
    verb: str = ""
    target: int = 0


Reader = Callable[[Ticket], Iterable[Matter]]

_readers: list[Reader] = []


def register(reader: Reader) -> None:
    if reader not in _readers:
        _readers.append(reader)


def most_pressing(ticket: Ticket) -> Matter | None:
    """What asks for somebody first; ``None`` when nothing is under way."""
    found = [matter for reader in _readers for matter in reader(ticket)]
    return min(found, key=lambda matter: matter.turn, default=None)
