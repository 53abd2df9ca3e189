"""Duties that find what an alarm lost or what has come due; each row in a transaction of its own.

A row that somebody else holds is left for the next round. The services decide again under the lock,
so two sweeps at once, or a sweep and a person, have one effect.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from aftersales.kernel.clock import now
from aftersales.kernel.errors import TRANSIENT, DomainError
from aftersales.kernel.jobs import due_count, enqueue
from compliance.models import AuditEvent
from staff.services import system_actor
from tickets.gates import annotated, blocking
from tickets.models import CsatResponse, OutboundMail, Presence, Ticket
from tickets.queries.resting import at_rest
from tickets.services import watching
from tickets.services.auto_close import close_after_wait
from tickets.services.handling import RECEIPT_UNSENT, acknowledge_by_mail
from tickets.services.opening import ABSENT_CHANNELS
from tickets.services.ratings import expire_rating
from tickets.statuses import (
    UNFINISHED,
    MailStatus,
    SurveyStatus,
    TicketStatus,
)

log = logging.getLogger(__name__)

MOST = 200
# A queue as long as this is late, not lost: ringing again would only make it longer.
LONG_QUEUE = 200
# An alarm rings within seconds; after this pause it counts as lost.
ALARM_PAUSE = timedelta(seconds=30)
ACKNOWLEDGE_PAUSE = timedelta(minutes=2)
# Older cases were somebody's decision or an import; a late «we received it» would only puzzle.
ACKNOWLEDGE_WITHIN = timedelta(days=3)
PRESENCE_KEPT = timedelta(days=1)


def ring_unsent_mails() -> int:
    """Ring again for mails that are due and for those whose sender died holding the lease."""
    if due_count() > LONG_QUEUE:
        return 0
    moment = now()
    due = OutboundMail.objects.filter(
        Q(status=MailStatus.QUEUED, send_after__lte=moment - ALARM_PAUSE)
        | Q(status=MailStatus.SENDING, leased_until__lte=moment)
    )
    rung = 0
    for pk in list(due.order_by("send_after").values_list("pk", flat=True)[:MOST]):
        with transaction.atomic():
            if due.filter(pk=pk).select_for_update(skip_locked=True).first():
                enqueue("tickets.send_mail", pk)
                rung += 1
    return rung


def acknowledge_unacknowledged() -> int:
    """Acknowledge cases that came while the customer was away and whose alarm was lost; not those
    that a person is to acknowledge since no mail could leave."""
    moment = now()
    rows = Ticket.objects.filter(
        status__in=UNFINISHED,
        updated_at__gte=moment - ACKNOWLEDGE_WITHIN,
        received_at__range=(moment - ACKNOWLEDGE_WITHIN, moment - ACKNOWLEDGE_PAUSE),
        acknowledged_at=None,
        channel__in=ABSENT_CHANNELS,
    ).exclude(Exists(AuditEvent.objects.filter(case_id=OuterRef("pk"), code=RECEIPT_UNSENT)))
    pairs = [(pk, pk) for pk in rows.order_by("id").values_list("pk", flat=True)[:MOST]]
    return each(pairs, lambda pk: acknowledge_by_mail(pk, actor=system_actor()))


def expire_ratings() -> int:
    """End invitations to rate whose time is over."""
    rows = CsatResponse.objects.filter(status=SurveyStatus.INVITED, expires_at__lte=now())
    return each(_pairs(rows), lambda pk: expire_rating(pk, actor=system_actor()))


def close_resolved() -> int:
    """Close cases that stayed resolved and untouched for ``CLOSE_AFTER_DAYS`` and whose gates are
    open."""
    before = now() - timedelta(days=settings.CLOSE_AFTER_DAYS)
    resolved = Ticket.objects.filter(status=TicketStatus.RESOLVED, resolved_at__lte=before)
    rows = annotated(at_rest(resolved, before))
    ready: list[tuple[int, int]] = []
    for ticket in rows.order_by("resolved_at").iterator(chunk_size=MOST):
        if not blocking(ticket):
            ready.append((ticket.pk, ticket.pk))
        if len(ready) == MOST:
            break
    return each(ready, lambda pk: close_after_wait(pk, actor=system_actor()))


def tell_watchers() -> int:
    """Tell followers of cases what happened on them."""
    return watching.tell_watchers(actor=system_actor())


def forget_presence() -> int:
    """Remove notices of who had a case open."""
    return Presence.objects.filter(seen_at__lt=now() - PRESENCE_KEPT).delete()[0]


def _pairs(rows: QuerySet[CsatResponse]) -> list[tuple[int, int]]:
    return list(rows.order_by("id").values_list("pk", "ticket_id")[:MOST])


def each(pairs: Iterable[tuple[int, int]], act: Callable[[int], object | None]) -> int:
    """Act on each row whose case is free; returns how often something was done.

    ``pairs`` are (row, its case). The case is locked first, as every service does.
    """
    done = 0
    for pk, ticket_id in pairs:
        try:
            with transaction.atomic():
                free = Ticket.objects.filter(pk=ticket_id).select_for_update(skip_locked=True)
                if free.first() and act(pk) is not None:
                    done += 1
        except DomainError:
            continue
        except TRANSIENT:
            raise
        except Exception:  # one case must not keep all others waiting, round after round
            log.exception("row %s of case %s could not be handled", pk, ticket_id)
    return done
