"""Parts of the customer's status page that upper apps fill, registered from ``ready()``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tickets.models import Ticket

Load = Callable[[Ticket], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Section:
    """``load`` gives what ``template`` reads as ``section``, or ``None`` for no section.

    Its forms post to addresses of the app's own, views decorated with ``pages.customer_page``.
    """

    code: str
    template: str
    load: Load
    position: int = 50


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section with what it shows now."""

    code: str
    template: str
    content: dict[str, Any]


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    if _sections.setdefault(section.code, section) != section:
        raise ValueError(f"section {section.code} is registered twice")


def shown(ticket: Ticket) -> list[ShownSection]:
    """The sections that have something to show for a case."""
    ordered = sorted(_sections.values(), key=lambda section: section.position)
    loaded = ((section, section.load(ticket)) for section in ordered)
    return [
        ShownSection(section.code, section.template, content)
        for section, content in loaded
        if content is not None
    ]
