"""What is new around a case: the people on it, the newest word."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Max, Q, QuerySet

from aftersales.kernel.clock import now
from staff.models import User
from tickets.choices import LinkKind
from tickets.models import Message, Presence, Ticket, TicketLink

HERE = timedelta(seconds=30)


def others_present(ticket: Ticket, user: User) -> list[dict[str, object]]:
    """Who else has the case open, writers first."""
    rows = (
        Presence.objects.filter(ticket=ticket, seen_at__gte=now() - HERE)
        .exclude(user=user)
        .select_related("user")
        .order_by("-is_writing", "user__username")
    )
    return [{"name": str(row.user), "writing": row.is_writing} for row in rows]


def said_on(ticket: Ticket) -> QuerySet[Message]:
    """What stands of the words on the case and on those merged into it."""
    merged = TicketLink.objects.filter(target=ticket, kind=LinkKind.MERGED, canceled_at=None)
    return Message.objects.filter(
        Q(ticket=ticket) | Q(ticket__in=merged.values("ticket")), undone_at=None
    )


def newest_message_id(ticket: Ticket) -> int:
    """The newest message of the case and of those merged into it; 0 when there is none."""
    found = said_on(ticket).aggregate(newest=Max("pk"))
    return found["newest"] or 0
