"""What the home page is made of: cards with figures, lines or cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString

from tickets.lines import lines_html


@dataclass(frozen=True, slots=True)
class Line:
    """Something that waits besides cases: a follow-up, a mention, a draft, a change, money."""

    url: str
    title: str
    detail: str
    at: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with the page behind it."""

    label: str
    value: str
    url: str
    tone: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A card of the home page; ``shape`` names the partial that draws it."""

    title: str
    icon: str
    shape: str
    items: Sequence[Any] = field(default_factory=list)
    empty: str = ""
    more_url: str = ""
    is_wide: bool = False

    @property
    def lines(self) -> SafeString:
        """The items of a card of cases."""
        return lines_html(self.items, can_pick=False)
