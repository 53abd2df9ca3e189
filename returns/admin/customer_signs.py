"""What the guard noticed about a customer's refunds, on the customer's page: one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from customers.models import Customer
from customers.sections import Section
from returns.models import GuardHold
from returns.queries.signs import in_words
from staff.models import User

MOST = 20


@dataclass(frozen=True, slots=True)
class ShownHold:
    """A refund that was held, and why."""

    hold: GuardHold
    words: list[str]


def load(people: list[Customer], user: User) -> dict[str, Any] | None:
    """The latest holds of refunds the user may see; nothing where nothing looked odd."""
    if not user.has_perm("returns.view_refund"):
        return None
    holds = GuardHold.objects.visible_to(user).filter(refund__payment__order__customer__in=people)
    shown = [
        ShownHold(hold, in_words(hold.reasons))
        for hold in holds.select_related("refund").order_by("-pk")[:MOST]
    ]
    return {"holds": shown} if shown else None


SECTION = Section("refund_signs", "returns/money/_customer_signs.html", load, position=35)
