"""What a step of the ladder can do, registered by the app that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aftersales.kernel.errors import Text

# (clock, step, *, actor) → what was done, in words.
Handler = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Action:
    """A kind of step.

    ``is_lasting``: done also when the promise was kept meanwhile, only late. ``moves_case``: its
    verb may change the clock under the sweep's hands, which then reads it again.
    """

    code: str
    label: Text
    handler: Handler
    is_lasting: bool = False
    moves_case: bool = False


_actions: dict[str, Action] = {}


def register(
    code: str, label: Text, handler: Handler, *, is_lasting: bool = False, moves_case: bool = False
) -> None:
    """Add an action from an app's ``ready()``."""
    action = Action(code, label, handler, is_lasting, moves_case)
    if _actions.setdefault(code, action) != action:
        raise ValueError(f"clock action {code} is registered twice")


def get(code: str) -> Action:
    """The action behind a code; raises ``LookupError`` for one nobody registered."""
    try:
        return _actions[code]
    except KeyError:
        raise LookupError(f"unknown clock action {code}") from None


def is_lasting(code: str) -> bool:
    return code in _actions and _actions[code].is_lasting


def moves_case(code: str) -> bool:
    return code in _actions and _actions[code].moves_case


def label(code: str) -> str:
    """The words for a code; one that is no longer registered is shown as it is."""
    return str(_actions[code].label) if code in _actions else code


def choices() -> list[tuple[str, Any]]:
    return [(action.code, action.label) for action in _actions.values()]


def perform(clock: Any, step: Any, *, actor: Any) -> str:
    """Do a step; returns what was done, in words. Whatever it raises, nothing was done."""
    return get(step.action).handler(clock, step, actor=actor)
