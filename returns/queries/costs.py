"""What compensations cost, by catalogue entry, month and department."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from aftersales.kernel.localized import localized
from returns.models import CompensationGrant
from returns.statuses import GrantStatus
from staff.models import User


@dataclass(frozen=True, slots=True)
class Cost:
    """One line of the report, in one currency."""

    month: date
    code: str
    name: str
    department: str
    currency: str
    count: int
    amount: Decimal


def compensation_costs(user: User, since: datetime, until: datetime) -> list[Cost]:
    """Grants in force of [since, until), of the cases the caller sees."""
    rows = (
        CompensationGrant.objects.visible_to(user)
        .filter(status=GrantStatus.GRANTED, granted_at__gte=since, granted_at__lt=until)
        .annotate(month=TruncMonth("granted_at"))
        .values(
            "month",
            "compensation__code",
            "compensation__name",
            "compensation__name_zh",
            "ticket__department__code",
            "currency",
        )
        .annotate(count=Count("pk"), total=Sum("amount"))
        .order_by("month", "compensation__code", "ticket__department__code", "currency")
    )
    return [
        Cost(
            month=row["month"].date(),
            code=row["compensation__code"],
            name=localized(row["compensation__name"], row["compensation__name_zh"]),
            department=row["ticket__department__code"],
            currency=row["currency"],
            count=row["count"],
            amount=row["total"],
        )
        for row in rows
    ]
