"""The newest cases, made by the services themselves, so that everything about them is alive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from random import Random
from typing import Final

from aftersales.demo.catalog import PRODUCTS_BY_SHOP, SHOPS
from aftersales.demo.stories import tell
from aftersales.kernel.clock import now
from aftersales.kernel.context import Source, entering
from customers.models import Order
from staff.models import Department, User
from staff.services import system_actor
from tickets.models import Category, Ticket
from tickets.services import (
    conversation,
    follow_ups,
    handling,
    investigation,
    opening,
    proposals,
)
from tickets.statuses import TicketStatus

AGENT: Final = "ruolin.fang"
WAREHOUSE: Final = "jianjun.duan"
HELPING: Final = ("quality", "supply", "finance", "warehouse", "logistics")


def live_cases(rng: Random) -> list[Ticket]:
    """A new one, one being looked into, one asked back, one with an open proposal; before them,
    one for each department that helps."""
    agent = User.objects.get(username=AGENT)
    made = []
    earlier = chain(newest_orders(skip=1), newest_orders(skip=2))
    for code, order in zip(HELPING, earlier, strict=False):
        case = open_case(rng, order, agent, is_phone=True)
        made.append(case)
        with entering(Source.ADMIN):
            hand_out(case, Department.objects.get(code=code), agent)
    for number, order in enumerate(newest_orders()):
        case = open_case(rng, order, agent, is_phone=number % 2 == 1)
        made.append(case)
        with entering(Source.ADMIN):
            go_on(case, number, agent)
    return made


def newest_orders(skip: int = 0) -> Iterator[Order]:
    """One delivered order of each shop, in the order the stories are told."""
    for shop in SHOPS:
        yield from (
            Order.objects.filter(shop__code=shop.code, shop_status="delivered")
            .select_related("shop", "customer")
            .order_by("-placed_at", "-pk")[skip : skip + 1]
        )


def open_case(rng: Random, order: Order, agent: User, *, is_phone: bool) -> Ticket:
    """Recorded by the agent on the phone, or by the customer in the web form."""
    by_sku = {product.sku: product for product in PRODUCTS_BY_SHOP[order.shop.code]}
    line = order.lines.order_by("position")[0]
    language = next(shop.language for shop in SHOPS if shop.code == order.shop.code)
    parcel = order.shipments.first()
    story = tell(
        rng,
        language,
        by_sku[line.sku],
        order.external_id,
        parcel.tracking_number if parcel else "",
        order.customer.name,
        ordered_on=order.placed_at.date(),
    )
    with entering(Source.ADMIN if is_phone else Source.PORTAL):
        return opening.open_ticket(
            opening.NewCase(
                subject=story.subject,
                body=story.first_message,
                channel="phone" if is_phone else "web",
                kind=story.kind,
                priority=story.priority,
                order=order,
                category=Category.objects.get(path=story.category) if is_phone else None,
                department=agent.department,
                author_name=order.customer.name,
            ),
            actor=agent if is_phone else system_actor(),
        )


def go_on(case: Ticket, number: int, agent: User) -> None:
    """Each case stands a step further than the one before."""
    if number == 0:
        return
    handling.acknowledge(case.pk, actor=agent)
    handling.assess(
        case.pk, handling.Assessment(severity="moderate", complexity="normal"), actor=agent
    )
    handling.assign(case.pk, actor=agent, assignee=agent)
    if number == 1:
        question = "昨天的出库称重和监控能查到吗？"
        investigation.open_investigation(case.pk, actor=agent, question=question)
        conversation.note(case.pk, actor=agent, body=f"@{WAREHOUSE} {question}")
    elif number == 2:
        body = "Could you send us two photos, one of the whole article and one close-up?"
        conversation.reply(case.pk, actor=agent, body=body, then=TicketStatus.PENDING)
    else:
        terms = (
            "We send a replacement today and collect the old one free of charge. Is that all right?"
        )
        proposals.propose(case.pk, proposals.Offer(remedy="exchange", terms=terms), actor=agent)


def hand_out(case: Ticket, department: Department, agent: User) -> None:
    """Another department is to look at it; what the agent began is given up with a reason."""
    handling.acknowledge(case.pk, actor=agent)
    begun = investigation.open_investigation(case.pk, actor=agent, question=case.subject)
    planned = follow_ups.plan_follow_up(
        case.pk,
        actor=agent,
        kind="call_back",
        text=case.subject,
        due_at=now() + timedelta(days=1),
    )
    reason = f"{department.name_zh} / {department.name}"
    investigation.drop_investigation(begun.pk, actor=agent, note=reason)
    follow_ups.cancel_follow_up(planned.pk, actor=agent, note=reason)
    handling.route(case.pk, actor=agent, department=department, note=reason)
