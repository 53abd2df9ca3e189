"""Addresses of goods coming back, each with a good call (see ``endpoints``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from aftersales.kernel.clock import now
from returns.models import (
    Compensation,
    Refund,
    Reimbursement,
    Repair,
    ReturnAuthorization,
    ShopInstruction,
)
from returns.services import (
    authorizing,
    compensating,
    exchanging,
    inspecting,
    receiving,
    repairing,
    settling,
)
from returns.services.exchanging import Replacement
from returns.services.inspecting import Look
from returns.services.money import by_hand
from returns.services.money import requesting as money
from returns.services.money.by_hand import OutsideRefund
from returns.services.receiving import Found, Receipt
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_user
from tests.factories.returns import (
    make_delivered_order,
    make_policy,
    make_return,
    make_return_ticket,
)

Call = tuple[str, Any]
Make = Callable[[User], ReturnAuthorization]
GOOD = {"works": True, "complete": True, "labels": True}
LOOK = {"answers": GOOD, "grade": "as_new", "disposition": "restock", "decision": "accepted"}
WHY = {"note": "the customer asked"}


def bench() -> User:
    return make_user(Role.WAREHOUSE)


def fresh(actor: User, delivered_at: str | None = None, **overrides: Any) -> ReturnAuthorization:
    """Of an order on its way, so that no time runs, unless it was delivered."""
    ticket = make_return_ticket(actor, make_delivered_order(delivered_at=delivered_at))
    return make_return(ticket, actor, **overrides)


def faulty(actor: User) -> ReturnAuthorization:
    """Arrived yesterday and does not work: sent in to be repaired, looked at."""
    yesterday = (now() - timedelta(days=1)).isoformat()
    return inspected(actor, kind="repair", claim="defect", delivered_at=yesterday)


def asked(actor: User, **overrides: Any) -> ReturnAuthorization:
    make_policy(f"careful-{actor.pk}", is_automatic=False)
    return fresh(actor, **overrides)


def received(actor: User, **overrides: Any) -> ReturnAuthorization:
    rma = fresh(actor, **overrides)
    receipt = Receipt(item=rma.items.get().pk, quantity=1)
    receiving.receive_items(rma.pk, [receipt], actor=bench())
    return rma


def inspected(actor: User, **overrides: Any) -> ReturnAuthorization:
    rma = received(actor, **overrides)
    inspecting.inspect_item(rma.items.get().pk, Look(**LOOK), actor=bench())
    return rma


def of(make: Make, rest: str, body: Any = None) -> Callable[[User], Call]:
    return lambda actor: (f"returns/{make(actor).number}/{rest}", body)


def item_of(make: Make, rest: str, body: Any = None) -> Callable[[User], Call]:
    return lambda actor: (f"return-items/{make(actor).items.get().pk}/{rest}", body)


def ask(actor: User) -> Call:
    ticket = make_return_ticket(actor)
    body = {
        "kind": "return_and_refund",
        "claim": "changed_mind",
        "pieces": [{"position": 1, "quantity": 1}],
    }
    return f"tickets/{ticket.number}/returns/", body


def declined(actor: User) -> ReturnAuthorization:
    rma = asked(actor)
    return authorizing.decline_return(rma.pk, actor=actor, reason="late", note="Too late.")


def short(actor: User) -> ReturnAuthorization:
    rma = fresh(actor)
    receipt = Receipt(item=rma.items.get().pk, quantity=1, status="short")
    receiving.receive_items(rma.pk, [receipt], actor=bench())
    return rma


def receive(actor: User) -> Call:
    rma = fresh(actor)
    body = {"receipts": [{"item": rma.items.get().pk, "quantity": 1}]}
    return f"returns/{rma.number}/receive/", body


def unexpected(actor: User) -> Call:
    rma = fresh(actor)
    found = receiving.record_unexpected(rma.pk, Found(text="scarf"), actor=bench())
    return f"unexpected-items/{found.pk}/decide/", {"disposition": "send_back"}


def repair(actor: User, steps: int = 0) -> Repair:
    rma = faulty(actor)
    found = repairing.plan_repair(rma.items.get().pk, actor=actor, vendor="Zhang")
    if steps == 1:
        repairing.quote_repair(found.pk, actor=actor, amount="50")
    if steps == 2:
        repairing.start_repair(found.pk, actor=actor)
    return found


def of_repair(rest: str, body: Any, steps: int = 0) -> Callable[[User], Call]:
    return lambda actor: (f"repairs/{repair(actor, steps).pk}/{rest}/", body)


def order(actor: User, price: str | None = None) -> ShopInstruction:
    rma = inspected(actor, kind="exchange")
    new = Replacement(sku="J2", name="Coat", quantity=1, price=price)
    return exchanging.order_replacement(rma.pk, new, actor=actor)


def confirmed(actor: User) -> ShopInstruction:
    shop = make_user(Role.SERVICE_ACCOUNT)
    return exchanging.confirm_instruction(order(actor).pk, actor=shop, external_id="N1")


def of_order(
    rest: str, body: Any, make: Callable[[User], ShopInstruction] = order
) -> Callable[[User], Call]:
    return lambda actor: (f"shop-instructions/{make(actor).pk}/{rest}/", body)


def dead_sheet(actor: User, verb: str = "void") -> Call:
    rma = inspected(actor)
    settling.settle_return(rma.pk, actor=actor)
    sheet = Reimbursement.objects.get(rma=rma)
    money.cancel_refund(sheet.shares.get().refund_id, actor=actor, note="wrong article")
    return f"reimbursements/{sheet.pk}/{verb}/", WHY


def closable(actor: User) -> ReturnAuthorization:
    """Its refund was given up, for somebody had paid it in the gateway's console."""
    rma = inspected(actor)
    settling.settle_return(rma.pk, actor=actor)
    refund = Refund.objects.get(ticket=rma.ticket)
    money.cancel_refund(refund.pk, actor=actor, note="paid in the console")
    outside = OutsideRefund(
        amount=refund.amount,
        currency=refund.currency,
        origin="console",
        reference=f"C-{refund.number}",
        happened_at=now(),
    )
    finance = make_user(Role.FINANCE)
    by_hand.record_outside_refund(refund.payment_id, outside, actor=finance, note="by the gateway")
    return rma


def catalogue() -> Compensation:
    entry = Compensation(
        code="coupon",
        name="Coupon",
        name_zh="优惠券",
        means="coupon",
        most=Decimal("20"),
        customer_cap=Decimal("50"),
        budget=Decimal("1000"),
    )
    entry.save()
    return entry


def grant(actor: User) -> Call:
    catalogue()
    body = {"code": "coupon", "amount": "10.00", "note": "late delivery"}
    return f"tickets/{make_return_ticket(actor).number}/compensations/", body


def granted(actor: User) -> Call:
    catalogue()
    given = compensating.grant_compensation(
        make_return_ticket(actor).pk, "coupon", actor=actor, amount="10", note="late delivery"
    )
    return f"compensations/{given.pk}/withdraw/", WHY


# (route, prepare, status, who may) with the route as the resolver shows it.
RETURN, ITEM = "returns/{number}/", "return-items/{row_id}/"
VERBS: list[tuple[str, Callable[[User], Call], int, str]] = [
    ("tickets/{number}/returns/", ask, 201, "lead"),
    ("tickets/{number}/compensations/", grant, 201, "lead"),
    (RETURN + "authorize/", of(asked, "authorize/"), 200, "lead"),
    (RETURN + "decline/", of(asked, "decline/", {"reason": "late", **WHY}), 200, "lead"),
    (RETURN + "review/", of(asked, "review/", WHY), 200, "lead"),
    (RETURN + "appeal/", of(declined, "appeal/"), 200, "lead"),
    (RETURN + "cancel/", of(asked, "cancel/", WHY), 200, "lead"),
    (
        RETURN + "parcels/",
        of(fresh, "parcels/", {"carrier": "SF", "tracking_number": "SF123456"}),
        201,
        "lead",
    ),
    (RETURN + "receive/", receive, 200, "bench"),
    (RETURN + "unexpected/", of(fresh, "unexpected/", {"text": "scarf"}), 201, "bench"),
    (
        RETURN + "replace/",
        of(
            lambda actor: inspected(actor, kind="exchange"),
            "replace/",
            {"sku": "J2", "name": "Coat", "quantity": 1},
        ),
        201,
        "lead",
    ),
    (RETURN + "settle/", of(inspected, "settle/"), 200, "lead"),
    (RETURN + "close/", of(closable, "close/"), 200, "lead"),
    (ITEM + "inspect/", item_of(received, "inspect/", LOOK), 201, "bench"),
    (ITEM + "waive/", item_of(fresh, "waive/", WHY), 200, "lead"),
    (ITEM + "missing/", item_of(short, "missing/", {"is_owed": True, **WHY}), 200, "lead"),
    (
        ITEM + "repair/",
        item_of(
            faulty,
            "repair/",
            {"vendor": "Zhang"},
        ),
        201,
        "lead",
    ),
    ("unexpected-items/{row_id}/decide/", unexpected, 200, "lead"),
    ("repairs/{row_id}/quote/", of_repair("quote", {"amount": "50"}), 200, "lead"),
    (
        "repairs/{row_id}/consent/",
        of_repair("consent", {"agrees": True, "words": "Yes, go on"}, 1),
        200,
        "lead",
    ),
    ("repairs/{row_id}/start/", of_repair("start", None), 200, "lead"),
    ("repairs/{row_id}/parts/", of_repair("parts", {"note": "Screen is on order"}, 2), 200, "lead"),
    (
        "repairs/{row_id}/finish/",
        of_repair("finish", {"is_repaired": True, "result": "New screen"}, 2),
        200,
        "lead",
    ),
    ("reimbursements/{row_id}/void/", dead_sheet, 200, "lead"),
    (
        "reimbursements/{row_id}/ask-again/",
        lambda actor: dead_sheet(actor, "ask-again"),
        200,
        "lead",
    ),
    ("compensations/{row_id}/withdraw/", granted, 200, "lead"),
    (
        "shop-instructions/{row_id}/confirm/",
        of_order("confirm", {"external_id": "N1"}),
        200,
        "shop_system",
    ),
    (
        "shop-instructions/{row_id}/complete/",
        of_order("complete", None, confirmed),
        200,
        "shop_system",
    ),
    (
        "shop-instructions/{row_id}/difference-paid/",
        of_order("difference-paid", WHY, lambda actor: order(actor, "999")),
        200,
        "lead",
    ),
    ("shop-instructions/{row_id}/cancel/", of_order("cancel", WHY), 200, "lead"),
]
READS: list[tuple[str, Callable[[User], Call], int, int]] = [
    ("returns/", lambda actor: ("returns/", None), 200, 200),
    ("returns/{number}/", of(fresh, ""), 404, 200),
    ("returns/{number}/sheet/", of(inspected, "sheet/"), 404, 200),
    ("shop-instructions/", lambda actor: ("shop-instructions/", None), 200, 200),
    ("compensations/costs/", lambda actor: ("compensations/costs/", None), 200, 200),
]
