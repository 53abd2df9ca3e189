"""The newest cases, made by the services themselves, so that everything about them is alive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import chain
from random import Random
from typing import Final

from aftersales.demo.catalog import PRODUCTS_BY_SHOP, SHOPS
from aftersales.demo.stories import BY_CODE, tell, tells
from aftersales.kernel.clock import now
from aftersales.kernel.context import Source, entering
from customers.models import Order
from staff.models import Department, Language, User
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
# Stories of goods that fail; the first that can happen to the product is told.
DEFECTS: Final = (
    "battery_drains", "zip_broken", "sole_came_off", "pilling", "color_differs", "wrong_item_sent",
)  # fmt: skip
# What each department that helps is asked to look at.
HELPING: Final = {
    "quality": DEFECTS,
    "supply": ("back_in_stock",),
    "finance": ("charged_twice",),
    "warehouse": ("missing_part",),
    "logistics": ("rude_courier",),
}
# What happened in each shop; ``go_on`` and ``handing_over`` speak of the same.
LIVE: Final = (DEFECTS, ("not_received",), ("missing_part",), ("not_received",))


def live_cases(rng: Random) -> list[Ticket]:
    """A new one, one being looked into, one asked back, one with an open proposal; before them,
    one for each department that helps."""
    agent = User.objects.get(username=AGENT)
    made = []
    earlier = chain(newest_orders(skip=1), newest_orders(skip=2))
    for (code, codes), order in zip(HELPING.items(), earlier, strict=False):
        case = open_case(rng, order, agent, codes, is_phone=True)
        made.append(case)
        with entering(Source.ADMIN):
            hand_out(case, Department.objects.get(code=code), agent)
    for number, (codes, order) in enumerate(zip(LIVE, newest_orders(), strict=False)):
        case = open_case(rng, order, agent, codes, is_phone=number % 2 == 1)
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


def open_case(
    rng: Random, order: Order, agent: User, codes: Sequence[str], *, is_phone: bool
) -> Ticket:
    """Recorded by the agent on the phone, or by the customer in the web form."""
    by_sku = {product.sku: product for product in PRODUCTS_BY_SHOP[order.shop.code]}
    product = by_sku[order.lines.order_by("position")[0].sku]
    language = next(shop.language for shop in SHOPS if shop.code == order.shop.code)
    parcel = order.shipments.first()
    fits = partial(tells, product=product, has_parcel=parcel is not None)
    story = tell(
        rng,
        language,
        product,
        order.external_id,
        parcel.tracking_number if parcel else "",
        order.customer.name,
        code=next(code for code in codes if fits(BY_CODE[code])),
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
        question = "这单的出库称重和监控能查到吗？"
        investigation.open_investigation(case.pk, actor=agent, question=question)
        conversation.note(case.pk, actor=agent, body=f"@{WAREHOUSE} {question}")
    elif number == 2:
        body = "Could you send us a photo of everything that was in the box?"
        conversation.reply(case.pk, actor=agent, body=body, then=TicketStatus.PENDING)
    else:
        terms = (
            "The carrier goes on looking for the parcel, and we send you a replacement today "
            "at our own cost. Is that all right?"
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
    reason = f"{department.name} is to look at it."
    if case.language == Language.ZH:
        reason = f"请{department.name_zh}查看。"
    investigation.drop_investigation(begun.pk, actor=agent, note=reason)
    follow_ups.cancel_follow_up(planned.pk, actor=agent, note=reason)
    handling.route(case.pk, actor=agent, department=department, note=reason)
