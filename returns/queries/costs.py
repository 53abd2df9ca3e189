"""What compensations cost, by month, catalogue entry, department and who was to blame, and what is
left of the budgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, Sum, Value
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.localized import localized
from returns.models import Compensation, CompensationGrant
from returns.money_querysets import sees_all_money
from returns.statuses import GrantStatus
from staff.models import User
from tickets.choices import Party

USUAL = timedelta(days=90)
LONGEST = timedelta(days=731)


# What can be counted on from and back.
FIRST_YEAR, LAST_YEAR = 1970, 9998


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included."""

    since: date
    until: date

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """[start, end) by the desk's clock."""
        return _midnight(self.since), _midnight(self.until + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def period_of(since: date | None, until: date | None) -> Period:
    """The period asked for, the last three months when nothing is said; raises ``RuleViolated``
    for one that ends before it starts or spans more than two years."""
    until = until or timezone.localdate(now())
    if not FIRST_YEAR <= until.year <= LAST_YEAR:
        raise RuleViolated("no_year", _("Choose a day of our time."), field="until")
    since = since or until - USUAL
    if since > until:
        raise RuleViolated(
            "ends_before_start", _("The end must be after the start."), field="since"
        )
    if until - since > LONGEST:
        raise RuleViolated("too_long", _("At most two years at once."), field="since")
    return Period(since, until)


@dataclass(frozen=True, slots=True)
class Cost:
    """One line of the report, in one currency."""

    month: date
    code: str
    name: str
    department: str
    department_name: str
    party: str
    currency: str
    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Total:
    """One line of a summary."""

    name: str
    currency: str
    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Budget:
    """What a catalogue entry has used in its own period of days up to now."""

    code: str
    name: str
    currency: str
    period_days: int
    budget: Decimal
    used: Decimal

    @property
    def left(self) -> Decimal:
        return max(self.budget - self.used, Decimal(0))

    @property
    def percent(self) -> int:
        return min(int(self.used * 100 / self.budget), 100)


def compensation_costs(user: User, since: datetime, until: datetime) -> list[Cost]:
    """Grants in force of [since, until): all for those who look after all money, else of the cases
    the caller sees. One statement."""
    grants = CompensationGrant.objects.all()
    if not sees_all_money(user):
        grants = CompensationGrant.objects.visible_to(user)
    rows = (
        grants.filter(status=GrantStatus.GRANTED, granted_at__gte=since, granted_at__lt=until)
        .annotate(
            month=TruncMonth("granted_at"),
            code=F("compensation__code"),
            party=F("ticket__responsible_party"),
            department=F("ticket__department__code"),
        )
        .values(
            "month",
            "code",
            "compensation__name",
            "compensation__name_zh",
            "department",
            "ticket__department__name",
            "ticket__department__name_zh",
            "party",
            "currency",
        )
        .annotate(count=Count("pk"), total=Sum("amount"))
        .order_by("month", "code", "department", "party", "currency")
    )
    return [_cost(row) for row in rows]


def _cost(row: Mapping[str, Any]) -> Cost:
    department = (row["ticket__department__name"], row["ticket__department__name_zh"])
    return Cost(
        month=row["month"].date(),
        code=row["code"],
        name=localized(row["compensation__name"], row["compensation__name_zh"]),
        department=row["department"],
        department_name=localized(*department),
        party=row["party"],
        currency=row["currency"],
        count=row["count"],
        amount=row["total"],
    )


def party_words(party: str) -> str:
    """Who was to blame, in words; '—' while nobody has said."""
    return str(Party(party).label) if party else "—"


def summed(costs: Iterable[Cost], name_of: Callable[[Cost], str]) -> list[Total]:
    """The same costs by one of their names, the dearest first within a currency."""
    found: dict[tuple[str, str], Total] = {}
    for cost in costs:
        key = (cost.currency, name_of(cost))
        before = found.get(key, Total(key[1], key[0], 0, Decimal(0)))
        found[key] = Total(key[1], key[0], before.count + cost.count, before.amount + cost.amount)
    return sorted(found.values(), key=lambda one: (one.currency, -one.amount, one.name))


def budgets() -> list[Budget]:
    """Every entry in use with what its running period has used; one statement."""
    span = ExpressionWrapper(F("period_days") * Value(timedelta(days=1)), DurationField())
    running = Q(grants__status=GrantStatus.GRANTED, grants__granted_at__gte=Value(now()) - span)
    rows = Compensation.objects.filter(is_active=True).annotate(
        used=Sum("grants__amount", filter=running, default=Decimal(0))
    )
    return [
        Budget(one.code, str(one), one.currency, one.period_days, one.budget, one.used)
        for one in rows.order_by("currency", "code")
    ]
