"""The newest cases, made by the services themselves, so that everything about them is alive."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from aftersales.demo.catalog import PRODUCTS_BY_SHOP, SHOPS
from aftersales.demo.stories import tell
from aftersales.kernel.context import Source, entering
from customers.models import Order
from staff.models import User
from staff.services import system_actor
from tickets.models import Category, Ticket
from tickets.services import conversation, handling, investigation, opening, proposals
from tickets.statuses import TicketStatus

AGENT: Final = "ruolin.fang"
WAREHOUSE: Final = "jianjun.duan"


def live_cases(rng: Random) -> list[Ticket]:
    """A new one, one being looked into, one asked back, one with an open proposal."""
    agent = User.objects.get(username=AGENT)
    made = []
    for number, order in enumerate(newest_orders()):
        case = open_case(rng, order, agent, is_phone=number % 2 == 1)
        made.append(case)
        with entering(Source.ADMIN):
            go_on(case, number, agent)
    return made


def newest_orders() -> Iterator[Order]:
    """One delivered order of each shop, in the order the stories are told."""
    for shop in SHOPS:
        order = (
            Order.objects.filter(shop__code=shop.code, shop_status="delivered")
            .select_related("shop", "customer")
            .order_by("-placed_at")
            .first()
        )
        if order is not None:
            yield order


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
