"""A discount for reaching a sum (满减) that a part return no longer reaches: settled anew at the
prices of the purchase, both ways (return measures art. 17)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from aftersales.kernel.errors import RuleViolated
from customers.models import Order
from returns.models import Reimbursement
from returns.services import settling
from returns.services.requesting import Piece
from returns.sheet import Article, Deal, Discount, Sheet, Tender, calculate, spread
from staff.roles import Role
from tests.factories.money import ensure_tiers
from tests.factories.people import make_department, make_user
from tests.factories.returns import (
    SIGNED_AT,
    lines_of,
    make_address,
    make_delivered_order,
    make_return,
    make_return_ticket,
)
from tests.returns.goods.test_settling import bring_back

D = Decimal
ONE_STEP = ((D(300), D(50)),)


def part_return(**discount: Any) -> Sheet:
    """A cap for 100 comes back, a coat for 200 stays; 250 was paid for both."""
    values: dict[str, Any] = {
        "steps": ONE_STEP,
        "value": D("300.00"),
        "kept_value": D("200.00"),
        "paid": D("250.00"),
        "kept_paid": D("166.67"),
    }
    cap = Article(line=2, item=2, name="cap", paid=D("83.33"), bought=1, quantity=1)
    return calculate(
        Deal(
            currency="CNY",
            articles=(cap,),
            tenders=(Tender(payment=1, left=D("250.00")),),
            discount=Discount(**(values | discount)),
        )
    )


def test_lost_discount_is_settled_at_purchase_prices_measures_17() -> None:
    found = part_return()

    assert [(str(line.kind), line.amount, line.basis) for line in found.lines] == [
        ("goods", D("83.33"), "暂行办法 17"),
        ("discount", D("-33.33"), "暂行办法 17"),
    ]
    assert found.total == D("50.00")
    assert "200.00 CNY at the prices of the purchase" in found.lines[1].en
    assert "按购买时价格200.00 CNY结算" in found.lines[1].zh


@pytest.mark.parametrize(
    ("steps", "total"),
    [
        (((D(300), D(50)), (D(200), D(20))), "70.00"),  # the coat still earns 20
        (((D(300), D(50)), (D(200), D(45))), "95.00"),  # 45 are more than its share was
        (((D(200), D(50)),), "83.33"),  # the step is still reached
        ((), "83.33"),
    ],
)
def test_discount_of_what_is_kept_counts_both_ways_measures_17(
    steps: tuple[tuple[Decimal, Decimal], ...], total: str
) -> None:
    assert part_return(steps=steps).total == D(total)


def test_fault_of_the_shop_takes_no_discount_away_consumer_law_24() -> None:
    assert part_return(is_fault_of_shop=True).total == D("83.33")


def test_taken_discount_comes_back_with_the_rest_measures_17() -> None:
    found = part_return(kept_value=D(0), kept_paid=D(0), taken=D("33.33"))

    assert [line.amount for line in found.lines] == [D("83.33"), D("33.33")]


def test_never_more_is_taken_than_comes_back() -> None:
    found = part_return(
        steps=((D(1000), D(500)),),
        value=D("1000.00"),
        kept_value=D("900.00"),
        paid=D("500.00"),
        kept_paid=D("416.67"),
    )

    assert found.total == D("0.00")
    assert [line.amount for line in found.lines] == [D("83.33"), D("-83.33")]


CENTS = st.integers(1, 10**6).map(lambda cents: D(cents) / 100)


@given(
    prices=st.tuples(CENTS, CENTS, CENTS),
    steps=st.lists(st.tuples(CENTS, st.integers(1, 90)), max_size=3),
    order=st.permutations([0, 1, 2]),
)
def test_all_comes_back_in_whatever_order_measures_17(
    prices: tuple[Decimal, ...], steps: list[tuple[Decimal, int]], order: list[int]
) -> None:
    """Each part return is at most what was paid; all of them together are exactly that."""
    table = tuple((least, (least * off / 100).quantize(D("0.01"))) for least, off in steps)
    value = sum(prices)
    off = Discount(steps=table).earned_by(value)
    paid = [price - cut for price, cut in zip(prices, spread(off, prices, "CNY"), strict=True)]
    kept, taken, given_back = set(order), D(0), D(0)
    for index in order:
        kept.discard(index)
        discount = Discount(
            steps=table,
            value=value,
            kept_value=sum((prices[one] for one in kept), D(0)),
            paid=sum(paid),
            kept_paid=sum((paid[one] for one in kept), D(0)),
            taken=taken,
        )
        one = Article(line=index, item=index, name="a", paid=paid[index], bought=1, quantity=1)
        left = Tender(payment=1, left=sum(paid) - given_back)
        found = calculate(Deal(currency="CNY", articles=(one,), tenders=(left,), discount=discount))
        taken -= sum(line.amount for line in found.lines if line.kind == "discount")
        given_back += found.total
        assert found.shortfall == 0

    assert given_back == sum(paid)


def make_discounted_order() -> Order:
    """A coat for 200 and two caps for 50 each, 50 off from 300 on."""
    payment = {"external_id": "P1", "method": "alipay", "captured": "250.00"}
    coat = {"sku": "COAT", "name": "大衣", "quantity": 1, "unit_price": "200.00"}
    caps = {"sku": "CAP-1", "name": "帽子", "quantity": 2, "unit_price": "50.00"}
    return make_delivered_order(
        total="250.00",
        lines=[coat | {"paid_amount": "166.67"}, caps | {"paid_amount": "83.33"}],
        payments=[payment | {"paid_at": "2026-03-01T10:01:00+08:00"}],
        discount_steps=[{"threshold": "300.00", "discount": "50.00"}],
    )


@pytest.mark.django_db
@time_machine.travel(SIGNED_AT, tick=False)
def test_part_returns_of_a_discounted_order_are_settled_both_ways_measures_17() -> None:
    ensure_tiers()
    make_address()
    lead = make_user(Role.LEAD)
    bench = make_user(Role.WAREHOUSE, department=make_department("dock", kind="warehouse"))
    order = make_discounted_order()
    coat, caps = lines_of(order)

    # A cap and the coat cost the 250 paid for everything; then the coat alone; then all is back.
    for line in (caps, caps, coat):
        pieces = [Piece(line=line.pk, quantity=1)]
        rma = make_return(make_return_ticket(lead, order), lead, pieces=pieces)
        settling.settle_return(bring_back(rma, bench).pk, actor=lead)

    totals = Reimbursement.objects.order_by("pk").values_list("total", flat=True)
    assert list(totals) == [D("0.00"), D("50.00"), D("200.00")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "step",
    [
        {"threshold": "300.00", "discount": "0.00"},
        {"threshold": "300.00", "discount": "300.01"},
        {"threshold": "300.00", "discount": "-5.00"},
        {"threshold": "NaN", "discount": "5.00"},
        {"threshold": "300.00"},
        {"threshold": "300.00", "discount": "5.00", "percent": "5"},
    ],
)
def test_odd_discounts_of_an_order_are_refused(step: dict[str, str]) -> None:
    with pytest.raises(RuleViolated) as refusal:
        make_delivered_order(discount_steps=[step])

    assert str(refusal.value.field).startswith("discount_steps.0")
    assert not Order.objects.exists()
