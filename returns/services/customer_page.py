"""What a customer asks for on the status page; one form has one effect however often it is sent."""

from __future__ import annotations

from aftersales.kernel.services import service
from returns.models import ReturnAuthorization
from returns.services.requesting import NewReturn, request_return
from staff.models import User
from tickets.services.customer_page import use_once


@service
def ask_on_page(
    ticket_id: int, new: NewReturn, *, actor: User, form_key: str
) -> ReturnAuthorization | None:
    """Ask for a return once per form and what it held; ``None`` for a repeat."""
    if not use_once(f"return:{form_key}", actor):
        return None
    return request_return(ticket_id, new, actor=actor)
