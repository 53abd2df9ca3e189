"""An exchange gives every accepted piece again, or it is not settled."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from aftersales.kernel.errors import InvalidTransition, RuleViolated
from returns.models import Refund, Reimbursement, ReturnAuthorization, ShopInstruction
from returns.services import exchanging, settling
from returns.services.exchanging import Replacement
from returns.services.money import requesting as money
from returns.services.requesting import Piece
from staff.models import User
from tests.factories.returns import (
    lines_of,
    make_delivered_order,
    make_return,
    make_return_ticket,
)
from tests.returns.goods.test_settling import bring_back, refused
from tickets import gates

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("day_of_delivery")]

D = Decimal
CAPS = {
    "sku": "CAP-1",
    "name": "帽子",
    "quantity": 3,
    "unit_price": "100.00",
    "paid_amount": "300.00",
}


def three_caps(lead: User, bench: User, **values: Any) -> ReturnAuthorization:
    """Three caps came back to be exchanged and were accepted."""
    paid = {"external_id": "P1", "method": "alipay", "paid_at": "2026-03-01T10:01:00+08:00"}
    given = {
        "total": "300.00",
        "lines": [CAPS],
        "payments": [paid | {"captured": values.get("total", "300.00")}],
    } | values
    order = make_delivered_order(**given)
    pieces = [Piece(line=lines_of(order)[0].pk, quantity=3)]
    ticket = make_return_ticket(lead, order)
    return bring_back(make_return(ticket, lead, kind="exchange", pieces=pieces), bench)


def send(rma: ReturnAuthorization, actor: User, count: int, price: str = "") -> ShopInstruction:
    new = Replacement(sku="CAP-2", name="Cap", quantity=count, price=price)
    return exchanging.order_replacement(rma.pk, new, actor=actor)


def yen(paid: str) -> dict[str, Any]:
    """Three caps for so much in yen, which has no minor unit."""
    caps = CAPS | {"unit_price": paid, "paid_amount": paid}
    return {"currency": "JPY", "total": paid, "shipping_fee": "0", "lines": [caps]}


def status_of(rma: ReturnAuthorization) -> str:
    rma.refresh_from_db()
    return str(rma.status)


def test_exchange_settles_once_every_accepted_piece_is_ordered(lead: User, bench: User) -> None:
    rma = three_caps(lead, bench)
    settle = partial(settling.settle_return, rma.pk, actor=lead)
    send(rma, lead, 1)
    assert refused(settle, InvalidTransition) == "invalid_transition"
    gone = send(rma, lead, 2)
    exchanging.cancel_instruction(gone.pk, actor=lead, note="sold out")
    assert refused(settle, InvalidTransition) == "invalid_transition"
    send(rma, lead, 2)

    settle()

    assert status_of(rma) == "settled"


def test_canceled_replacement_opens_the_settled_exchange_again(lead: User, bench: User) -> None:
    rma = three_caps(lead, bench)
    send(rma, lead, 2)
    gone = send(rma, lead, 1)
    settling.settle_return(rma.pk, actor=lead)

    exchanging.cancel_instruction(gone.pk, actor=lead, note="sold out")

    assert status_of(rma) == "inspected"
    blocked = {state.code for state in gates.blocking(rma.ticket)}
    assert {"goods_settled", "shop_has_acted"} <= blocked
    send(rma, lead, 1)
    settling.settle_return(rma.pk, actor=lead)
    assert status_of(rma) == "settled"


def test_replacement_a_sheet_rests_on_is_canceled_after_the_sheet(lead: User, bench: User) -> None:
    rma = three_caps(lead, bench)
    cheaper = send(rma, lead, 3, price="80.00")
    settling.settle_return(rma.pk, actor=lead)
    cancel = partial(exchanging.cancel_instruction, cheaper.pk, actor=lead, note="sold out")
    assert refused(cancel, InvalidTransition) == "invalid_transition"
    money.cancel_refund(Refund.objects.get().pk, actor=lead, note="sold out")
    settling.void_reimbursement(Reimbursement.objects.get().pk, actor=lead, note="sold out")

    cancel()

    cheaper.refresh_from_db()
    assert (cheaper.status, status_of(rma)) == ("canceled", "inspected")


def test_settled_exchange_stays_when_its_pieces_were_asked_for_again(
    lead: User, bench: User
) -> None:
    rma = three_caps(lead, bench)
    cheaper = send(rma, lead, 3, price="80.00")
    settling.settle_return(rma.pk, actor=lead)
    money.cancel_refund(Refund.objects.get().pk, actor=lead, note="sold out")
    piece = Piece(line=lines_of(rma.order)[0].pk, quantity=1)
    make_return(make_return_ticket(lead, rma.order), lead, pieces=[piece])
    sheet = Reimbursement.objects.get()

    void = partial(settling.void_reimbursement, sheet.pk, actor=lead, note="sold out")

    assert refused(void, RuleViolated) == "above_bought"
    cheaper.refresh_from_db()
    assert (cheaper.status, status_of(rma)) == ("pending", "settled")


@pytest.mark.parametrize(
    ("paid", "differences"), [("1000", (-34, -33, -33)), ("1001", (-34, -34, -33))]
)
def test_price_difference_in_yen_is_whole_and_adds_up(
    lead: User, bench: User, paid: str, differences: tuple[int, ...]
) -> None:
    rma = three_caps(lead, bench, **yen(paid))

    orders = [send(rma, lead, 1, price="300") for _cap in differences]

    assert tuple(order.price_difference for order in orders) == differences
    settling.settle_return(rma.pk, actor=lead)
    assert Reimbursement.objects.get().total == D(paid) - 900
