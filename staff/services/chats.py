"""Chat groups of departments."""

from __future__ import annotations

from django.urls import reverse

from aftersales.kernel.clock import now
from aftersales.kernel.errors import require
from aftersales.kernel.jobs import enqueue
from aftersales.kernel.services import service
from compliance.services import record
from staff.chats import check_address
from staff.models import ChatTarget, Notice, NoticeDelivery, Urgency, User
from staff.policies import can_change_chats
from staff.services.notices import chat_delivery


@service
def save_chat(target: ChatTarget, *, actor: User, note: str = "") -> ChatTarget:
    """Add or change a chat group; raises ``RuleViolated`` for an address that is not allowed."""
    require(can_change_chats(actor))
    check_address(target.url)
    target.save()
    record("staff.chat_changed", target, actor=actor, note=note)
    return target


@service
def try_chat(target_id: int, *, actor: User, note: str = "") -> NoticeDelivery:
    """Send a greeting to the group now, whatever the hour; the page of what was sent tells how it
    went."""
    target = ChatTarget.objects.select_for_update().get(pk=target_id)
    require(can_change_chats(actor))
    moment = now()
    notice = Notice.objects.create(
        recipient=actor,
        code="staff.chat_tried",
        params={"by": str(actor), "target": target.label},
        url=reverse("admin:staff_chattarget_change", args=[target.pk]),
        urgency=Urgency.NORMAL,
        source_key=f"try:{target.pk}:{moment.isoformat()}",
        created_at=moment,
        read_at=moment,
    )
    delivery = chat_delivery(notice, target, moment)
    delivery.send_after, delivery.is_held_back = moment, False
    delivery.save(force_insert=True)
    record("staff.chat_tried", target, actor=actor, note=note)
    enqueue("staff.send_notice", delivery.pk)
    return delivery
