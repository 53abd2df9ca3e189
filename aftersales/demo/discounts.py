"""Discounts by sum (满减) that the invented shops give in China in the first days of a month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from returns.sheet.shares import spread

Step = dict[str, str]
STEPS: Final[list[Step]] = [
    {"threshold": "300.00", "discount": "30.00"},
    {"threshold": "800.00", "discount": "100.00"},
]
LAST_DAY: Final = 5


def promised(currency: str, placed: datetime) -> list[Step]:
    """What the shop promised for an order of that day."""
    return STEPS if currency == "CNY" and placed.day <= LAST_DAY else []


def paid_amounts(values: Sequence[Decimal], steps: Sequence[Step], currency: str) -> list[Decimal]:
    """What is paid for each line of that value: the last step reached is taken off all of them."""
    value = sum(values, Decimal(0))
    reached = [Decimal(one["discount"]) for one in steps if Decimal(one["threshold"]) <= value]
    return spread(value - max(reached, default=Decimal(0)), values, currency)
