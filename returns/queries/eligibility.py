"""Gathering the facts of an order for the chain; reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aftersales.kernel.clock import now
from clocks.counting import WorkWeek
from customers.models import Order, OrderLine, OrderStatus
from customers.queries import family_of
from returns.choices import DeclineReason, StatedCondition
from returns.eligibility import Facts, Promise, Quality, Verdict, judge
from returns.eligibility.law import QUALITY_EXCHANGE_DAYS, QUALITY_RETURN_DAYS, window_days
from returns.models import Inspection, Repair, ReturnAuthorization, ReturnPolicy
from returns.queries.policies import policies_of, policy_for
from returns.queries.windows import days_after, months_after, week_of_market
from returns.statuses import RepairStatus
from tickets.models import Ticket

# Signs that call a person (E16, A29): how many returns of one customer in how many days.
MANY_RETURNS, SIGN_DAYS = 5, 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A quantity of an order line and the state the asker says it is in."""

    line: OrderLine
    quantity: int
    condition: str = StatedCondition.UNOPENED


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for, why, and when the customer told us."""

    kind: str
    claim: str
    noticed_at: datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict for one line, under which promise, and until when the law lets one ask."""

    wish: Wish
    verdict: Verdict
    policy: ReturnPolicy | None
    window_end: datetime | None


def judge_wishes(ticket: Ticket, asked: Asked, wishes: Iterable[Wish]) -> list[Judged]:
    """One verdict per line of the case's order; reads only."""
    order = ticket.order
    assert order is not None  # noqa: S101 -- the caller refuses cases without an order
    week, arrived = week_of_market(order.shop.market), arrival_of(order)
    promises, signs = policies_of(order), signs_of(order)
    end = window_of(order, week, arrived)
    common: dict[str, Any] = {
        "kind": asked.kind,
        "claim": asked.claim,
        "noticed_at": asked.noticed_at,
        "market": order.shop.market,
        "zone": week.zone,
        "is_remote": is_remote(order),
        "is_business": order.is_business,
        "window_end": end,
        "signs": signs,
    }
    judged = []
    for wish in wishes:
        policy = policy_for(wish.line, promises)
        facts = Facts(
            **common,
            **facts_of(wish),
            promise=promise_of(policy, week, arrived),
            quality=quality_of(wish.line, policy, week, arrived),
        )
        judged.append(Judged(wish, judge(facts), policy, end))
    return judged


def window_of(order: Order, week: WorkWeek, arrived: datetime | None) -> datetime | None:
    """When the law's time to return without a reason ends (exclusive); ``None`` before it runs."""
    days = window_days(order.shop.market)
    return days_after(week, arrived, days) if arrived and days else None


def open_window(ticket: Ticket) -> datetime | None:
    """Until when the customer of a case may still ask; ``None`` when that is over or not known."""
    order = ticket.order
    arrived = arrival_of(order) if order and is_remote(order) and not order.is_business else None
    if order is None or arrived is None:
        return None
    end = window_of(order, week_of_market(order.shop.market), arrived)
    return end if end and end > now() else None


def facts_of(wish: Wish) -> dict[str, Any]:
    """What the article itself says, and what is said of it."""
    line = wish.line
    return {
        "traits": frozenset(line.traits),
        "is_opened": wish.condition != StatedCondition.UNOPENED,
        "is_stated_damaged": wish.condition in (StatedCondition.USED, StatedCondition.DAMAGED),
        "is_marked_on_page": line.is_marked_on_page,
        "is_confirmed_at_purchase": line.is_confirmed_at_purchase,
    }


def is_remote(order: Order) -> bool:
    """Sent to somebody; what was handed over in a shop has neither address nor parcel."""
    return bool(order.address) or order.shipments.exists()


def is_sent(order: Order) -> bool:
    """Whether the goods have left the shop; what was handed over there has no address."""
    has_left = order.shop_status != OrderStatus.PAID or not order.address
    return has_left or order.shipments.exists()


def arrival_of(order: Order) -> datetime | None:
    """When the last parcel was signed for; ``None`` while one is on its way (no time runs yet)."""
    delivered = [parcel.delivered_at for parcel in order.shipments.all()]
    if not delivered:
        return None if order.address else order.placed_at
    if None in delivered:
        return None
    return max(moment for moment in delivered if moment)


def promise_of(
    policy: ReturnPolicy | None, week: WorkWeek, arrived: datetime | None
) -> Promise | None:
    if policy is None:
        return None
    days = policy.window_days
    return Promise(
        label=policy.label,
        window_end=days_after(week, arrived, days) if arrived and days else None,
        covers=frozenset(policy.covers_exclusions),
        covers_counter_sales=policy.covers_counter_sales,
        covers_business=policy.covers_business,
    )


def quality_of(
    line: OrderLine, policy: ReturnPolicy | None, week: WorkWeek, arrived: datetime | None
) -> Quality:
    """Ends and repairs of the route for faults."""
    if arrived is None:
        return Quality()
    months = policy.warranty_months if policy else 0
    repairs = list(Repair.objects.filter(item__order_line=line))
    return Quality(
        return_end=days_after(week, arrived, QUALITY_RETURN_DAYS),
        exchange_end=days_after(week, arrived, QUALITY_EXCHANGE_DAYS),
        warranty_end=months_after(week, arrived, months) if months else None,
        failed_repairs=sum(1 for repair in repairs if repair.status == RepairStatus.FAILED),
        is_repair_overdue=any(repair.is_overdue(now()) for repair in repairs),
    )


def signs_of(order: Order) -> tuple[str, ...]:
    """What calls a person (E16, A29): many returns lately, or another article sent back before."""
    since = now() - timedelta(days=SIGN_DAYS)
    rows = ReturnAuthorization.objects.filter(order__customer__in=family_of(order.customer_id))
    signs = []
    if rows.filter(requested_at__gte=since).count() >= MANY_RETURNS:
        signs.append("volume")
    swapped = [DeclineReason.WRONG_ARTICLE, DeclineReason.FRAUD]
    if Inspection.objects.filter(rma__in=rows, reason__in=swapped).exists():
        signs.append("swaps")
    return tuple(signs)
