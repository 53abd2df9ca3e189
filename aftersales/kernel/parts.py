"""Parts of a page that apps above its own fill: registered once, shown in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """``load`` gives what ``template`` reads, or ``None`` for nothing to show.

    What it is given says the page; it may take two statements, however many rows there are. Lower
    positions stand higher.
    """

    code: str
    template: str
    load: Callable[..., dict[str, Any] | None]
    position: int = 50


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part with what it shows now."""

    code: str
    template: str
    content: dict[str, Any]


class Parts:
    """The parts of one page."""

    def __init__(self) -> None:
        self._known: dict[str, Part] = {}

    def register(self, part: Part) -> None:
        """Called from ``AppConfig.ready()`` or where an app's admin is declared."""
        if self._known.setdefault(part.code, part) != part:
            raise ValueError(f"part {part.code} is registered twice")

    def shown(self, *given: Any) -> list[ShownPart]:
        """The parts that have something to show for what the page is about."""
        ordered = sorted(self._known.values(), key=lambda part: part.position)
        loaded = ((part, part.load(*given)) for part in ordered)
        return [
            ShownPart(part.code, part.template, content)
            for part, content in loaded
            if content is not None
        ]
