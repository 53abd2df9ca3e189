"""What ties a case to its order: upper apps register theirs from ``AppConfig.ready()``.

An order that something on the case was decided or paid for cannot be taken off it or exchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aftersales.kernel.errors import RuleViolated, Text
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class OrderUse:
    """One thing a case may hold for its order, and what is said while it does."""

    told: Text
    is_made: Callable[[Ticket], bool]


_uses: dict[str, OrderUse] = {}


def register(code: str, use: OrderUse) -> None:
    if _uses.setdefault(code, use) != use:
        raise ValueError(f"use of orders {code} is registered twice")


def require_free_order(ticket: Ticket) -> None:
    """Raise ``RuleViolated`` while something on the case depends on the order it has."""
    for use in _uses.values():
        if ticket.order_id is not None and use.is_made(ticket):
            raise RuleViolated("order_in_use", use.told, field="order")
