"""Cases nobody wrote or worked on: what closing by itself waits for."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from compliance.models import AuditEvent
from staff.services import system_actor
from tickets.models import Ticket

WORDS: Final = "tickets.message_received"
# To look at a case, to follow it or to copy its link is no work on it.
LOOKING: Final = (
    "compliance.disclosed",
    "compliance.exported",
    "tickets.watched",
    "tickets.unwatched",
    "tickets.link_created",
)


def is_touch(code: str, actor_id: int, *, is_automatic: bool) -> bool:
    """Whether an event is words of the customer or a person's work, as ``at_rest`` asks of many."""
    if code == WORDS and not is_automatic:
        return True
    return code not in LOOKING and actor_id != system_actor().pk


def at_rest(cases: QuerySet[Ticket], since: datetime) -> QuerySet[Ticket]:
    """Those that the customer wrote nothing to and no person did anything on after that time."""
    is_words = Q(code=WORDS, data__automatic=False)
    touches = AuditEvent.objects.filter(
        is_words | ~Q(actor_id=system_actor().pk),
        case_id=OuterRef("pk"),
        recorded_at__gt=since,
    ).exclude(code__in=LOOKING)
    return cases.exclude(Exists(touches))
