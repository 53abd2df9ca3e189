"""Sending notices: load by id, send, record. Each may run twice."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from aftersales.kernel import jobs
from aftersales.kernel.masking import mask_contacts
from staff import chats
from staff.models import Channel, NoticeDelivery
from staff.services import deliveries, system_actor


def send_notice(delivery_id: int) -> None:
    """Send one notice: claim, hand over outside any transaction, record."""
    actor = system_actor()
    try:
        claimed = deliveries.claim_delivery(delivery_id, actor=actor)
    except NoticeDelivery.DoesNotExist:
        return
    if claimed is None:
        return
    delivery = NoticeDelivery.objects.select_related("notice__recipient", "target").get(
        pk=delivery_id
    )
    if reason := nowhere(delivery):
        deliveries.skip_delivery(delivery_id, actor=actor, note=reason)
        return
    try:
        send(delivery)
    except Exception as error:
        note = mask_contacts(f"{type(error).__name__}: {error}")
        deliveries.record_delivery_failed(delivery_id, actor=actor, note=note)
    else:
        deliveries.record_delivery_sent(delivery_id, actor=actor)


def nowhere(delivery: NoticeDelivery) -> str:
    """Why there is nobody to send to any more; '' when there is."""
    if delivery.target is not None:
        return "" if delivery.target.is_active else "the chat group is out of use"
    if not delivery.notice.recipient.is_active:
        return "the person has left"
    return "" if delivery.notice.recipient.email else "the person has no mail address"


def send(delivery: NoticeDelivery) -> None:
    notice = delivery.notice
    if delivery.target is not None:
        with translation.override(delivery.target.language):
            text = f"{notice.body}\n{settings.PUBLIC_URL}{notice.url}".strip()
            chats.post(delivery.target.url, notice.title, text)
        return
    as_email(delivery).send()


def as_email(delivery: NoticeDelivery) -> EmailMessage:
    """The mail in the reader's language, marked as made by a machine."""
    notice = delivery.notice
    with translation.override(notice.recipient.language):
        words = {
            "notice": notice,
            "link": f"{settings.PUBLIC_URL}{notice.url}",
            "is_digest": delivery.channel == Channel.DIGEST,
        }
        return EmailMessage(
            subject=" ".join(notice.title.split())[:200],
            body=render_to_string("staff/email/notice.txt", words).strip() + "\n",
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[notice.recipient.email],
            headers={
                # The same at every attempt: mail programs show a repeated mail once.
                "Message-ID": f"<notice-{delivery.pk}@{settings.MAIL_DOMAIN}>",
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            },
        )


def register_all() -> None:
    jobs.register("staff.send_notice", send_notice)
