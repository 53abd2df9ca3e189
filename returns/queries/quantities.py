"""How much of an order line may still be asked for, and what was already given back for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, Sum

from returns.choices import InstructionKind, ReturnKind
from returns.models import ReturnAuthorization, ReturnItem
from returns.statuses import TAKING, AcceptanceStatus, InstructionStatus, ReturnStatus

# After these the customer holds an article again; the same rule is in the database
# (desk_within_order in the first migration).
GIVEN_AGAIN = (ReturnKind.EXCHANGE, ReturnKind.REPAIR, ReturnKind.RESHIP)
# As what the shop sends it.
SENT_AS = {
    ReturnKind.EXCHANGE: InstructionKind.REPLACEMENT,
    ReturnKind.RESHIP: InstructionKind.RESHIP,
    ReturnKind.REPAIR: InstructionKind.SEND_BACK,
}
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


def left_to_send(rma: ReturnAuthorization) -> int:
    """Accepted pieces of a return that gives them again for which the shop has no order yet."""
    owed = (AcceptanceStatus.ACCEPTED, AcceptanceStatus.PARTLY)
    accepted = rma.items.filter(acceptance_status__in=owed).aggregate(Sum("quantity"))
    orders = rma.instructions.filter(kind=SENT_AS[ReturnKind(rma.kind)])
    ordered = orders.exclude(status=InstructionStatus.CANCELED).aggregate(Sum("quantity"))
    return (accepted["quantity__sum"] or 0) - (ordered["quantity__sum"] or 0)
