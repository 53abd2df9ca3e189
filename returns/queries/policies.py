"""Which version of which promise covers an article."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from customers.models import Order, OrderLine
from returns.models import ReturnAddress, ReturnPolicy


def policies_of(order: Order) -> list[ReturnPolicy]:
    """The versions in force when the order was placed, for its market and its buyer's tier.

    The version of that day binds, also when a later one promises less.
    """
    placed = order.placed_at
    return list(
        ReturnPolicy.objects.filter(
            Q(effective_to=None) | Q(effective_to__gt=placed),
            effective_from__lte=placed,
            market__in=["", order.shop.market],
            tier__in=["", order.customer.tier],
        ).order_by("pk")
    )


def policy_for(line: OrderLine, policies: Iterable[ReturnPolicy]) -> ReturnPolicy | None:
    """The most particular one: longest category, then tier, then market, then the newest."""
    fitting = [policy for policy in policies if covers(policy.category, line.category)]
    return max(
        fitting,
        key=lambda one: (len(one.category), bool(one.tier), bool(one.market), one.pk),
        default=None,
    )


def covers(category: str, path: str) -> bool:
    """Whether a category of a policy is the path or above it; '' is above all."""
    return not category or path == category or path.startswith(f"{category}/")


def address_for(market: str) -> ReturnAddress | None:
    """Where goods of a market go back to; one of its own before one for all."""
    rows = ReturnAddress.objects.filter(is_active=True, market__in=["", market])
    return rows.order_by("-market", "pk").first()
