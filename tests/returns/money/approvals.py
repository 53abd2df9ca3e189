"""The approval inbox as its readers use it."""

from __future__ import annotations

from typing import Any

from django.test import Client

from returns.models import Refund
from staff.models import User

INBOX = "/admin/returns/approvalrequest/"
PASSWORD = "correct horse battery"


def sign_in(user: User) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user, backend="staff.backends.RoleBackend")
    return client


def decide(client: Client, refund: Refund, decision: str, **values: str) -> Any:
    return client.post(f"{INBOX}{refund.pk}/decide/", {"decision": decision, **values})
