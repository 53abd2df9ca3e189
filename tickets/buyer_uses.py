"""Cases that tie an order to its buyer."""

from __future__ import annotations

from customers import buyer_uses
from customers.models import Order
from tickets.models import Ticket


def has_case(order: Order) -> bool:
    return Ticket.objects.filter(order=order).exists()


def register() -> None:
    buyer_uses.register("cases", has_case)
