"""The department's inbox: places a leg can be in, each with its count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import Text
from handoffs.models import Handoff
from handoffs.querysets import HandoffQuerySet
from handoffs.statuses import WITH_RECEIVER, HandoffStatus
from staff.models import User
from tickets.queries.counting import capped_counts

Rows = HandoffQuerySet


@dataclass(frozen=True, slots=True)
class Place:
    """A tab of the inbox; ``of_department`` is for people who belong to one."""

    code: str
    label: Text
    rows: Callable[[User], Rows]
    of_department: bool = True


def asked(user: User) -> Rows:
    return Handoff.objects.asked_of(user.department_id)


PLACES = (
    Place("asked", _("Asked of us"), asked),
    Place("to_accept", _("To accept"), lambda user: asked(user).filter(status=HandoffStatus.SENT)),
    Place("mine", _("Mine"), lambda user: asked(user).filter(assignee=user)),
    Place("late", _("Late"), lambda user: involving(user).late(now())),
    Place("back", _("Back with us"), lambda user: Handoff.objects.back_with(user.department_id)),
    Place(
        "sent",
        _("Sent by us"),
        lambda user: Handoff.objects.filter(
            from_department=user.department_id, status__in=WITH_RECEIVER
        ),
    ),
    Place("open", _("All open"), lambda user: Handoff.objects.live(), of_department=False),
    Place("all", _("All"), lambda user: Handoff.objects.all(), of_department=False),
)


def involving(user: User) -> Rows:
    """Live legs to or from the department."""
    department = user.department_id
    return Handoff.objects.live().filter(
        Q(to_department=department) | Q(from_department=department)
    )


def places_of(user: User) -> list[Place]:
    """The tabs of this person, the first one being where they start."""
    return [place for place in PLACES if user.department_id or not place.of_department]


def counts(user: User) -> dict[str, int]:
    """How many legs each place holds for this person; one statement."""
    return capped_counts(
        {place.code: place.rows(user).visible_to(user) for place in places_of(user)}
    )


def next_asked(user: User, most: int = 8) -> list[Handoff]:
    """What the department was asked, nearest clock first, for the home page."""
    if user.department_id is None or not user.has_perm("handoffs.view_handoff"):
        return []
    rows = asked(user).select_related("ticket", "template", "from_department", "assignee")
    return list(rows.order_by("due_at", "id")[:most])
