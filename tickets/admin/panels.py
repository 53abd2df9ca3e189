"""Panels of the case page that upper apps fill, registered from ``AppConfig.ready()``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from staff.models import User
from tickets.models import Ticket

Load = Callable[[Ticket, User], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """``load`` gives what ``template`` reads as ``panel``, or ``None`` for no panel.

    It may take two statements, however many rows there are. Lower positions stand higher.
    """

    code: str
    template: str
    load: Load
    position: int = 50


@dataclass(frozen=True, slots=True)
class ShownPanel:
    """A panel with what it shows now."""

    code: str
    template: str
    content: dict[str, Any]


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    if _panels.setdefault(panel.code, panel) != panel:
        raise ValueError(f"panel {panel.code} is registered twice")


def shown(ticket: Ticket, user: User) -> list[ShownPanel]:
    """The panels that have something to show to this person."""
    ordered = sorted(_panels.values(), key=lambda panel: panel.position)
    loaded = ((panel, panel.load(ticket, user)) for panel in ordered)
    return [
        ShownPanel(panel.code, panel.template, content)
        for panel, content in loaded
        if content is not None
    ]
