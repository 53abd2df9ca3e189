"""Whose a case is, where it came in without anybody's name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.services import service
from customers.queries import is_same_person
from customers.services.identity import standing
from staff.models import User
from tickets.models import Ticket
from tickets.policies import can_name_customer
from tickets.search import index_text
from tickets.services.opening import search_texts
from tickets.services.recording import Caller, identify_caller
from tickets.services.shared import lock_ticket, log, require_text, require_unclosed, save


@service
def name_customer(ticket_id: int, caller: Caller, *, actor: User, note: str) -> Ticket:
    """Say whose a case without a customer is, adding who is new; from then on answers go there.

    Raises ``InvalidTransition`` for a case that has one, ``RuleViolated`` for an address that is
    none, a customer nobody knows, another one than who bought the order of the case, or no reason.
    """
    ticket = lock_ticket(ticket_id, actor)
    require(can_name_customer(actor, ticket))
    require_unclosed(ticket)
    if ticket.customer_id is not None:
        raise InvalidTransition(_("This case has a customer already."))
    reason = require_text(note, "note", least=4, most=500)
    known = identify_caller(
        caller, actor=actor, language=ticket.language, shop=ticket.shop, field="id"
    )
    customer = standing(known)
    if ticket.order and not is_same_person(ticket.order.customer_id, customer.pk):
        raise RuleViolated(
            "foreign_order", _("The order of this case belongs to another customer.")
        )
    ticket.customer = customer
    log("tickets.customer_named", ticket, actor=actor, note=reason, customer=str(customer.pk))
    save(ticket, "customer")
    index_text(ticket, search_texts(ticket))
    return ticket
