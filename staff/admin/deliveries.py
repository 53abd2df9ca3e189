"""What left the desk to tell colleagues, what waits, what could not leave."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from aftersales.kernel.admin import ByWords, FailingAdmin, known_id
from aftersales.kernel.dialogs import ReasonDialog, perform
from staff.models import NoticeDelivery
from staff.policies import can_retry_delivery
from staff.requests import person
from staff.services.deliveries import retry_delivery
from staff.statuses import DeliveryStatus

RETRY: dict[str, Any] = {
    "title": _("Send this notice again"),
    "description": _("It goes back to the queue and is tried at once."),
    "form_class": ReasonDialog,
    "form_submit_text": _("Send again"),
}


@admin.register(NoticeDelivery)
class NoticeDeliveryAdmin(FailingAdmin):
    """The outbox of notices."""

    when_empty = _(
        "Notices sent by mail or to a chat group show here. What goes out that way, people "
        "choose under their notices."
    )
    list_display = ("state", "channel", "to", "what", "created_at", "send_after", "sent_at")
    list_display_links = ("channel",)
    list_filter = ("status", "channel")
    list_select_related = ("notice__recipient", "target")
    actions_detail = ("retry",)
    fields = (
        ("state", "channel"),
        ("to", "what"),
        ("created_at", "send_after", "sent_at"),
        ("attempts", "problem"),
    )
    readonly_fields = ("state", "to", "what", "problem")

    failure = "error"

    @display(
        description=_("status"),
        ordering="status",
        label=ByWords(
            {
                DeliveryStatus.QUEUED: "info",
                DeliveryStatus.SENDING: "info",
                DeliveryStatus.SENT: "success",
                DeliveryStatus.PARKED: "danger",
            }
        ),
    )
    def state(self, delivery: NoticeDelivery) -> str:
        return delivery.get_status_display()

    @display(description=_("to"))
    def to(self, delivery: NoticeDelivery) -> str:
        return str(delivery.target or delivery.notice.recipient)

    @display(description=_("notice"))
    def what(self, delivery: NoticeDelivery) -> str:
        return delivery.notice.title

    def has_retry_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """The button shows on what is parked; the service decides again."""
        parked = NoticeDelivery.objects.filter(pk=known_id(object_id), status=DeliveryStatus.PARKED)
        return can_retry_delivery(person(request)) and parked.exists()

    @action(description=_("Send again"), icon="refresh", permissions=["retry"], dialog=RETRY)
    def retry(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        note = form.cleaned_data["note"]
        return perform(
            request,
            form,
            RETRY,
            lambda: retry_delivery(int(object_id), actor=person(request), note=note),
            done=_("The notice is on its way again."),
            url=reverse("admin:staff_noticedelivery_change", args=[object_id]),
        )
