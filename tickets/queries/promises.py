"""What the desk promised on a case, read from its clocks."""

from __future__ import annotations

from datetime import datetime

from clocks.models import Clock

# What a customer means by an answer.
ANSWERS = ("first_response", "next_response")


def answer_due(ticket_id: int) -> datetime | None:
    """By when our next word is promised; ``None`` while the customer has to answer."""
    live = Clock.objects.live().filter(case_id=ticket_id, subject_type="tickets.ticket")
    owed = live.filter(promise__in=ANSWERS, due_at__isnull=False)
    return owed.order_by("due_at").values_list("due_at", flat=True).first()
