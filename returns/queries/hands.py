"""Who made what a return's money rests on; none of them may approve it (invariant I13)."""

from __future__ import annotations

from django.db.models import QuerySet

from compliance.models import AuditEvent
from returns.models import ReturnAuthorization, ReturnItem
from staff.models import User
from staff.services import system_actor

# Decisions on an article that leave no name on its row.
OF_ITEMS = ("returns.item_decided", "returns.item_waived")


def hands_of(rma: ReturnAuthorization) -> QuerySet[User]:
    """Who asked, decided, inspected, said what is owed for goods that did not come back, or priced
    a replacement; machines approve nothing."""
    told = AuditEvent.objects.filter(
        subject_type=ReturnItem._meta.label_lower,
        subject_id__in=rma.items.values("pk"),
        code__in=OF_ITEMS,
    )
    ids = {
        rma.requested_by_id,
        rma.decided_by_id,
        *rma.inspections.values_list("inspected_by", flat=True),
        *rma.instructions.values_list("ordered_by", flat=True),
        *told.values_list("actor_id", flat=True),
        *told.values_list("on_behalf_of_id", flat=True),
    }
    people: QuerySet[User] = User.objects.filter(pk__in=[pk for pk in ids if pk])
    return people.exclude(pk=system_actor().pk).order_by("pk")
