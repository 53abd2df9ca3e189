"""Sending notices: load by id, send, record. Each may run twice."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import jobs
from aftersales.kernel.errors import Text
from aftersales.kernel.failures import in_words, technical
from aftersales.kernel.refs import in_each_language
from staff import chats
from staff.models import Channel, NoticeDelivery
from staff.services import deliveries, system_actor

CHAT_REFUSED = _("The chat service did not take the message.")


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
        note = in_each_language(reason.__str__)
        deliveries.skip_delivery(delivery_id, actor=actor, note=note)
        return
    try:
        send(delivery)
    except Exception as error:
        deliveries.record_delivery_failed(
            delivery_id,
            actor=actor,
            note=in_each_language(words_for(error).__str__),
            error=technical(error),
        )
    else:
        deliveries.record_delivery_sent(delivery_id, actor=actor)


def words_for(error: Exception) -> Text:
    return CHAT_REFUSED if isinstance(error, chats.ChatFailed) else in_words(error)


def nowhere(delivery: NoticeDelivery) -> Text:
    """Why there is nobody to send to any more; '' when there is."""
    if delivery.target is not None:
        return "" if delivery.target.is_active else _("The chat group is out of use.")
    if not delivery.notice.recipient.is_active:
        return _("The person has left.")
    return "" if delivery.notice.recipient.email else _("The person has no mail address.")


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
