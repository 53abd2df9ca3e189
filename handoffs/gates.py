"""What open legs mean for the case: it cannot end, and the asked department sees it."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from handoffs.models import Handoff
from handoffs.statuses import LIVE
from staff.models import User
from tickets import gates, scope


def _open_legs() -> Exists:
    return Exists(Handoff.objects.filter(ticket=OuterRef("pk"), status__in=LIVE))


def seen_through_legs(user: User) -> QuerySet[Handoff, Any] | None:
    """Cases a department does not own but was asked about, as long as the leg lasts."""
    if not user.department_id or not user.has_perm("handoffs.view_handoff"):
        return None
    return Handoff.objects.giving_sight(user).values_list("ticket", flat=True)


def register() -> None:
    gates.register(
        gates.Gate(
            "handoffs_closed",
            _("No hand-over is open"),
            _("Accept the answer of every hand-over, or withdraw it."),
            lambda ticket: bool(ticket.gate_handoffs_closed),  # type: ignore[attr-defined]
            _open_legs,
            is_live=True,
        )
    )
    gates.register_flag("legs", lambda: Exists(Handoff.objects.filter(ticket=OuterRef("pk"))))
    scope.register("handoffs", seen_through_legs)
