"""Telling colleagues: the bell at once, mail and chat when the quiet hours allow.

Everything is written in the transaction of the verb that has something to tell; the cause is on
record there, so a notice is no event of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.jobs import enqueue
from aftersales.kernel.services import service
from compliance.services import record
from staff import notice_types
from staff.models import (
    Channel,
    ChatTarget,
    Notice,
    NoticeDelivery,
    NoticePreference,
    Urgency,
    User,
)
from staff.queries import badges_key, preference_of
from staff.quiet_hours import after_quiet

WISHES = (
    "mail_low",
    "mail_normal",
    "mail_urgent",
    "quiet_from",
    "quiet_until",
    "urgent_breaks_quiet",
    "digest_hour",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """What to tell. ``params`` are JSON and fill the blanks of the type's words; ``source_key``
    names the cause, which tells each person once; ``url`` is a page of the desk."""

    code: str
    source_key: str
    url: str
    params: Mapping[str, Any] = field(default_factory=dict)
    urgency: str = Urgency.NORMAL
    case: models.Model | None = None
    # The same by id and number, for those who have no more of the case.
    case_id: int | None = None
    case_label: str = ""


@service
def notify(recipients: Iterable[User], new: NewNotice, *, actor: User) -> list[Notice]:
    """Tell people something; returns the notices made, none for who heard of this cause before.

    Who has left is not told. Raises ``LookupError`` for an unknown code, ``KeyError`` for a blank
    nobody filled, ``ValueError`` for a page that is not the desk's.
    """
    _check(new)
    people = {user.pk: user for user in recipients if user.is_active and not user.is_machine}
    told = Notice.objects.filter(source_key=new.source_key, recipient__in=people)
    fresh = set(people) - set(told.values_list("recipient_id", flat=True))
    if not fresh:
        return []
    moment = now()
    # Told by another transaction meanwhile: its row stays, ours is not made.
    Notice.objects.bulk_create(
        [_notice(people[pk], new, moment) for pk in sorted(fresh)], ignore_conflicts=True
    )
    made = list(
        Notice.objects.filter(source_key=new.source_key, recipient__in=fresh)
        .select_related("recipient__notice_preference")
        .order_by("id")
    )
    for notice in made:
        cache.delete(badges_key(notice.recipient_id))
    _queue([*_mails(made, moment), *_chats(made, moment)])
    return made


def _check(new: NewNotice) -> None:
    notice_types.check(new.code, new.params)
    if not new.url.startswith("/") or new.url.startswith("//"):
        raise ValueError(f"{new.url} is not a page of the desk")


def _notice(recipient: User, new: NewNotice, moment: datetime) -> Notice:
    return Notice(
        recipient=recipient,
        code=new.code,
        params=dict(new.params),
        case_id=new.case.pk if new.case else new.case_id,
        case_label=str(new.case) if new.case else new.case_label,
        url=new.url,
        urgency=new.urgency,
        source_key=new.source_key,
        created_at=moment,
    )


def _mails(notices: list[Notice], moment: datetime) -> Iterator[NoticeDelivery]:
    for notice in notices:
        user = notice.recipient
        wishes = getattr(user, "notice_preference", None) or NoticePreference(user=user)
        if user.email and wishes.wants_mail(notice.urgency):
            send_after = send_time(wishes, notice.urgency, moment)
            yield NoticeDelivery(
                notice=notice,
                channel=Channel.MAIL,
                effect_key=f"mail:{notice.pk}",
                send_after=send_after,
                is_held_back=send_after > moment,
                created_at=moment,
            )


def _chats(notices: list[Notice], moment: datetime) -> Iterator[NoticeDelivery]:
    """One delivery per chat of the recipients' departments, carried by the first notice there."""
    if not notices or not notice_types.get(notices[0].code).is_for_chat:
        return
    first: dict[int | None, Notice] = {}
    for notice in notices:
        first.setdefault(notice.recipient.department_id, notice)
    targets = ChatTarget.objects.filter(department__in=[pk for pk in first if pk], is_active=True)
    for target in targets.order_by("id"):
        notice = first[target.department_id]
        if Urgency(notice.urgency).rank >= Urgency(target.min_urgency).rank:
            yield chat_delivery(notice, target, moment)


def chat_delivery(notice: Notice, target: ChatTarget, moment: datetime) -> NoticeDelivery:
    """An unsaved delivery of the notice's cause to a chat."""
    send_after = send_time(target, notice.urgency, moment)
    return NoticeDelivery(
        notice=notice,
        channel=Channel.CHAT,
        target=target,
        effect_key=f"chat:{target.pk}:{notice.source_key}",
        send_after=send_after,
        is_held_back=send_after > moment,
        created_at=moment,
    )


def send_time(quiet: ChatTarget | NoticePreference, urgency: str, moment: datetime) -> datetime:
    """Now, or when the quiet hours end; they delay and never drop."""
    if urgency == Urgency.URGENT and quiet.urgent_breaks_quiet:
        return moment
    return after_quiet(quiet.hours, moment)


def _queue(deliveries: list[NoticeDelivery]) -> None:
    """Store deliveries, each effect once, and ring the job for each."""
    if not deliveries:
        return
    NoticeDelivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    keys = [delivery.effect_key for delivery in deliveries]
    rows = NoticeDelivery.objects.filter(effect_key__in=keys).order_by("id")
    for pk, send_after in rows.values_list("pk", "send_after"):
        enqueue("staff.send_notice", pk, delay=send_after - now())


@service
def read_notices(*, actor: User, notice_id: int | None = None) -> int:
    """Mark the actor's own notices as read, one or all; returns how many were unread."""
    unread = Q(recipient=actor, read_at=None)
    if notice_id is not None:
        unread &= Q(pk=notice_id)
    count = Notice.objects.filter(unread).update(read_at=now())
    cache.delete(badges_key(actor.pk))
    return count


@service
def change_wishes(values: Mapping[str, Any], *, actor: User) -> NoticePreference:
    """Say how one wants to be told; ``values`` are fields of ``WISHES``.

    Notices already waiting keep the time they were given.
    """
    User.objects.locked().get(pk=actor.pk)
    wishes = preference_of(actor)
    changed = sorted(name for name, value in values.items() if getattr(wishes, name) != value)
    if not set(changed) <= set(WISHES):
        raise RuleViolated("not_changeable", _("This cannot be changed here."), field=changed[0])
    for name in changed:
        setattr(wishes, name, values[name])
    if (wishes.quiet_from is None) != (wishes.quiet_until is None) or (
        wishes.quiet_from is not None and wishes.quiet_from == wishes.quiet_until
    ):
        raise RuleViolated(
            "quiet_hours",
            _("Give both ends of the quiet hours, or none."),
            field="quiet_until",
        )
    if changed:
        wishes.save()
        record("staff.wishes_changed", actor, actor=actor, data={"fields": changed})
    return wishes
