"""How much of an order line may still be asked for, and what was already given back for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, Sum

from returns.choices import ReturnKind
from returns.models import ReturnItem
from returns.statuses import TAKING, AcceptanceStatus, ReturnStatus

# After these the customer holds an article again; the same rule is in the database
# (desk_within_order in the first migration).
GIVEN_AGAIN = (ReturnKind.EXCHANGE, ReturnKind.REPAIR, ReturnKind.RESHIP)
OVER = (ReturnStatus.SETTLED, ReturnStatus.CLOSED)


def taken(line_ids: Iterable[int]) -> dict[int, int]:
    """Order line → pieces that live returns have taken."""
    rows = (
        ReturnItem.objects.filter(order_line__in=list(line_ids), rma__status__in=TAKING)
        .exclude(acceptance_status=AcceptanceStatus.DECLINED)
        .exclude(Q(rma__kind__in=GIVEN_AGAIN) & Q(rma__status__in=OVER))
        .values_list("order_line")
        .annotate(Sum("quantity"))
    )
    return defaultdict(int, rows)
