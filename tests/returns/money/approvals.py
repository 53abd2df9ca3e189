"""The approval inbox as its readers use it."""

from __future__ import annotations

from typing import Any

from django.test import Client

from returns.models import ApprovalTier, Refund
from returns.queries.digests import digest_of
from staff.models import User

INBOX = "/admin/returns/approvalrequest/"
PASSWORD = "correct horse battery"


def sign_in(user: User) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user, backend="staff.backends.RoleBackend")
    return client


def decide(client: Client, refund: Refund, decision: str, **values: str) -> Any:
    """The form of the inbox as it shows the refund now."""
    shown = {"digest": digest_of(Refund.objects.get(pk=refund.pk))}
    return client.post(f"{INBOX}{refund.pk}/decide/", {"decision": decision, **shown, **values})


def ask_people(count: int) -> None:
    """So many leads from 300 on, and with their passwords once an order's total reaches 900."""
    tier: dict[str, Any] = {"level": 1, "role": "lead", "approver_count": count, "currency": "CNY"}
    ApprovalTier(**tier, amount_from=300).save()
    ApprovalTier(**tier, amount_from=9000, order_total_from=900, asks_password=True).save()
