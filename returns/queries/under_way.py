"""Money under way: what is reserved, what is owed and not paid yet, what waits for approval."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q, Sum

from returns.models import Refund, Reimbursement
from returns.money_statuses import IN_FLIGHT, RESERVING, RefundStatus
from staff.models import User

DAY = timedelta(days=1)
# Approvals younger than a day, up to three days, older.
AGES = (timedelta(), DAY, 3 * DAY)
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
    """Refunds that have waited at least that long for approval; ``oldest`` is a refund's key."""

    least: timedelta
    count: int
    oldest: int | None


@dataclass(frozen=True, slots=True)
class OpenMoney:
    """All of it: one entry per currency, one per age."""

    currencies: list[UnderWay]
    waiting: list[Waiting]


def open_money(user: User, moment: datetime) -> OpenMoney:
    """Of the refunds the user sees; one statement over unfinished refunds only."""
    reserved = Q(status__in=RESERVING)
    owed = Q(status__in=PROMISED) | Q(basis_type=Reimbursement._meta.label_lower)
    ages = {
        f"age_{index}": ArrayAgg("pk", filter=old, order_by=("submitted_at", "pk"), default=[])
        for index, old in enumerate(_ages(moment))
    }
    times = {
        f"since_{index}": ArrayAgg(
            "submitted_at", filter=old, order_by=("submitted_at", "pk"), default=[]
        )
        for index, old in enumerate(_ages(moment))
    }
    rows = list(
        Refund.objects.visible_to(user)
        .filter(status__in=UNFINISHED)
        .order_by("currency")
        .values("currency")
        .annotate(
            reserved_count=Count("pk", filter=reserved),
            reserved=Sum("amount", filter=reserved, default=Decimal(0)),
            owed_count=Count("pk", filter=owed),
            owed=Sum("amount", filter=owed, default=Decimal(0)),
            **ages,
            **times,
        )
    )
    told: list[dict[str, Any]] = [{**row} for row in rows]
    return OpenMoney(
        [UnderWay(**{name: row[name] for name in UnderWay.__slots__}) for row in told],
        [_waiting(told, index, least) for index, least in enumerate(AGES)],
    )


def _ages(moment: datetime) -> list[Q]:
    """Which refunds wait for approval since when; the stamp is that of the live request."""
    waits = Q(status=RefundStatus.SUBMITTED)
    bounds = [moment - age for age in AGES[1:]]
    return [
        waits & Q(submitted_at__gt=bounds[0]),
        waits & Q(submitted_at__lte=bounds[0], submitted_at__gt=bounds[1]),
        waits & Q(submitted_at__lte=bounds[1]),
    ]


def _waiting(rows: list[dict[str, Any]], index: int, least: timedelta) -> Waiting:
    """One age over all currencies."""
    told = sorted(
        pair
        for row in rows
        for pair in zip(row[f"since_{index}"], row[f"age_{index}"], strict=True)
    )
    return Waiting(least, len(told), told[0][1] if told else None)
