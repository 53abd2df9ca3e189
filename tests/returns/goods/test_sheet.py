"""What is owed (law.md 6.2): every row of freight and refund contents, and no cent lost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from returns.sheet import Article, Deal, Freight, Sheet, Tender, calculate, first_units, spread
from returns.sheet.calculation import Gift

D = Decimal


def article(**overrides: Any) -> Article:
    values: dict[str, Any] = {
        "line": 1,
        "item": 1,
        "name": "cap",
        "paid": D("100.00"),
        "bought": 2,
        "quantity": 1,
    }
    return Article(**(values | overrides))


def sheet(*articles: Article, **overrides: Any) -> Sheet:
    values: dict[str, Any] = {
        "currency": "CNY",
        "articles": articles,
        "tenders": (Tender(payment=1, left=D("1000.00")),),
    }
    return calculate(Deal(**(values | overrides)))


def amounts(found: Sheet) -> list[tuple[str, Decimal]]:
    return [(str(line.kind), line.amount) for line in found.lines]


def test_amount_is_what_was_really_paid_measures_17() -> None:
    """满减, sets and coupons are inside the line's paid share; list prices play no part."""
    found = sheet(article(paid=D("83.33"), bought=1))

    assert (found.total, amounts(found)) == (D("83.33"), [("goods", D("83.33"))])


def test_part_quantities_share_what_was_paid_measures_17() -> None:
    first = sheet(article(paid=D("100.00"), bought=3))
    second = sheet(article(paid=D("100.00"), bought=3, earlier=1, given=D("33.34")))
    third = sheet(article(paid=D("100.00"), bought=3, earlier=2, given=D("66.67")))

    assert [one.total for one in (first, second, third)] == [D("33.34"), D("33.33"), D("33.33")]


def test_no_cent_is_lost_when_an_earlier_sheet_was_voided() -> None:
    after_void = sheet(article(paid=D("100.00"), bought=3, quantity=2, earlier=1, given=D("33.33")))

    assert after_void.total == D("66.67")


def test_each_tender_gets_its_own_share_back_measures_14() -> None:
    tenders = (Tender(payment=1, left=D("75.00")), Tender(payment=2, left=D("25.00")))

    found = sheet(article(paid=D("100.00"), bought=2), tenders=tenders)

    assert [(one.payment, part) for one, part in found.shares] == [(1, D("37.50")), (2, D("12.50"))]


def test_points_and_coupons_are_given_back_in_kind_measures_15() -> None:
    tenders = (
        Tender(payment=1, left=D("90.00")),
        Tender(payment=2, left=D("10.00"), is_in_kind=True),
    )

    found = sheet(article(paid=D("100.00"), bought=1), tenders=tenders)

    assert [(one.is_in_kind, part) for one, part in found.shares] == [
        (False, D("90.00")),
        (True, D("10.00")),
    ]


def test_waived_card_fee_may_be_deducted_measures_16() -> None:
    found = sheet(article(paid=D("100.00"), bought=1), waived_card_fee=D("0.60"))

    assert found.total == D("99.40")


def test_card_fee_is_not_refunded_and_not_deducted_by_itself_measures_16() -> None:
    assert sheet(article(paid=D("100.00"), bought=1)).total == D("100.00")


def test_return_postage_without_reason_is_on_the_customer_measures_18() -> None:
    freight = Freight(return_postage=D("12.00"))

    assert sheet(article(), freight=freight).total == D("50.00")


def test_return_postage_of_a_fault_is_on_the_shop_without_cap_consumer_law_24_2() -> None:
    freight = Freight(
        return_postage=D("12.00"),
        is_return_on_shop=True,
        is_fault_of_shop=True,
        postage_cap=D("10.00"),
    )

    assert amounts(sheet(article(), freight=freight))[1] == ("return_freight", D("12.00"))


def test_warranty_return_gives_the_invoice_price_in_one_sum_regulations_18_2() -> None:
    """However long it was used: no line takes anything off, and one payment carries all."""
    freight = Freight(is_return_on_shop=True, is_fault_of_shop=True)

    found = sheet(article(bought=1), freight=freight)

    assert amounts(found) == [("goods", D("100.00"))]
    assert [share for _tender, share in found.shares] == [D("100.00")]


def test_promised_return_postage_is_paid_up_to_its_cap_measures_18() -> None:
    freight = Freight(return_postage=D("12.00"), is_return_on_shop=True, postage_cap=D("10.00"))

    assert amounts(sheet(article(), freight=freight))[1] == ("return_freight", D("10.00"))


LOST = Freight(was_free=True, free_from=D("99.00"), fee=D("8.00"), kept_value=D("50.00"))


def test_outbound_freight_is_deducted_when_free_delivery_is_lost_measures_18_2() -> None:
    found = sheet(article(), freight=LOST)

    assert amounts(found)[1] == ("free_shipping", D("-8.00"))
    assert found.total == D("42.00")


@pytest.mark.parametrize(
    "changed",
    [
        {"kept_value": D("99.00")},
        {"is_fault_of_shop": True},
        {"is_deducted_before": True},
        {"was_free": False},
        {"free_from": None},
    ],
)
def test_outbound_freight_is_not_deducted_otherwise_a13(changed: dict[str, Any]) -> None:
    values = {name: getattr(LOST, name) for name in Freight.__dataclass_fields__} | changed

    assert sheet(article(), freight=Freight(**values)).total == D("50.00")


def test_outbound_freight_comes_back_when_a_faulty_order_is_returned_consumer_law_24() -> None:
    freight = Freight(outbound=D("8.00"), is_fault_of_shop=True, is_all_returned=True)

    assert sheet(article(quantity=2), freight=freight).total == D("108.00")


def test_outbound_freight_comes_back_where_the_terms_say_so_crd_13() -> None:
    freight = Freight(outbound=D("8.00"), refunds_outbound=True, is_all_returned=True)

    assert sheet(article(quantity=2), freight=freight).total == D("108.00")


def test_outbound_freight_stays_paid_in_a_part_return() -> None:
    freight = Freight(outbound=D("8.00"), is_fault_of_shop=True)

    assert sheet(article(), freight=freight).total == D("50.00")


def test_kept_gift_costs_its_pre_stated_price_measures_12() -> None:
    found = sheet(article(), gifts=(Gift(line=9, name="bag", stated_price=D("5.00")),))

    assert found.total == D("45.00")


def test_kept_gift_without_stated_price_costs_nothing_a14() -> None:
    found = sheet(article(), gifts=(Gift(line=9, name="bag", stated_price=D(0)),))

    assert (found.total, len(found.lines)) == (D("50.00"), 1)


def test_agreed_loss_of_value_is_a_line_of_its_own_measures_9() -> None:
    found = sheet(article(deduction=D("7.50")))

    assert amounts(found) == [("goods", D("50.00")), ("deduction", D("-7.50"))]


def test_statutory_damages_are_never_inside_the_refund_consumer_law_55() -> None:
    found = sheet(article(paid=D("100.00"), bought=1), damages=D("500.00"), damages_basis="消法 55")

    assert (found.total, found.damages) == (D("100.00"), D("500.00"))
    assert sum(part for _tender, part in found.shares) == D("100.00")


def test_deductions_never_make_the_customer_pay() -> None:
    gifts = (Gift(line=9, name="watch", stated_price=D("500.00")),)

    assert sheet(article(), gifts=gifts).total == D(0)


def test_more_than_the_payments_have_left_is_a_shortfall() -> None:
    found = sheet(article(), tenders=(Tender(payment=1, left=D("20.00")),))

    assert (found.total, found.shortfall) == (D("20.00"), D("30.00"))


def test_every_line_has_basis_and_reason_in_both_languages() -> None:
    found = sheet(
        article(deduction=D("1.00")),
        freight=LOST,
        gifts=(Gift(line=9, name="bag", stated_price=D("5.00")),),
        price_difference=D("3.00"),
        waived_card_fee=D("0.60"),
        damages=D("500.00"),
        damages_basis="消法 55",
    )

    assert len(found.lines) == 7
    for line in found.lines:
        assert line.basis
        assert "{" not in line.en + line.zh
        assert any("\u4e00" <= char <= "\u9fff" for char in line.zh)


def test_digest_changes_with_every_part() -> None:
    plain = sheet(article())

    assert plain.digest == sheet(article()).digest
    assert plain.digest != sheet(article(deduction=D("0.01"))).digest
    assert plain.digest != sheet(article(), tenders=(Tender(payment=2, left=D("1000")),)).digest


CENTS = st.integers(0, 10**8).map(lambda cents: D(cents) / 100)


@given(paid=CENTS, bought=st.integers(1, 50), data=st.data())
def test_all_partial_returns_together_are_what_was_paid(
    paid: Decimal, bought: int, data: st.DataObject
) -> None:
    earlier, given, refunds = 0, D(0), []
    while earlier < bought:
        quantity = data.draw(st.integers(1, bought - earlier))
        one = article(paid=paid, bought=bought, quantity=quantity, earlier=earlier, given=given)
        share = one.share("CNY")
        refunds.append(share)
        earlier, given = earlier + quantity, given + share

    assert sum(refunds) == paid
    assert all(refund >= 0 for refund in refunds)


@given(
    paid=CENTS,
    pieces=st.lists(st.tuples(st.integers(1, 5), st.booleans()), min_size=1, max_size=12),
)
def test_voided_sheets_neither_lose_nor_add_a_cent(
    paid: Decimal, pieces: list[tuple[int, bool]]
) -> None:
    bought = sum(quantity for quantity, _voided in pieces)
    live: list[tuple[int, Decimal]] = []
    for quantity, voided in [*pieces, *((one, False) for one, voided in pieces if voided)]:
        earlier, given = sum(one for one, _a in live), sum((a for _one, a in live), D(0))
        one = article(paid=paid, bought=bought, quantity=quantity, earlier=earlier, given=given)
        if not voided:
            live.append((quantity, one.share("CNY")))
        assert sum(amount for _one, amount in live) <= paid

    assert sum(amount for _one, amount in live) == paid


@given(paid=CENTS, bought=st.integers(1, 50), count=st.integers(0, 50))
def test_pieces_never_exceed_what_was_paid_and_differ_by_a_cent_at_most(
    paid: Decimal, bought: int, count: int
) -> None:
    count = min(count, bought)

    part = first_units(paid, bought, count, "CNY")

    assert 0 <= part <= paid
    assert 0 <= part * bought - paid * count < D("0.01") * bought


@given(
    lefts=st.lists(CENTS, min_size=1, max_size=6),
    order=st.permutations([0, 1, 2]),
    paid=st.tuples(CENTS, CENTS, CENTS),
)
def test_order_of_returns_does_not_matter_and_tenders_end_at_zero(
    lefts: list[Decimal], order: list[int], paid: tuple[Decimal, ...]
) -> None:
    """Three articles come back one after the other, in any order: all is given back."""
    total = sum(paid)
    lefts = spread(total, [max(left, D("0.01")) for left in lefts], "CNY")
    for index in order:
        tenders = tuple(Tender(payment=i, left=left) for i, left in enumerate(lefts))
        found = sheet(article(paid=paid[index], bought=1, line=index), tenders=tenders)
        assert (found.total, found.shortfall) == (paid[index], D(0))
        for tender, part in found.shares:
            assert 0 < part <= lefts[tender.payment]
            lefts[tender.payment] -= part

    assert lefts == [D(0)] * len(lefts)


@given(
    weights=st.lists(st.integers(0, 10**12), min_size=1, max_size=8),
    part=st.floats(0, 1),
    currency=st.sampled_from(["CNY", "JPY"]),
)
def test_shares_add_up_and_stay_within_their_weights(
    weights: list[int], part: float, currency: str
) -> None:
    cent = D("0.01") if currency == "CNY" else D(1)
    bounds = [weight * cent for weight in weights]
    amount = int(sum(weights) * part) * cent

    parts = spread(amount, bounds, currency)

    assert sum(parts) == amount
    assert all(0 <= one <= bound for one, bound in zip(parts, bounds, strict=True))
