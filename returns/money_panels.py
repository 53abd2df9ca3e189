"""Money on the case page and on the customer's status page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from returns.models import Refund
from returns.money_choices import RefundMeans, Risk
from returns.money_statuses import IN_FLIGHT, RefundStatus
from staff.models import User
from tickets.admin import panels
from tickets.admin.panels import Panel
from tickets.models import Ticket
from tickets.portal import sections
from tickets.portal.sections import Section

MOST = 20
TONES = {
    RefundStatus.SUBMITTED: "amber",
    RefundStatus.APPROVED: "blue",
    RefundStatus.SENDING: "blue",
    RefundStatus.UNKNOWN: "red",
    RefundStatus.SUCCEEDED: "green",
    RefundStatus.FAILED: "red",
}


def case_panel(ticket: Ticket, user: User) -> dict[str, Any] | None:
    """The case's refunds, the newest first; nothing for who may not see money."""
    if not user.has_perm("returns.view_refund"):
        return None
    if not getattr(ticket, "flag_refunds", True):
        return None
    refunds = list(Refund.objects.filter(ticket=ticket)[:MOST])
    if not refunds:
        return None
    rows = [
        {
            "refund": refund,
            "url": reverse("admin:returns_refund_change", args=[refund.pk]),
            "tone": TONES.get(RefundStatus(refund.status), ""),
            "needs_look": refund.risk == Risk.RAISED,
        }
        for refund in refunds
    ]
    return {"rows": rows}


def status_section(ticket: Ticket) -> dict[str, Any] | None:
    """What the customer may know: money that is decided, on its way or paid."""
    shown = (RefundStatus.APPROVED, *IN_FLIGHT, RefundStatus.SUCCEEDED)
    refunds = list(Refund.objects.filter(ticket=ticket, status__in=shown)[:MOST])
    if not refunds:
        return None
    return {
        "rows": [
            {
                "refund": refund,
                "is_paid": refund.status == RefundStatus.SUCCEEDED,
                "is_credit": refund.means == RefundMeans.STORE_CREDIT,
            }
            for refund in refunds
        ]
    }


def register() -> None:
    panels.register(Panel("money", "returns/money/_case.html", case_panel, 40))
    sections.register(Section("money", "returns/money/_status.html", status_section, 40))
