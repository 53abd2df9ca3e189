"""Money under way: what is reserved, what is owed and not paid yet, what waits for approval."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum

from returns.models import ApprovalRequest, Refund, Reimbursement
from returns.money_statuses import IN_FLIGHT, RESERVING, ApprovalStatus, RefundStatus
from staff.models import User

DAY = timedelta(days=1)
# Younger than a day, up to three, older.
AGES = (DAY, 3 * DAY)
# Approvals looked at; a longer inbox shows as «1000+».
MOST = 1001
# Money goes out for these as soon as nothing stops it.
PROMISED = (RefundStatus.APPROVED, *IN_FLIGHT)
UNFINISHED = (RefundStatus.DRAFT, *RESERVING)


@dataclass(frozen=True, slots=True)
class UnderWay:
    """The open money of one currency; ``owed`` is approved, or rests on a sheet performed."""

    currency: str
    reserved_count: int
    reserved: Decimal
    owed_count: int
    owed: Decimal


@dataclass(frozen=True, slots=True)
class Waiting:
    """Open approvals of one age, the oldest refund among them."""

    least: timedelta
    count: int
    oldest: int | None


def money_under_way(user: User) -> list[UnderWay]:
    """Per currency, of the refunds the user sees; one statement over unfinished refunds only."""
    reserved = Q(status__in=RESERVING)
    owed = Q(status__in=PROMISED) | Q(basis_type=Reimbursement._meta.label_lower)
    rows = (
        Refund.objects.visible_to(user)
        .filter(status__in=UNFINISHED)
        .order_by("currency")
        .values("currency")
        .annotate(
            reserved_count=Count("pk", filter=reserved),
            reserved=Sum("amount", filter=reserved, default=Decimal(0)),
            owed_count=Count("pk", filter=owed),
            owed=Sum("amount", filter=owed, default=Decimal(0)),
        )
    )
    return [UnderWay(**row) for row in rows]


def approvals_by_age(user: User, moment: datetime) -> list[Waiting]:
    """Open approvals in three ages, the youngest first; one statement, at most ``MOST`` rows."""
    rows = ApprovalRequest.objects.visible_to(user).filter(status=ApprovalStatus.OPEN)
    told = list(rows.order_by("requested_at", "pk").values_list("requested_at", "refund")[:MOST])
    bounds = (timedelta(), *AGES)
    ages: dict[timedelta, list[int]] = {bound: [] for bound in bounds}
    for requested_at, refund in told:
        ages[max(bound for bound in bounds if moment - requested_at >= bound)].append(refund)
    return [
        Waiting(bound, len(refunds), refunds[0] if refunds else None)
        for bound, refunds in ages.items()
    ]
