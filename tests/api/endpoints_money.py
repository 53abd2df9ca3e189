"""The addresses of money, as ``endpoints`` tells those of cases."""

from __future__ import annotations

from typing import Any

from returns.models import ApprovalRequest
from returns.money_choices import ItemKind
from returns.services.money import by_hand
from returns.services.money.differences import open_item
from staff.models import User
from staff.roles import Role
from tests.api.endpoints import SHOP, WHY, Endpoint, Prepare, plain
from tests.factories.money import claim, make_payment, make_refund_in
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tickets.models import Ticket

REFUND = "refunds/{number}/"
ICBC = {"reference": "ICBC-1"}
FINANCE = {"right": "finance", "weak": "auditor"}
MONEY_CASE = {"shop": "cn", "payment": "P1"}
WISH = {"amount": "99.00", "currency": "CNY", "reason": "quality"}


def money_case(actor: User) -> tuple[Ticket, Any]:
    """A case of the caller's department about an order that was paid."""
    ticket, payment = make_ticket(actor), make_payment()
    ticket.customer = payment.order.customer
    ticket.save(update_fields=["customer"])
    return ticket, payment


def ask_refund(actor: User) -> tuple[str, Any]:
    ticket, payment = money_case(actor)
    where = MONEY_CASE | {"order": payment.order.external_id, "case": ticket.number}
    return "refunds/", WISH | where


def refund(verb_: str, body: Any = None, status: str = "draft", **values: Any) -> Prepare:
    """A verb of a refund of the caller's case, requested by a colleague."""

    def prepare(actor: User) -> tuple[str, Any]:
        ticket, payment = money_case(actor)
        agent = make_user(department=actor.department)
        made = make_refund_in(status, payment, actor=agent, ticket=ticket, **values)
        return f"refunds/{made.number}/{verb_}", body

    return prepare


def approve(actor: User) -> tuple[str, Any]:
    """Names what was seen, as the caller must."""
    path, _body = refund("approve/", status="submitted")(actor)
    seen = ApprovalRequest.objects.get(refund__number=path.split("/")[1]).digest
    return path, {"note": "fine", "digest": seen}


def held_refund(actor: User) -> tuple[str, Any]:
    ticket, payment = money_case(actor)
    agent = make_user(department=actor.department)
    for _number in range(2):
        made = make_refund_in("submitted", payment, actor=agent, ticket=ticket)
    return f"refunds/{made.number}/release/", WHY


def transfer(verb_: str, body: Any) -> Prepare:
    """A verb of a refund that is transferred by hand; ``transfer`` was done for the others."""

    def prepare(actor: User) -> tuple[str, Any]:
        made = make_refund_in("approved")
        claim(made)
        if verb_ != "transfer":
            by_hand.enter_transfer(made.pk, actor=make_user(Role.FINANCE), reference="ICBC-1")
        return f"refunds/{made.number}/{verb_}/", body

    return prepare


def outside(actor: User) -> tuple[str, Any]:
    where = MONEY_CASE | {"order": make_payment().order.external_id}
    told = {"origin": "chargeback", "reference": "CB-1", "happened_at": "2026-03-05T00:00:00Z"}
    return "refunds/outside/", where | told | WHY | {"amount": "10.00", "currency": "CNY"}


def difference(actor: User) -> tuple[str, Any]:
    item = open_item(ItemKind.FOREIGN, "X-1", actor=actor)
    return f"differences/{item.pk}/resolve/", WHY


def redeem(actor: User) -> tuple[str, Any]:
    made = make_refund_in("succeeded", means="store_credit")
    body = {"amount": "60.00", "currency": "CNY", "reference": "NEW-ORDER-1"}
    return f"customers/{made.payment.order.customer_id}/store-credit/redeem/", body


MONEY_ENDPOINTS = [
    Endpoint("GET", "refunds/", plain("refunds/"), stranger=200, without=200),
    Endpoint("POST", "refunds/", ask_refund, 201),
    Endpoint("GET", REFUND, refund(""), without=200),
    Endpoint("POST", REFUND + "change/", refund("change/", WISH | {"note": "one less"})),
    Endpoint("POST", REFUND + "submit/", refund("submit/")),
    Endpoint("POST", REFUND + "approve/", approve),
    Endpoint("POST", REFUND + "decline/", refund("decline/", WHY, "submitted")),
    Endpoint("POST", REFUND + "ask-back/", refund("ask-back/", WHY, "submitted")),
    Endpoint("POST", REFUND + "cancel/", refund("cancel/", WHY, "submitted")),
    Endpoint("POST", REFUND + "release/", held_refund),
    Endpoint("POST", REFUND + "transfer/", transfer("transfer", ICBC), **FINANCE),
    Endpoint("POST", REFUND + "confirm/", transfer("confirm", ICBC), **FINANCE),
    Endpoint("POST", REFUND + "reject/", transfer("reject", WHY), **FINANCE),
    Endpoint("POST", "refunds/outside/", outside, 201, **(FINANCE | {"stranger": 403})),
    Endpoint("GET", "differences/", plain("differences/"), stranger=200, without=200),
    Endpoint("POST", "differences/{item_id}/resolve/", difference, **FINANCE),
    Endpoint("POST", "customers/{customer_id}/store-credit/redeem/", redeem, 201, **SHOP),
    Endpoint(
        "POST",
        "gateways/sandbox/notify/",
        plain("gateways/sandbox/notify/", {"number": "R-1"}),
        ok=401,
        stranger=401,
        without=401,
    ),
]
