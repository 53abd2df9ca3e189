"""Who may set the time that counts, and what is promised."""

from __future__ import annotations

from aftersales.kernel.context import Person, is_system
from clocks.choices import RuleKind


def can_change_calendars(actor: Person) -> bool:
    """Administrators; the machine imports what a command line brings."""
    return is_system(actor) or actor.has_perm("clocks.change_calendar")


def can_change_kind(actor: Person, kind: str) -> bool:
    """Service targets with the plain right; law, marketplace and the rest need the wider one."""
    if kind == RuleKind.SERVICE and actor.has_perm("clocks.change_clockrule"):
        return True
    return actor.has_perm("clocks.change_any_clockrule")
