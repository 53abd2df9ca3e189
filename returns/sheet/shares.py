"""Dividing sums without losing a cent: largest remainder, ties to the earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from aftersales.kernel.money import MINOR_UNITS


def spread(amount: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Parts of ``amount`` in proportion to ``weights``; they add up to it exactly.

    With weights of at least ``amount`` in sum no part exceeds its weight. All-zero weights get
    nothing and raise ``ValueError`` for an amount.
    """
    cent = Decimal(1).scaleb(-MINOR_UNITS[currency])
    whole, units = int(amount / cent), [int(weight / cent) for weight in weights]
    total = sum(units)
    if not total:
        if whole:
            raise ValueError("nothing to spread over")
        return [Decimal(0)] * len(units)
    shares = [divmod(whole * unit, total) for unit in units]
    parts = [part for part, _rest in shares]
    by_remainder = sorted(range(len(units)), key=lambda index: (-shares[index][1], index))
    for index in by_remainder[: whole - sum(parts)]:
        parts[index] += 1
    return [part * cent for part in parts]


def first_units(paid: Decimal, bought: int, count: int, currency: str) -> Decimal:
    """What the first ``count`` of ``bought`` pieces share of what was paid for all, rounded up.

    Pieces that follow get the difference of two such sums, so that all pieces together are always
    exactly what was paid, in whatever parts and order they come back.
    """
    cent = Decimal(1).scaleb(-MINOR_UNITS[currency])
    return -(-int(paid / cent) * count // bought) * cent
