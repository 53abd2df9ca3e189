"""What a refusal must leave as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django_q.models import OrmQ

from compliance.models import AuditEvent, JournalEntry
from handoffs.models import Handoff, HandoffFile, HandoffTurn, PartyLink
from tickets.models import Attachment, OutboundMail, Ticket


@pytest.fixture
def snapshot() -> Callable[[], dict[str, Any]]:
    """Every row, event and job there is, to be compared before and after."""

    def take() -> dict[str, Any]:
        return {
            "legs": list(Handoff.objects.order_by("pk").values()),
            "tickets": list(Ticket.objects.order_by("pk").values()),
            "turns": HandoffTurn.objects.count(),
            "files": (HandoffFile.objects.count(), Attachment.objects.count()),
            "links": list(PartyLink.objects.order_by("pk").values()),
            "mails": OutboundMail.objects.count(),
            "events": AuditEvent.objects.count(),
            "journal": JournalEntry.objects.count(),
            "queue": OrmQ.objects.count(),
        }

    return take
