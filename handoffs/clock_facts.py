"""Legs as clocks see them: what rules can ask, who has the turn, where the due time goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.conditions import Fact, FactKind
from clocks import registry
from clocks.registry import Subject
from handoffs.choices import HandoffKind, Side
from handoffs.models import Handoff
from handoffs.statuses import HandoffStatus
from tickets.choices import Kind, Priority

RELATED = (
    "template",
    "from_department",
    "to_department",
    "assignee",
    "sent_by",
    "ticket__category",
    "ticket__department",
)
FACTS = (
    Fact("kind", _("kind"), lambda leg: leg.kind, choices=HandoffKind.choices),
    Fact("template", _("template"), lambda leg: leg.template.code),
    Fact("status", _("status"), lambda leg: str(leg.status), choices=HandoffStatus.choices),
    Fact(
        "from_department", pgettext_lazy("hand-over", "from"), lambda leg: leg.from_department.code
    ),
    Fact(
        "to_department",
        pgettext_lazy("hand-over", "to"),
        lambda leg: leg.to_department.code if leg.to_department else "",
    ),
    Fact(
        "is_accepted",
        _("accepted by somebody"),
        lambda leg: leg.accepted_at is not None,
        FactKind.BOOLEAN,
    ),
    Fact(
        "ping_pong_count",
        _("times sent back and forth"),
        lambda leg: leg.ping_pong_count,
        FactKind.NUMBER,
    ),
    Fact("case_kind", _("kind of the case"), lambda leg: leg.ticket.kind, choices=Kind.choices),
    Fact(
        "priority",
        _("priority of the case"),
        lambda leg: leg.ticket.priority,
        choices=Priority.choices,
    ),
    Fact(
        "category",
        _("category"),
        lambda leg: leg.ticket.category.path if leg.ticket.category else "",
    ),
)


def load(ids: Sequence[int]) -> Mapping[int, Handoff]:
    return Handoff.objects.select_related(*RELATED).in_bulk(ids)


def set_due(leg: Handoff, due_at: datetime | None) -> None:
    """The nearest promise; the verb that recorded the event saves it."""
    leg.due_at = due_at


def save_due(leg: Handoff) -> None:
    leg.save(update_fields=["due_at"])


def department_with_the_turn(leg: Handoff) -> int | None:
    """Whose promise it is; an outsider's is looked after by those who asked."""
    if leg.side == Side.RECEIVER and leg.to_department_id:
        return leg.to_department_id
    return leg.from_department_id


def person_with_the_turn(leg: Handoff) -> Any:
    """Who has the question, or who sent it; nobody while the department has not taken it."""
    if leg.side == Side.RECEIVER and not leg.is_external:
        return leg.assignee
    return leg.sent_by


HANDOFF = Subject(
    type="handoffs.handoff",
    label=_("Hand-over"),
    facts=FACTS,
    load=load,
    open_rows=lambda: Handoff.objects.live().select_related(*RELATED),
    set_due=set_due,
    save_due=save_due,
    assignee=person_with_the_turn,
    department_id=department_with_the_turn,
    url=lambda pk, _number: reverse("admin:handoffs_handoff_change", args=[pk]),
)


def register() -> None:
    registry.register_subject(HANDOFF)
