"""What tests of the case page share: signing in, addresses, a measure of «nothing happened»."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.test import Client
from django_q.models import OrmQ

from compliance.models import AuditEvent, IdempotentRequest, JournalEntry
from staff.models import User
from tests.factories.money import make_payment
from tests.factories.tickets import make_investigation, make_ticket
from tickets.models import Draft, Ticket
from tickets.services import conversation

Ready = tuple[Ticket, dict[str, Any]]


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def page_of(ticket: Ticket) -> str:
    return f"/admin/tickets/ticket/{ticket.number}/change/"


def address(ticket: Ticket, tail: str) -> str:
    return f"/admin/tickets/ticket/{ticket.number}/{tail}/"


def do(user: User, ticket: Ticket, verb: str, /, **data: Any) -> Any:
    """Post a verb's form as ``user``."""
    return signed_in(user).post(address(ticket, f"do/{verb}"), data)


def traces(ticket: Ticket) -> tuple[Any, ...]:
    """All that a write would leave: journal, events, queue, drafts, spent forms, the row."""
    return (
        JournalEntry.objects.exclude(table_name="staff_user").aggregate(last=Max("id"))["last"],
        AuditEvent.objects.aggregate(last=Max("id"))["last"],
        OrmQ.objects.count(),
        Draft.objects.count(),
        IdempotentRequest.objects.count(),
        Ticket.objects.filter(pk=ticket.pk).values().get(),
    )


def answered(actor: User) -> Ready:
    ticket = make_ticket(actor)
    message = conversation.reply(ticket.pk, actor=actor, body="We look into it.")
    return ticket, {"row": message.pk}


def investigated(actor: User) -> Ready:
    ticket = make_ticket(actor)
    return ticket, {"row": make_investigation(ticket, actor).pk}


def with_another(actor: User) -> Ready:
    ticket = make_ticket(actor)
    return ticket, {"target": make_ticket(actor, customer=ticket.customer).number}


def with_paid_order(actor: User) -> Ready:
    ticket, payment = make_ticket(actor), make_payment()
    ticket.customer, ticket.order = payment.order.customer, payment.order
    ticket.save(update_fields=["customer", "order"])
    return ticket, {}


REFUND = {
    "amount": "80.00",
    "reason": "damaged",
    "means": "original",
    "note": "the photo shows it",
}


def shown(user: User, ticket: Ticket, query: str = "") -> str:
    """The page as the person sees it."""
    response = signed_in(user).get(page_of(ticket) + query)
    assert response.status_code == 200
    return str(response.content.decode())
