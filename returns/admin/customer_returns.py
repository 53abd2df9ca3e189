"""Returns on the customer's page: one statement, however many there are."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, Window

from customers.models import Customer
from customers.sections import Section
from returns.models import ReturnAuthorization
from returns.statuses import ReturnStatus
from staff.models import User

MOST = 20
# Counted over all returns, not only over the latest.
SIGNS = {
    "all": Window(Count("pk")),
    "declined": Window(Count("pk", filter=Q(status=ReturnStatus.DECLINED))),
    "appealed": Window(Count("pk", filter=Q(appealed_at__isnull=False))),
}


def load(people: list[Customer], user: User) -> dict[str, Any] | None:
    """The latest returns the user may see and how many there were; not for who sees none."""
    if not user.has_perm("returns.view_returnauthorization"):
        return None
    returns = ReturnAuthorization.objects.visible_to(user).filter(order__customer__in=people)
    latest = list(returns.annotate(**SIGNS).order_by("-requested_at")[:MOST])
    counts = {name: getattr(latest[0], name) for name in SIGNS} if latest else {}
    return {"counts": counts, "returns": latest}


SECTION = Section("returns", "returns/_customer.html", load, position=30)
