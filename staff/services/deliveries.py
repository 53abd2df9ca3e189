"""Notices on their way out: claim, commit, send outside any transaction, record.

The same promise as for mails to customers: a crash between sending and recording sends again, and
never loses one.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, require
from aftersales.kernel.failures import and_next, kept
from aftersales.kernel.jobs import enqueue
from aftersales.kernel.refs import for_reader, in_each_language
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.services import record
from staff.models import NoticeDelivery, User
from staff.policies import can_retry_delivery
from staff.statuses import DeliveryStatus

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 6
SENDER_ENDED = _("The sender ended before the last attempt had an answer.")
NOW_A_PERSON = _("It is not tried again by itself: an administrator can send it again.")


@service
def claim_delivery(delivery_id: int, *, actor: User) -> NoticeDelivery | None:
    """Lease what is due to the caller; ``None`` if it is not due or leased to somebody else.

    An attempt counts from here, so a notice that kills its sender each time is parked like any
    other.
    """
    delivery: NoticeDelivery = NoticeDelivery.objects.locked().get(pk=delivery_id)
    lapsed = (
        delivery.status == DeliveryStatus.SENDING
        and delivery.leased_until
        and delivery.leased_until <= now()
    )
    if not lapsed and (delivery.status != DeliveryStatus.QUEUED or delivery.send_after > now()):
        return None
    if lapsed and delivery.attempts >= MOST_ATTEMPTS:
        _put_off(delivery, in_each_language(SENDER_ENDED.__str__), actor)
        return None
    if not lapsed:
        move(delivery, DeliveryStatus.SENDING)
    delivery.attempts += 1
    delivery.leased_until = now() + LEASE
    delivery.save(update_fields=["status", "attempts", "leased_until"])
    return delivery


@service
def record_delivery_sent(delivery_id: int, *, actor: User) -> NoticeDelivery:
    """The other side took it."""
    delivery: NoticeDelivery = NoticeDelivery.objects.locked().get(pk=delivery_id)
    move(delivery, DeliveryStatus.SENT)
    delivery.sent_at, delivery.leased_until, delivery.error = now(), None, ""
    delivery.save(update_fields=["status", "sent_at", "leased_until", "error"])
    return delivery


@service
def record_delivery_failed(
    delivery_id: int, *, actor: User, note: str, error: str = ""
) -> NoticeDelivery:
    """Not taken, because of ``note``, in words; ``error`` is what the other side said.
    Tried again with growing pauses, parked for a person after ``MOST_ATTEMPTS``."""
    delivery: NoticeDelivery = NoticeDelivery.objects.locked().get(pk=delivery_id)
    _put_off(delivery, note, actor, error)
    return delivery


def _put_off(delivery: NoticeDelivery, note: str, actor: User, error: str = "") -> None:
    delivery.error, delivery.leased_until = kept(note, error, most=500), None
    if delivery.attempts >= MOST_ATTEMPTS:
        move(delivery, DeliveryStatus.PARKED)
        told = in_each_language(lambda: and_next(for_reader(note), NOW_A_PERSON))
        data = {"error": delivery.error} if error else None
        record("staff.notice_parked", delivery, actor=actor, note=told, data=data)
    else:
        move(delivery, DeliveryStatus.QUEUED)
        delivery.send_after = now() + timedelta(minutes=2 ** (delivery.attempts - 1))
    delivery.save(update_fields=["status", "error", "leased_until", "send_after"])


@service
def skip_delivery(delivery_id: int, *, actor: User, note: str) -> NoticeDelivery:
    """Nobody is there to take it any more: the person left, the chat was switched off."""
    delivery: NoticeDelivery = NoticeDelivery.objects.locked().get(pk=delivery_id)
    move(delivery, DeliveryStatus.SKIPPED)
    delivery.error, delivery.leased_until = note[:500], None
    delivery.save(update_fields=["status", "error", "leased_until"])
    return delivery


@service
def retry_delivery(delivery_id: int, *, actor: User, note: str = "") -> NoticeDelivery:
    """Send what was parked again; raises ``InvalidTransition`` for anything else."""
    delivery: NoticeDelivery = NoticeDelivery.objects.visible_to(actor).locked().get(pk=delivery_id)
    require(can_retry_delivery(actor))
    if delivery.status != DeliveryStatus.PARKED:
        raise InvalidTransition(_("Only what is parked can be sent again."))
    move(delivery, DeliveryStatus.QUEUED)
    delivery.attempts, delivery.send_after = 0, now()
    delivery.save(update_fields=["status", "attempts", "send_after"])
    record("staff.notice_retried", delivery, actor=actor, note=note)
    enqueue("staff.send_notice", delivery.pk)
    return delivery
