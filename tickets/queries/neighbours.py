"""What is next to a case: the queue around it, the people on it, the newest word."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Max, Q

from aftersales.kernel.clock import now
from staff.models import User
from tickets.choices import LinkKind
from tickets.models import Message, Presence, Ticket, TicketLink

HERE = timedelta(seconds=30)


def neighbour(ticket: Ticket, user: User, *, forward: bool) -> str | None:
    """Number of the next open case in the order of the queue (nearest promise first), or ``None``.

    A case without a promise, or one that is finished, leads to the front of the queue.
    """
    queue = Ticket.objects.visible_to(user).unfinished().exclude(pk=ticket.pk)
    if ticket.due_at is not None and not ticket.is_finished:
        same = Q(due_at=ticket.due_at)
        queue = (
            queue.filter(
                Q(due_at__gt=ticket.due_at) | (same & Q(pk__gt=ticket.pk)) | Q(due_at=None)
            )
            if forward
            else queue.filter(Q(due_at__lt=ticket.due_at) | (same & Q(pk__lt=ticket.pk)))
        )
    order = ("due_at", "pk") if forward else (F("due_at").desc(nulls_last=True), "-pk")
    return queue.order_by(*order).values_list("number", flat=True).first()


def others_present(ticket: Ticket, user: User) -> list[dict[str, object]]:
    """Who else has the case open, writers first."""
    rows = (
        Presence.objects.filter(ticket=ticket, seen_at__gte=now() - HERE)
        .exclude(user=user)
        .select_related("user")
        .order_by("-is_writing", "user__username")
    )
    return [{"name": str(row.user), "writing": row.is_writing} for row in rows]


def newest_message_id(ticket: Ticket) -> int:
    """The newest message of the case and of those merged into it; 0 when there is none."""
    merged = TicketLink.objects.filter(target=ticket, kind=LinkKind.MERGED, canceled_at=None)
    found = Message.objects.filter(
        Q(ticket=ticket) | Q(ticket__in=merged.values("ticket")), undone_at=None
    ).aggregate(newest=Max("pk"))
    return found["newest"] or 0
