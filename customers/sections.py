"""Parts of the customer's page that upper apps fill, registered where their admin is declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from customers.models import Customer
from staff.models import User

Load = Callable[[list[Customer], User], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Section:
    """``load`` gives what ``template`` reads as ``section``, or ``None`` for no section.

    It is given the customer and all who were merged into them, and may take two statements,
    however many rows there are. Lower positions stand higher.
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


def shown(people: list[Customer], user: User) -> list[ShownSection]:
    """The sections that have something to show to this person."""
    ordered = sorted(_sections.values(), key=lambda section: section.position)
    loaded = ((section, section.load(people, user)) for section in ordered)
    return [
        ShownSection(section.code, section.template, content)
        for section, content in loaded
        if content is not None
    ]
