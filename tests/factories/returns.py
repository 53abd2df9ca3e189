"""Returns made the way the product makes them: through its services."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from customers.models import Order, OrderLine
from returns.models import ReturnAddress, ReturnAuthorization, ReturnPolicy
from returns.services import promising
from returns.services.promising import Terms
from returns.services.requesting import NewReturn, Piece, request_return
from staff.models import User
from staff.roles import Role
from tests.factories.customers import make_order, order_payload
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tickets.models import Ticket

# The jacket and the caps were signed for on this day, a Thursday, in China.
SIGNED = "2026-09-24T10:00:00+08:00"
SIGNED_AT = datetime(2026, 9, 24, 2, tzinfo=UTC)


def make_delivered_order(delivered_at: str | None = SIGNED, **overrides: Any) -> Order:
    """A paid jacket (299) and two caps (100), delivered."""
    parcel = order_payload()["shipments"][0] | {"delivered_at": delivered_at, "events": []}
    if delivered_at is None:
        del parcel["delivered_at"]
    return make_order(**({"shipments": [parcel]} | overrides))


def lines_of(order: Order) -> list[OrderLine]:
    return list(order.lines.order_by("position"))


def make_return_ticket(
    actor: User | None = None, order: Order | None = None, **overrides: Any
) -> Ticket:
    """A return case on a delivered order."""
    order = order or make_delivered_order()
    values = {"kind": "return_request", "order": order, "customer": order.customer} | overrides
    return make_ticket(actor or make_user(Role.LEAD), **values)


def make_address(code: str = "hangzhou", **overrides: Any) -> ReturnAddress:
    """Where goods go back to, made on first use."""
    existing = ReturnAddress.objects.filter(code=code).first()
    if existing:
        return existing
    values = {
        "recipient": "Returns desk",
        "phone": "0571-8888 0000",
        "address": "Hangzhou, Wensan Road 1",
    } | overrides
    address = ReturnAddress(code=code, **values)
    address.save()
    return address


def make_policy(code: str = "any", actor: User | None = None, **terms: Any) -> ReturnPolicy:
    """A promise for all orders since 2020."""
    values = {"name": "Our promise", "name_zh": "店铺承诺"} | terms
    return promising.write_policy(
        code,
        Terms(**values),
        actor=actor or make_user(Role.ADMINISTRATOR),
        effective_from=datetime(2020, 1, 1, tzinfo=UTC),
    )


def make_return(
    ticket: Ticket | None = None, actor: User | None = None, **overrides: Any
) -> ReturnAuthorization:
    """The jacket comes back because the customer changed their mind."""
    actor = actor or make_user(Role.LEAD)
    ticket = ticket or make_return_ticket(actor)
    assert ticket.order is not None
    values = {
        "kind": "return_and_refund",
        "claim": "changed_mind",
        "pieces": [Piece(line=lines_of(ticket.order)[0].pk, quantity=1)],
    } | overrides
    return request_return(ticket.pk, NewReturn(**values), actor=actor)
