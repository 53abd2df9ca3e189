"""One mail a day to each lead, made from counts."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from aftersales.kernel.clock import now
from aftersales.kernel.jobs import enqueue
from aftersales.kernel.services import service
from staff import digests
from staff.models import Channel, Notice, NoticeDelivery, Urgency, User
from staff.policies import gets_digest
from staff.queries import preference_of, present


@service
def send_digest(user_id: int, *, actor: User) -> Notice | None:
    """Write today's digest and queue its mail; ``None`` before its hour, without an address, while
    the lead is away, or when it was written today.

    It lies in the list of notices as read: its numbers are no news for the bell.
    """
    user: User = User.objects.locked().get(pk=user_id)
    moment = now()
    local = timezone.localtime(moment, timezone.get_default_timezone())
    hour = preference_of(user).digest_hour
    if hour is None or local.hour < hour or not user.email or not gets_digest(user):
        return None
    key = f"digest:{local.date()}"
    if Notice.objects.filter(recipient=user, source_key=key).exists():
        return None
    if not present([user], moment):
        return None
    notice = Notice.objects.create(
        recipient=user,
        code="staff.digest",
        params={"day": str(local.date()), "counts": digests.counts(user, moment)},
        url=reverse("admin:index"),
        urgency=Urgency.LOW,
        source_key=key,
        created_at=moment,
        read_at=moment,
    )
    delivery = NoticeDelivery.objects.create(
        notice=notice,
        channel=Channel.DIGEST,
        effect_key=f"mail:{notice.pk}",
        send_after=moment,
        created_at=moment,
    )
    enqueue("staff.send_notice", delivery.pk)
    return notice
