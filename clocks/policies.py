"""Who may change rules of time. Leads answer for service targets, administrators for all."""

from __future__ import annotations

from typing import Protocol

from aftersales.kernel.context import Actor
from clocks.choices import RuleKind


class Person(Actor, Protocol):
    """An actor with rights."""

    def has_perm(self, perm: str) -> bool: ...


def can_change_kind(actor: Person, kind: str) -> bool:
    """Service targets with the plain right; law, marketplace and the rest need the wider one."""
    if kind == RuleKind.SERVICE and actor.has_perm("clocks.change_clockrule"):
        return True
    return actor.has_perm("clocks.change_any_clockrule")


def can_view_rules(actor: Person) -> bool:
    return actor.has_perm("clocks.view_clockrule")
