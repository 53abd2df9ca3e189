"""Which tier a refund needs: by its own sum and by what went before it, so that splitting is no way
around. Recomputed when it is submitted, at each approval and again before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated
from returns.models import ApprovalTier, Refund
from returns.money_statuses import COUNTED

WINDOW = timedelta(days=30)


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
    """30-day totals of order, customer and requester; one statement."""
    order = refund.payment.order
    others: QuerySet[Refund] = Refund.objects.filter(
        currency=refund.currency, status__in=COUNTED, submitted_at__gte=now() - WINDOW
    ).exclude(pk=refund.pk)
    of_order = Q(payment__order=order)
    of_customer = Q(payment__order__customer=order.customer_id)
    of_agent = Q(requested_by=refund.requested_by_id)
    sums = others.filter(of_customer | of_agent).aggregate(
        order=Sum("amount", filter=of_order),
        customer=Sum("amount", filter=of_customer),
        agent=Sum("amount", filter=of_agent),
    )
    own = refund.amount
    return Totals(
        amount=own,
        order=own + (sums["order"] or 0),
        customer=own + (sums["customer"] or 0),
        agent=own + (sums["agent"] or 0),
    )


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
    reached = [tier for tier in tiers if applies(tier, refund, totals)]
    if not reached:
        raise RuleViolated(
            "no_tier", _("No approval tier is set up for this currency."), field="currency"
        )
    return max(reached, key=lambda tier: (tier.level, tier.approver_count, tier.asks_password))
