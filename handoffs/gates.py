"""What open legs mean for the case: it cannot end, and the asked department sees it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from handoffs.models import Handoff
from handoffs.statuses import LIVE
from staff.models import User
from tickets import gates, scope


def _open_legs() -> Exists:
    return Exists(Handoff.objects.filter(ticket=OuterRef("pk"), status__in=LIVE))


def seen_through_legs(user: User) -> Q:
    """Cases a department does not own but was asked about, as long as the leg lasts.

    A sub-select that PostgreSQL runs once, not once per case: open legs of one department are few.
    """
    if not user.department_id or not user.has_perm("handoffs.view_handoff"):
        return Q(pk__in=[])
    return Q(pk__in=Handoff.objects.giving_sight(user).values("ticket"))


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
    scope.register("handoffs", seen_through_legs)
