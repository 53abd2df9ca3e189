"""Which tier a refund needs: by its own sum and by what went before it, so that splitting is no way
around. Recomputed when it is submitted, at each approval and again before it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated
from customers.queries import families_of
from returns.models import ApprovalRequest, ApprovalTier, Refund
from returns.money_statuses import COUNTED

WINDOW = timedelta(days=30)
ZERO = Decimal(0)
SUMMED = ("of_order", "of_customer", "of_agent", "payment__order__customer", "currency")


@dataclass(frozen=True, slots=True)
class Totals:
    """What counts towards the tiers, this refund included, in its currency."""

    amount: Decimal
    order: Decimal
    customer: Decimal
    agent: Decimal

    def as_json(self) -> dict[str, str]:
        return {
            "amount": str(self.amount),
            "order": str(self.order),
            "customer": str(self.customer),
            "agent": str(self.agent),
        }


def totals_of(refund: Refund) -> Totals:
    """30-day totals of order, customer and requester."""
    return totals_of_all([refund])[refund.pk]


def totals_of_all(refunds: Iterable[Refund]) -> dict[int, Totals]:
    """The totals of several saved refunds by their id; two statements, however many, and a third
    where records of customers were merged: a person is all of them."""
    own = {refund.pk: refund.amount for refund in refunds}
    rows = Refund.objects.filter(pk__in=own).annotate(
        of_order=_others(payment__order=OuterRef("payment__order")),
        of_customer=_others(payment__order__customer=OuterRef("payment__order__customer")),
        of_agent=_others(requested_by=OuterRef("requested_by")),
    )
    found = list(rows.order_by().values_list("pk", *SUMMED))
    elsewhere = _of_other_records({(customer, currency) for *_sums, customer, currency in found})
    return {
        pk: Totals(
            amount=own[pk],
            order=own[pk] + (order or 0),
            customer=own[pk] + (of_customer or 0) + elsewhere[customer, currency],
            agent=own[pk] + (agent or 0),
        )
        for pk, order, of_customer, agent, customer, currency in found
    }


def _recent() -> QuerySet[Refund]:
    return Refund.objects.filter(status__in=COUNTED, submitted_at__gte=now() - WINDOW).order_by()


def _others(**same: OuterRef) -> Subquery:
    """What other refunds in the same currency sum up to that agree in what is named."""
    counted = _recent().filter(currency=OuterRef("currency"), **same)
    sums = counted.exclude(pk=OuterRef("pk")).values("currency")
    return Subquery(sums.annotate(total=Sum("amount")).values("total"))


def _of_other_records(asked: set[tuple[int, str]]) -> dict[tuple[int, str], Decimal]:
    """What refunds on the other records of the same person sum up to, by record and currency."""
    families = families_of(customer for customer, _currency in asked)
    others = {pk: [one for one in family if one != pk] for pk, family in families.items()}
    ids = {one for family in others.values() for one in family}
    sums: dict[tuple[int, str], Decimal] = {}
    if ids:
        rows = _recent().filter(payment__order__customer__in=ids)
        totals = rows.values_list("payment__order__customer", "currency").annotate(Sum("amount"))
        sums = {(customer, currency): total for customer, currency, total in totals}
    return {
        (pk, currency): sum((sums.get((one, currency), ZERO) for one in others[pk]), ZERO)
        for pk, currency in asked
    }


def applies(tier: ApprovalTier, refund: Refund, totals: Totals) -> bool:
    """Whether a refund reaches a tier by one of its sums; an empty field is no bound."""
    if any(
        wanted and wanted != own
        for wanted, own in (
            (tier.kind, refund.kind),
            (tier.reason, refund.reason),
            (tier.risk, refund.risk),
        )
    ):
        return False
    bounds = (
        (tier.amount_from, totals.amount),
        (tier.order_total_from, totals.order),
        (tier.customer_total_from, totals.customer),
        (tier.agent_total_from, totals.agent),
    )
    return any(bound is not None and own >= bound for bound, own in bounds)


def needed_tier(refund: Refund, totals: Totals) -> ApprovalTier:
    """The strictest tier that applies; raises ``RuleViolated`` when the currency has none."""
    tiers = ApprovalTier.objects.filter(is_active=True, currency=refund.currency)
    tier = strictest(tiers, refund, totals)
    if tier is None:
        raise RuleViolated(
            "no_tier", _("No approval tier is set up for this currency."), field="currency"
        )
    return tier


def strictest(tiers: Iterable[ApprovalTier], refund: Refund, totals: Totals) -> ApprovalTier | None:
    """The strictest of the tiers a refund reaches, if it reaches any."""
    reached = [
        tier for tier in tiers if tier.currency == refund.currency and applies(tier, refund, totals)
    ]
    return max(
        reached,
        key=lambda tier: (tier.level, tier.approver_count, tier.asks_password),
        default=None,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What an approval asks for; ``is_raised`` when that is more than when it was requested."""

    tier: ApprovalTier
    level: int
    role: str
    needed_count: int
    asks_password: bool
    totals: dict[str, str]
    is_raised: bool


def asked_before(request: ApprovalRequest) -> Asked:
    """What was asked for when it was requested or last approved."""
    return Asked(
        tier=request.tier,
        level=request.level,
        role=request.role,
        needed_count=request.needed_count,
        asks_password=request.asks_password,
        totals=request.totals,
        is_raised=False,
    )


def raised(request: ApprovalRequest, tier: ApprovalTier, totals: Totals) -> Asked:
    """What else happened since may need more: an approval grows, it never shrinks."""
    before = (request.level, request.needed_count, request.asks_password)
    if (tier.level, tier.approver_count, tier.asks_password) <= before:
        return asked_before(request)
    return Asked(
        tier=tier,
        level=tier.level,
        role=tier.role,
        needed_count=max(request.needed_count, tier.approver_count),
        asks_password=request.asks_password or tier.asks_password,
        totals=totals.as_json(),
        is_raised=True,
    )


def asked_now(requests: Iterable[ApprovalRequest]) -> dict[int, Asked]:
    """What approving each of these would ask for now, by the request's id; no more statements for
    more of them.

    Nothing is written: the approval itself is raised by the approving verb only. Where no tier is
    set up any more the approval asks for what it did, and approving it says so.
    """
    requests = list(requests)
    totals = totals_of_all(request.refund for request in requests)
    tiers = list(ApprovalTier.objects.filter(is_active=True))
    asked = {}
    for request in requests:
        own = totals[request.refund_id]
        tier = strictest(tiers, request.refund, own)
        asked[request.pk] = raised(request, tier, own) if tier else asked_before(request)
    return asked
