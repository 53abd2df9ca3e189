"""Duties about notices: what an alarm lost, what the day brings."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from aftersales.kernel.clock import now
from aftersales.kernel.jobs import due_count, enqueue
from staff.models import NoticeDelivery
from staff.queries import holders_of
from staff.roles import Role
from staff.services import system_actor
from staff.services.digests import send_digest
from staff.statuses import DeliveryStatus

MOST = 200
# A queue as long as this is late, not lost.
LONG_QUEUE = 200
# An alarm rings within seconds; after this pause it counts as lost.
ALARM_PAUSE = timedelta(seconds=30)


def ring_unsent_notices() -> int:
    """Ring again for notices that are due and for those whose sender died holding the lease."""
    if due_count() > LONG_QUEUE:
        return 0
    moment = now()
    due = NoticeDelivery.objects.filter(
        Q(status=DeliveryStatus.QUEUED, send_after__lte=moment - ALARM_PAUSE)
        | Q(status=DeliveryStatus.SENDING, leased_until__lte=moment)
    )
    rung = 0
    for pk in list(due.order_by("send_after").values_list("pk", flat=True)[:MOST]):
        with transaction.atomic():
            if due.filter(pk=pk).select_for_update(skip_locked=True).first():
                enqueue("staff.send_notice", pk)
                rung += 1
    return rung


def send_digests() -> int:
    """Write the digests whose hour has come; returns how many."""
    actor = system_actor()
    leads = holders_of(Role.LEAD).exclude(email="")
    return sum(
        send_digest(pk, actor=actor) is not None for pk in leads.values_list("pk", flat=True)
    )
