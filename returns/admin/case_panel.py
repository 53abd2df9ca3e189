"""The panel «Goods» of the case page: two statements, however many returns and articles."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from returns.admin import buttons
from returns.models import ReturnAuthorization, ReturnItem
from returns.queries.decisions import decision_sentence, follows_verdict
from returns.statuses import ReturnStatus
from staff.models import User
from tickets.admin import case_panels
from tickets.admin.case_panels import Button
from tickets.admin.panels import Panel
from tickets.models import Ticket

TONES = {
    ReturnStatus.REQUESTED: "open",
    ReturnStatus.NEEDS_REVIEW: "open",
    ReturnStatus.AUTHORIZED: "planned",
    ReturnStatus.IN_TRANSIT: "planned",
    ReturnStatus.RECEIVED: "open",
    ReturnStatus.INSPECTED: "open",
    ReturnStatus.DECLINED: "declined",
    ReturnStatus.SETTLED: "done",
    ReturnStatus.CLOSED: "done",
}


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An article of a return with what can be done to it."""

    item: ReturnItem
    buttons: list[Button]


@dataclass(frozen=True, slots=True)
class ShownReturn:
    """A return as the case page shows it; ``sheet_url`` once there is something to settle."""

    rma: ReturnAuthorization
    tone: str
    url: str
    sentence: str
    follows_verdict: bool
    items: list[ShownItem]
    buttons: list[Button]
    settles: bool


def load(ticket: Ticket, user: User) -> dict[str, Any] | None:
    """Returns of the case, newest first; ``None`` when there is none and none can be asked for."""
    can = case_panels.buttons(ticket, user)
    returns: list[ReturnAuthorization] = []
    if getattr(ticket, "flag_returns", True):
        returns = list(ReturnAuthorization.objects.filter(ticket=ticket).order_by("-pk"))
    items: dict[int, list[ReturnItem]] = defaultdict(list)
    if returns:
        rows = ReturnItem.objects.filter(rma__in=[rma.pk for rma in returns])
        for item in rows.select_related("order_line").order_by("pk"):
            items[item.rma_id].append(item)
    if not returns and "return" not in can:
        return None
    return {
        "ask": can.get("return"),
        "compensate": can.get("compensate"),
        "returns": [_shown(rma, items[rma.pk], can) for rma in returns],
    }


def _shown(
    rma: ReturnAuthorization, items: list[ReturnItem], can: dict[str, Button]
) -> ShownReturn:
    return ShownReturn(
        rma=rma,
        tone=TONES.get(ReturnStatus(rma.status), ""),
        url=reverse("admin:returns_returnauthorization_change", args=[rma.pk]),
        sentence=decision_sentence(rma),
        follows_verdict=follows_verdict(rma),
        items=[ShownItem(item, buttons.of_item(can, rma, item)) for item in items],
        buttons=buttons.of_return(can, rma),
        settles=rma.status == ReturnStatus.INSPECTED and "return-settle" in can,
    )


PANEL = Panel("goods", "returns/_panel.html", load, position=30)
