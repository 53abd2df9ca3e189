"""What tests of the case page share: signing in, addresses, a measure of «nothing happened»."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.test import Client
from django_q.models import OrmQ

from compliance.models import AuditEvent, IdempotentRequest, JournalEntry
from staff.models import User
from tickets.models import Draft, Ticket


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
