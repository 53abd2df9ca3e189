"""Whoever made what a return's money rests on never approves it (invariant I13)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from aftersales.kernel.errors import NotPermitted
from compliance.models import AuditEvent
from returns.models import Approval, Refund, ReturnAuthorization
from returns.queries.deal import Extras
from returns.services import exchanging, inspecting, receiving, settling
from returns.services.exchanging import Replacement
from returns.services.inspecting import Look
from returns.services.money import approving
from returns.services.receiving import Receipt
from returns.services.requesting import Piece
from staff.models import User
from staff.roles import Role
from tests.factories.money import fresh, make_money_lead
from tests.factories.people import make_user
from tests.factories.returns import (
    lines_of,
    make_delivered_order,
    make_return,
    make_return_ticket,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("day_of_delivery")]

GOOD = {"works": True, "complete": True, "labels": True}
Deed = Callable[[ReturnAuthorization, User, User], None]


def colleague() -> User:
    """Somebody who decides and stands at the bench."""
    return make_user(Role.LEAD, roles=[Role.LEAD, Role.WAREHOUSE])


def arrive(rma: ReturnAuthorization, bench: User, status: str = "received") -> None:
    item = rma.items.get()
    receipt = Receipt(item=item.pk, quantity=item.quantity, status=status)
    receiving.receive_items(rma.pk, [receipt], actor=bench)


def accept(rma: ReturnAuthorization, bench: User) -> None:
    found = Look(answers=GOOD, grade="as_new", disposition="restock", decision="accepted")
    inspecting.inspect_item(rma.items.get().pk, found, actor=bench)


def decides_that_short_goods_are_owed(rma: ReturnAuthorization, lead: User, other: User) -> None:
    arrive(rma, other, "short")
    inspecting.decide_missing(rma.items.get().pk, actor=lead, is_owed=True, note="lost by carrier")


def waives_what_another_decides(rma: ReturnAuthorization, lead: User, other: User) -> None:
    item = rma.items.get()
    receiving.waive_item(item.pk, actor=lead, note="not worth the way")
    inspecting.decide_missing(item.pk, actor=other, is_owed=True, note="as was waived")


def gives_the_replacement_away(rma: ReturnAuthorization, lead: User, other: User) -> None:
    arrive(rma, other)
    accept(rma, other)
    new = Replacement(sku="JKT-2", name="Coat", quantity=1, price="0")
    exchanging.order_replacement(rma.pk, new, actor=lead)


@pytest.mark.parametrize(
    ("kind", "deed"),
    [
        ("return_and_refund", decides_that_short_goods_are_owed),
        ("return_and_refund", waives_what_another_decides),
        ("exchange", gives_the_replacement_away),
    ],
)
def test_who_made_the_basis_cannot_approve_and_somebody_else_can(kind: str, deed: Deed) -> None:
    agent, lead, other = make_user(Role.LEAD), make_money_lead(), colleague()
    rma = make_return(make_return_ticket(agent, make_delivered_order()), agent, kind=kind)
    deed(rma, lead, other)
    settling.settle_return(rma.pk, actor=agent)
    refund = Refund.objects.get()
    before = Refund.objects.values().get(), AuditEvent.objects.count()

    with pytest.raises(NotPermitted):
        approving.approve_refund(refund.pk, actor=lead, voice=fresh())

    assert (Refund.objects.values().get(), AuditEvent.objects.count()) == before
    assert not Approval.objects.exists()
    assert refund.touches.filter(user=lead, what="evidence").exists()
    approving.approve_refund(refund.pk, actor=make_money_lead(), voice=fresh())
    refund.refresh_from_db()
    assert refund.status == "approved"


def test_who_set_damages_on_a_missing_article_is_as_little_an_approver() -> None:
    agent, lead = make_user(Role.LEAD), make_money_lead()
    rma = make_return(make_return_ticket(agent, make_delivered_order()), agent)
    decides_that_short_goods_are_owed(rma, lead, colleague())
    extras = Extras(damages=Decimal(500), damages_basis="law 55")
    settling.settle_return(rma.pk, actor=agent, extras=extras)
    refund = Refund.objects.get(kind="statutory_damages")

    with pytest.raises(NotPermitted):
        approving.approve_refund(refund.pk, actor=lead, voice=fresh())

    refund.refresh_from_db()
    assert refund.status == "submitted"


def test_hands_on_another_return_of_the_case_do_not_count() -> None:
    agent, lead, other = make_user(Role.LEAD), make_money_lead(), colleague()
    order = make_delivered_order()
    ticket = make_return_ticket(agent, order)
    foreign = make_return(ticket, agent, pieces=[Piece(line=lines_of(order)[1].pk, quantity=2)])
    decides_that_short_goods_are_owed(foreign, lead, other)
    rma = make_return(ticket, agent)
    decides_that_short_goods_are_owed(rma, other, other)
    settling.settle_return(rma.pk, actor=agent)

    approving.approve_refund(Refund.objects.get().pk, actor=lead, voice=fresh())

    assert Refund.objects.get().status == "approved"
