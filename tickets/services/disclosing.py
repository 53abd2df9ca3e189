"""Showing whose case it is and where the goods went, in full."""

from __future__ import annotations

from aftersales.kernel.services import service
from customers.services.disclosing import (
    Shown,
    disclose_customer,
    disclose_order,
    personal_data_of,
    recipient_of,
)
from staff.models import User
from tickets.models import Ticket


@service
def disclose_case(ticket_id: int, *, actor: User, note: str) -> list[Shown]:
    """Record with the case why ``actor`` sees its customer's data and the order's recipient, each
    about its own object, then give them; raises what those doors raise."""
    ticket = Ticket.objects.visible_to(actor).get(pk=ticket_id)
    shown: list[Shown] = []
    if ticket.customer_id:
        customer = disclose_customer(ticket.customer_id, actor=actor, note=note, case=ticket)
        shown += personal_data_of(customer)
    if ticket.order_id:
        order = disclose_order(ticket.order_id, actor=actor, note=note, case=ticket)
        shown += recipient_of(order)
    return shown
