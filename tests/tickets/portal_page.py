"""What tests of the status page share: its address, a fresh form, a footprint of writes."""

from __future__ import annotations

import re
import uuid
from typing import Any
from urllib.parse import urlsplit

from django.core import signing
from django.test import Client
from django_q.models import OrmQ

from aftersales.kernel.clock import now
from compliance.models import AuditEvent, JournalEntry
from staff.services import system_actor
from tickets.models import Message, Ticket
from tickets.portal.form_tokens import SALT
from tickets.services import status_links


def page_of(ticket: Ticket) -> str:
    return urlsplit(status_links.ensure_status_link(ticket, actor=system_actor())).path


def form_token(seconds_ago: int = 10) -> str:
    return signing.dumps([uuid.uuid4().hex, int(now().timestamp()) - seconds_ago], salt=SALT)


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def footprint() -> tuple[int, int, int, int]:
    """What a refusal must leave alone."""
    return (
        AuditEvent.objects.count(),
        JournalEntry.objects.count(),
        OrmQ.objects.count(),
        Message.objects.count(),
    )


def write(client: Client, page: str, **data: Any) -> Any:
    return client.post(f"{page}message/", {"form_token": form_token(), **data})
