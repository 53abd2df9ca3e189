"""Who wants to know that a calendar counts differently now."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aftersales.kernel.context import Person
from clocks.queries.calendars import forget_weeks

# Called in the transaction of the change with the ids of the calendars and who changed them.
Hook = Callable[[Sequence[int], Person], None]

_hooks: list[Hook] = []


def on_calendar_changed(hook: Hook) -> None:
    """Have ``hook`` called after every change; from an app's ``ready()``."""
    if hook not in _hooks:
        _hooks.append(hook)


def calendars_changed(calendar_ids: Sequence[int], actor: Person) -> None:
    """Forget what was counted with and tell everybody."""
    forget_weeks()
    for hook in _hooks:
        hook(calendar_ids, actor)
