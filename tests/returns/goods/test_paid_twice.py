"""The price of goods goes back once, with the sheet of a return and by refunds beside it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import time_machine

from aftersales.kernel.errors import NotPermitted, RuleViolated
from customers.models import Order
from customers.services import merge_customers
from returns.models import Refund, Reimbursement, ReturnAuthorization
from returns.queries.signs import in_words
from returns.services import authorizing, exchanging, requesting, settling
from returns.services.exchanging import Replacement
from returns.services.money import approving, guarding
from returns.services.money.requesting import Line
from returns.services.requesting import Piece
from staff.models import User
from staff.roles import Role
from tests.factories.money import claim, fresh, make_money_lead, make_refund, submit
from tests.factories.people import make_user
from tests.factories.returns import (
    SIGNED_AT,
    lines_of,
    make_delivered_order,
    make_return,
    make_return_ticket,
)
from tests.returns.goods.test_settling import bring_back

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("day_of_delivery")]

D = Decimal
PAID = {"paid_at": "2026-03-01T10:01:00+08:00"}
JACKET, CAPS = 0, 1


def directly(order: Order, amount: str, article: int | None = None) -> Refund:
    """A refund without a return, submitted; it may say for which article."""
    lines: tuple[Line, ...] = ()
    if article is not None:
        lines = (Line(label="part", amount=amount, order_line=lines_of(order)[article].pk),)
    payment = order.payments.order_by("pk").first()
    return submit(make_refund(payment, make_user(), amount, lines=lines))


def returned(order: Order, lead: User, bench: User, article: int = JACKET) -> Reimbursement:
    """One piece came back and was settled."""
    piece = Piece(line=lines_of(order)[article].pk, quantity=1)
    rma = make_return(make_return_ticket(lead, order), lead, pieces=[piece])
    settling.settle_return(bring_back(rma, bench).pk, actor=lead)
    return Reimbursement.objects.latest("pk")


def codes(refund: Refund) -> list[str]:
    return [sign["code"] for one in refund.holds.all() for sign in one.reasons]


def test_abuse_19_sheet_gives_what_a_refund_of_the_article_left(lead: User, bench: User) -> None:
    order = make_delivered_order()
    beside = directly(order, "90.00", JACKET)

    sheet = returned(order, lead, bench)

    (line,) = sheet.lines.all()
    assert (sheet.total, line.amount, line.quantity) == (D("209.00"), D("209.00"), 1)
    assert "what is left of the 299.00 CNY really paid after 90.00 CNY went back" in line.text
    refund = Refund.objects.latest("pk")
    assert (refund.amount, codes(refund), codes(beside)) == (D("209.00"), ["paid_beside"], [])


def test_abuse_19_pieces_of_a_line_never_give_more_than_the_line(lead: User, bench: User) -> None:
    order = make_delivered_order()
    directly(order, "40.00", CAPS)

    totals = [returned(order, lead, bench, CAPS).total for _piece in range(2)]

    assert totals == [D("50.00"), D("10.00")]


def test_abuse_19_refund_that_came_to_nothing_takes_nothing(lead: User, bench: User) -> None:
    order = make_delivered_order()
    beside = directly(order, "90.00", JACKET)
    approving.decline_refund(beside.pk, actor=make_money_lead(), note="not justified")

    sheet = returned(order, lead, bench)

    assert (sheet.total, codes(Refund.objects.latest("pk"))) == (D("299.00"), [])


def test_abuse_19_sheet_after_a_refund_of_no_article_waits_for_a_person(
    lead: User, bench: User
) -> None:
    order = make_delivered_order()
    beside = directly(order, "90.00")

    returned(order, lead, bench)

    refund = Refund.objects.latest("pk")
    hold = refund.holds.get()
    assert (refund.amount, refund.risk, codes(refund)) == (D("299.00"), "raised", ["paid_beside"])
    assert beside.number in in_words(hold.reasons)[0]
    approving.approve_refund(refund.pk, actor=make_money_lead(), voice=fresh())
    claim(refund)
    assert Refund.objects.get(pk=refund.pk).status == "approved"
    guarding.release_hold(refund.pk, actor=make_money_lead(), note="that was for the caps")
    claim(refund)
    assert Refund.objects.get(pk=refund.pk).status == "sending"


def authorized(order: Order, lead: User, bench: User) -> ReturnAuthorization:
    return make_return(make_return_ticket(lead, order), lead)


def settled(order: Order, lead: User, bench: User) -> ReturnAuthorization:
    return returned(order, lead, bench).rma


def exchanged(order: Order, lead: User, bench: User) -> ReturnAuthorization:
    """The replacement was sent, the return is over."""
    rma = make_return(make_return_ticket(lead, order), lead, kind="exchange")
    bring_back(rma, bench)
    new = Replacement(sku="JKT-2", name="Coat", quantity=1)
    instruction = exchanging.order_replacement(rma.pk, new, actor=lead)
    shop = make_user(Role.SERVICE_ACCOUNT)
    settling.settle_return(rma.pk, actor=lead)
    exchanging.confirm_instruction(instruction.pk, actor=shop, external_id="N1")
    exchanging.complete_instruction(instruction.pk, actor=shop)
    return ReturnAuthorization.objects.get(pk=rma.pk, status="closed")


@pytest.mark.parametrize("way", [authorized, settled, exchanged])
@pytest.mark.parametrize("article", [None, CAPS])
def test_abuse_19_refund_beside_a_return_waits_for_a_person(
    lead: User, bench: User, way: Any, article: int | None
) -> None:
    order = make_delivered_order()
    rma = way(order, lead, bench)

    refund = directly(order, "45.00", article)

    assert (refund.status, refund.risk, codes(refund)) == ("submitted", "raised", ["return_known"])
    assert rma.number in in_words(refund.holds.get().reasons)[0]


@pytest.mark.parametrize("end", ["declined", "canceled"])
def test_return_that_came_to_nothing_holds_no_refund(lead: User, end: str) -> None:
    order = make_delivered_order()
    with time_machine.travel(SIGNED_AT.replace(year=2027), tick=False):
        rma = make_return(make_return_ticket(lead, order), lead)
        if end == "declined":
            authorizing.decline_return(rma.pk, actor=lead, reason="late", note="a year late")
        else:
            requesting.cancel_return(rma.pk, actor=lead, note="by the customer")

        refund = directly(order, "45.00")

    assert (codes(refund), refund.risk) == ([], "normal")


def test_abuse_19_article_that_came_back_on_two_tenders_is_paid(lead: User, bench: User) -> None:
    order = make_delivered_order(
        payments=[
            {"external_id": "P1", "method": "alipay", "captured": "300.00", **PAID},
            {"external_id": "P2", "method": "points", "captured": "99.00", **PAID},
        ]
    )
    sheet = returned(order, lead, bench)
    assert [share.amount for share in sheet.shares.order_by("pk")] == [D("224.81"), D("74.19")]
    count = Refund.objects.exclude(status="draft").count()

    with pytest.raises(RuleViolated) as refusal:
        directly(order, "0.01", JACKET)

    assert refusal.value.code == "line_overdrawn"
    assert Refund.objects.exclude(status="draft").count() == count


@pytest.mark.parametrize(("first", "second"), [(None, JACKET), (JACKET, None), (None, None)])
def test_abuse_19_refunds_without_comparable_articles_wait_for_a_person(
    first: int | None, second: int | None
) -> None:
    order = make_delivered_order()
    before = directly(order, "90.00", first)

    refund = directly(order, "120.00", second)

    assert (codes(before), codes(refund)) == ([], ["paid_beside"])
    assert refund.holds.get().reasons == [{"code": "paid_beside", "refunds": [before.number]}]
    assert (refund.risk, refund.approval_requests.get().level) == ("raised", 2)


def test_second_refund_of_no_article_is_paid_once_somebody_else_found_it_fine() -> None:
    order = make_delivered_order()
    directly(order, "90.00")
    refund = directly(order, "120.00")
    approving.approve_refund(refund.pk, actor=make_money_lead(), voice=fresh())

    claim(refund)

    assert Refund.objects.get(pk=refund.pk).status == "approved"
    with pytest.raises(NotPermitted):
        guarding.release_hold(refund.pk, actor=refund.requested_by, note="for the caps")
    guarding.release_hold(refund.pk, actor=make_money_lead(), note="for the caps")
    claim(refund)
    assert Refund.objects.get(pk=refund.pk).status == "sending"


def test_second_refund_on_a_case_is_held_across_orders_and_payments(lead: User) -> None:
    order = make_delivered_order()
    ticket = make_return_ticket(lead, order)
    other = make_delivered_order()
    merge_customers(other.customer_id, order.customer_id, actor=lead)
    before = submit(make_refund(order.payments.get(), lead, "90.00", ticket=ticket))

    refund = submit(make_refund(other.payments.get(), lead, "50.00", ticket=ticket))

    assert refund.holds.get().reasons == [{"code": "paid_beside", "refunds": [before.number]}]


def test_refund_that_came_to_nothing_does_not_hold_the_next() -> None:
    order = make_delivered_order()
    before = directly(order, "90.00")
    approving.decline_refund(before.pk, actor=make_money_lead(), note="not justified")

    assert codes(directly(order, "120.00")) == []


def test_refunds_of_different_articles_are_compared_not_held() -> None:
    order = make_delivered_order()

    refunds = [directly(order, "90.00", JACKET), directly(order, "60.00", CAPS)]

    assert [codes(refund) for refund in refunds] == [[], []]
