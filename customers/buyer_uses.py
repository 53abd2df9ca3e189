"""What ties an order to its buyer: upper apps register theirs from ``AppConfig.ready()``.

Answers, personal data and money follow the customer of a case, and store credit the buyer of an
order: what people work on is not moved to somebody else by a report of the shop.
"""

from __future__ import annotations

from collections.abc import Callable

from customers.models import Order

_uses: dict[str, Callable[[Order], bool]] = {}


def register(code: str, is_made: Callable[[Order], bool]) -> None:
    """``is_made`` says whether something stands on who bought the order."""
    if _uses.setdefault(code, is_made) != is_made:
        raise ValueError(f"use of buyers {code} is registered twice")


def is_bound(order: Order) -> bool:
    """Whether the order stays with the customer it has."""
    return any(is_made(order) for is_made in _uses.values())
