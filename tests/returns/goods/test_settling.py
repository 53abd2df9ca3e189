"""Performing the sheet: preview and performance are one, money leaves by its own approval."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from aftersales.kernel.errors import DomainError, InvalidTransition, NotPermitted, RuleViolated
from compliance.models import AuditEvent
from customers.models import Payment
from returns.models import Refund, Reimbursement, ReturnAuthorization, ShopInstruction
from returns.queries.deal import Extras, sheet_of
from returns.services import exchanging, inspecting, receiving, settling
from returns.services.exchanging import Replacement
from returns.services.inspecting import Look
from returns.services.money import requesting as money
from returns.services.receiving import Receipt
from returns.services.requesting import Piece
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_user
from tests.factories.returns import (
    lines_of,
    make_delivered_order,
    make_policy,
    make_return,
    make_return_ticket,
)
from tickets import gates

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("day_of_delivery")]

D = Decimal
GOOD = {"works": True, "complete": True, "labels": True}


@pytest.fixture
def shop() -> User:
    return make_user(Role.SERVICE_ACCOUNT)


def bring_back(rma: ReturnAuthorization, bench: User) -> ReturnAuthorization:
    """Everything arrives and is accepted as new."""
    items = list(rma.items.order_by("pk"))
    receipts = [Receipt(item=item.pk, quantity=item.quantity) for item in items]
    receiving.receive_items(rma.pk, receipts, actor=bench)
    for item in items:
        found = Look(answers=GOOD, grade="as_new", disposition="restock", decision="accepted")
        inspecting.inspect_item(item.pk, found, actor=bench)
    rma.refresh_from_db()
    return rma


def all_of(order: Any) -> list[Piece]:
    return [Piece(line=line.pk, quantity=line.quantity) for line in lines_of(order)]


def refused(call: Callable[[], Any], error: type[DomainError]) -> str:
    before = snapshot()
    with pytest.raises(error) as refusal:
        call()
    assert snapshot() == before
    return getattr(refusal.value, "code", "")


def snapshot() -> tuple[Any, ...]:
    return (
        list(ReturnAuthorization.objects.values()),
        list(Payment.objects.order_by("pk").values()),
        Reimbursement.objects.count(),
        Refund.objects.count(),
        ShopInstruction.objects.count(),
        AuditEvent.objects.count(),
    )


def test_sheet_shown_is_the_sheet_performed_and_reserved(lead: User, bench: User) -> None:
    rma = bring_back(make_return(actor=lead), bench)
    shown = sheet_of(rma)

    settling.settle_return(rma.pk, actor=lead, seen=shown.digest)

    sheet = Reimbursement.objects.get()
    assert (sheet.total, sheet.digest, shown.total) == (D("299.00"), shown.digest, D("299.00"))
    refund = Refund.objects.get()
    assert (refund.status, refund.amount, refund.basis_digest) == (
        "submitted",
        D("299.00"),
        sheet.digest,
    )
    assert Payment.objects.get().reserved == D("299.00")
    assert sheet.shares.get().refund_id == refund.pk
    rma.refresh_from_db()
    assert rma.status == "settled"


def test_sheet_that_changed_since_it_was_shown_is_refused(lead: User, bench: User) -> None:
    rma = bring_back(make_return(actor=lead), bench)
    old = sheet_of(rma, Extras(waived_card_fee=D("1.00"))).digest

    call = partial(settling.settle_return, rma.pk, actor=lead, seen=old)

    assert refused(call, RuleViolated) == "sheet_changed"


def test_whoever_asked_decided_or_inspected_may_not_approve(lead: User, bench: User) -> None:
    rma = bring_back(make_return(actor=lead), bench)
    settling.settle_return(rma.pk, actor=make_user(Role.LEAD))

    touched = set(Refund.objects.get().touches.values_list("user__username", flat=True))

    assert {lead.username, bench.username} <= touched


def test_settled_twice_is_refused(lead: User, bench: User) -> None:
    rma = bring_back(make_return(actor=lead), bench)
    settle = partial(settling.settle_return, rma.pk, actor=lead)
    settle()

    assert refused(settle, InvalidTransition) == "invalid_transition"


def test_not_inspected_and_not_allowed_are_refused(lead: User, bench: User) -> None:
    rma = make_return(actor=lead)
    assert refused(partial(settling.settle_return, rma.pk, actor=lead), InvalidTransition)
    bring_back(rma, bench)
    assert refused(partial(settling.settle_return, rma.pk, actor=bench), NotPermitted)


@pytest.mark.parametrize(
    ("extras", "code"),
    [
        ({"damages": D("-1")}, "negative"),
        ({"damages": D("500")}, "too_short"),
        ({"return_postage": D("NaN")}, "out_of_range"),
        ({"return_postage": D("1e20")}, "out_of_range"),
        ({"waived_card_fee": D("0.001")}, "too_many_decimals"),
    ],
)
def test_bad_extras_are_refused(
    lead: User, bench: User, extras: dict[str, Decimal], code: str
) -> None:
    rma = bring_back(make_return(actor=lead), bench)
    call = partial(settling.settle_return, rma.pk, actor=lead, extras=Extras(**extras))

    assert refused(call, RuleViolated) == code


def test_damages_are_a_refund_of_their_own_outside_the_payment(lead: User, bench: User) -> None:
    rma = bring_back(make_return(actor=lead), bench)
    extras = Extras(damages=D("500.00"), damages_basis="消法 55")

    settling.settle_return(rma.pk, actor=lead, extras=extras)

    kinds = Refund.objects.order_by("kind").values_list("kind", "amount")
    assert list(kinds) == [("purchase", D("299.00")), ("statutory_damages", D("500.00"))]
    assert Payment.objects.get().reserved == D("299.00")


def test_three_part_returns_give_back_everything_in_two_tenders(lead: User, bench: User) -> None:
    """满减: three caps for 100.00 paid by 66.67 alipay, 23.33 bank, 10.00 points."""
    paid = {"paid_at": "2026-03-01T10:01:00+08:00"}
    order = make_delivered_order(
        total="100.00",
        lines=[
            {
                "sku": "CAP-1",
                "name": "帽子",
                "quantity": 3,
                "unit_price": "50.00",
                "paid_amount": "100.00",
            }
        ],
        payments=[
            {"external_id": "P1", "method": "alipay", "captured": "66.67", **paid},
            {"external_id": "P2", "method": "bank", "captured": "23.33", **paid},
            {"external_id": "P3", "method": "points", "captured": "10.00", **paid},
        ],
    )
    totals = []
    for _part in range(3):
        ticket = make_return_ticket(lead, order)
        rma = make_return(ticket, lead, pieces=[Piece(line=lines_of(order)[0].pk, quantity=1)])
        settling.settle_return(bring_back(rma, bench).pk, actor=lead)
        totals.append(Reimbursement.objects.latest("pk").total)

    assert totals == [D("33.34"), D("33.33"), D("33.33")]
    payments = Payment.objects.order_by("external_id").values_list("method", "reserved")
    assert list(payments) == [("alipay", D("66.67")), ("bank", D("23.33")), ("points", D("0.00"))]
    in_kind = ShopInstruction.objects.filter(kind="points").values_list("amount", flat=True)
    assert sum(in_kind) == D("10.00")


def test_more_than_the_payments_can_give_back_is_refused(lead: User, bench: User) -> None:
    order = make_delivered_order(
        payments=[
            {
                "external_id": "P1",
                "method": "alipay",
                "captured": "100.00",
                "paid_at": "2026-03-01T10:01:00+08:00",
            }
        ]
    )
    rma = bring_back(make_return(make_return_ticket(lead, order), lead), bench)

    call = partial(settling.settle_return, rma.pk, actor=lead)

    assert refused(call, RuleViolated) == "above_paid"


def test_payment_in_another_currency_is_not_mixed_in(lead: User, bench: User) -> None:
    order = make_delivered_order(
        payments=[
            {
                "external_id": "P1",
                "method": "card",
                "captured": "399.00",
                "currency": "USD",
                "paid_at": "2026-03-01T10:01:00+08:00",
            }
        ]
    )
    rma = bring_back(make_return(make_return_ticket(lead, order), lead), bench)

    assert refused(partial(settling.settle_return, rma.pk, actor=lead), RuleViolated) == (
        "above_paid"
    )


def test_free_delivery_no_longer_reached_is_deducted_once(lead: User, bench: User) -> None:
    make_policy(free_shipping_from=D("300"), delivery_fee=D("8"))
    order = make_delivered_order()
    for piece, total in (
        (Piece(line=lines_of(order)[0].pk, quantity=1), D("291.00")),
        (Piece(line=lines_of(order)[1].pk, quantity=2), D("100.00")),
    ):
        rma = make_return(make_return_ticket(lead, order), lead, pieces=[piece])
        settling.settle_return(bring_back(rma, bench).pk, actor=lead)
        assert Reimbursement.objects.latest("pk").total == total


def test_gift_comes_along_and_costs_its_stated_price_when_kept(lead: User, bench: User) -> None:
    gift = {
        "sku": "BAG",
        "name": "赠品包",
        "quantity": 1,
        "unit_price": "5.00",
        "paid_amount": "0.00",
        "traits": ["gift"],
    }
    jacket = {
        "sku": "JKT-1",
        "name": "夹克",
        "quantity": 1,
        "unit_price": "399.00",
        "paid_amount": "399.00",
    }
    order = make_delivered_order(lines=[jacket, gift])
    rma = make_return(make_return_ticket(lead, order), lead)
    own, bag = rma.items.order_by("pk")
    assert bag.order_line.sku == "BAG"
    receiving.receive_items(
        rma.pk,
        [Receipt(item=own.pk, quantity=1), Receipt(item=bag.pk, quantity=1, status="short")],
        actor=bench,
    )
    found = Look(answers=GOOD, grade="as_new", disposition="restock", decision="accepted")
    inspecting.inspect_item(own.pk, found, actor=bench)
    inspecting.decide_missing(bag.pk, actor=lead, is_owed=False, note="Kept by the customer.")

    settling.settle_return(rma.pk, actor=lead)

    sheet = Reimbursement.objects.get()
    assert sheet.total == D("394.00")
    assert [line.kind for line in sheet.lines.all()] == ["goods", "gift"]


def test_voided_sheet_opens_the_return_and_frees_the_money(lead: User, bench: User) -> None:
    rma = bring_back(make_return(actor=lead), bench)
    settling.settle_return(rma.pk, actor=lead)
    sheet, refund = Reimbursement.objects.get(), Refund.objects.get()
    void = partial(settling.void_reimbursement, sheet.pk, actor=lead, note="wrong article")
    assert refused(void, InvalidTransition) == "invalid_transition"
    money.cancel_refund(refund.pk, actor=lead, note="wrong article")

    void()

    rma.refresh_from_db()
    assert (rma.status, Payment.objects.get().reserved) == ("inspected", D("0.00"))
    settling.settle_return(rma.pk, actor=lead)
    assert Payment.objects.get().reserved == D("299.00")


def test_declined_goods_are_settled_without_money(lead: User, bench: User) -> None:
    rma = make_return(actor=lead)
    item = rma.items.get()
    receiving.receive_items(
        rma.pk, [Receipt(item=item.pk, quantity=1, status="short")], actor=bench
    )
    inspecting.decide_missing(item.pk, actor=lead, is_owed=False, note="Box was empty.")

    settling.settle_return(rma.pk, actor=lead)

    rma.refresh_from_db()
    assert (rma.status, Reimbursement.objects.count(), Refund.objects.count()) == ("closed", 0, 0)


def test_exchange_waits_for_the_replacement_and_the_price_difference(
    lead: User, bench: User, shop: User
) -> None:
    rma = bring_back(make_return(actor=lead, kind="exchange"), bench)
    settle = partial(settling.settle_return, rma.pk, actor=lead)
    assert refused(settle, InvalidTransition) == "invalid_transition"

    dearer = exchanging.order_replacement(
        rma.pk, Replacement(sku="JKT-2", name="Coat", quantity=1, price="349.00"), actor=lead
    )

    assert (dearer.status, dearer.price_difference) == ("waiting", D("50.00"))
    confirm = partial(exchanging.confirm_instruction, dearer.pk, actor=shop, external_id="N1")
    assert refused(confirm, InvalidTransition) == "invalid_transition"
    exchanging.record_difference_paid(dearer.pk, actor=lead, note="Alipay 2026-0001")
    confirm()
    settle()
    exchanging.complete_instruction(dearer.pk, actor=shop)
    rma.refresh_from_db()
    assert (rma.status, Reimbursement.objects.count()) == ("closed", 0)


def test_cheaper_replacement_leaves_a_difference_on_the_sheet(lead: User, bench: User) -> None:
    rma = bring_back(make_return(actor=lead, kind="exchange"), bench)
    exchanging.order_replacement(
        rma.pk, Replacement(sku="VEST", name="Vest", quantity=1, price="249.00"), actor=lead
    )

    settling.settle_return(rma.pk, actor=lead)

    sheet = Reimbursement.objects.get()
    assert (sheet.total, [line.kind for line in sheet.lines.all()]) == (
        D("50.00"),
        ["price_difference"],
    )


@pytest.mark.parametrize("quantity", [0, 2, True, None])
def test_replacement_is_bounded_by_accepted_pieces(lead: User, bench: User, quantity: Any) -> None:
    rma = bring_back(make_return(actor=lead, kind="exchange"), bench)
    wanted = Replacement(sku="JKT-2", name="Coat", quantity=quantity)
    call = partial(exchanging.order_replacement, rma.pk, wanted, actor=lead)

    assert refused(call, RuleViolated) == "bad_quantity"


def test_goods_gate_holds_the_case_open_until_settled(lead: User, bench: User) -> None:
    rma = make_return(actor=lead)

    def blocked() -> set[str]:
        rma.ticket.refresh_from_db()
        return {state.code for state in gates.blocking(rma.ticket)}

    assert "goods_settled" in blocked()
    settling.settle_return(bring_back(rma, bench).pk, actor=lead)
    assert "goods_settled" not in blocked()
