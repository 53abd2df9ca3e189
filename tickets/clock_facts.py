"""Cases and follow-ups as clocks see them: what rules can ask, who has them, how to lock them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.conditions import Fact, FactKind
from clocks import registry
from clocks.registry import Subject
from customers.models import Tier
from staff.models import Language, User
from tickets.choices import (
    Channel,
    Complexity,
    FollowUpKind,
    Kind,
    Priority,
    Remedy,
    Sentiment,
    Severity,
)
from tickets.models import FollowUp, Ticket
from tickets.querysets import sees_everything
from tickets.statuses import UNFINISHED, FollowUpStatus, TicketStatus

RELATED = ("category", "customer", "order__shop", "shop", "department", "assignee")

CASE_FACTS = (
    Fact("kind", _("kind"), lambda case: case.kind, choices=Kind.choices),
    Fact("category", _("category"), lambda case: case.category.path if case.category else ""),
    Fact("channel", _("channel"), lambda case: case.channel, choices=Channel.choices),
    Fact("status", _("status"), lambda case: str(case.status), choices=TicketStatus.choices),
    Fact("priority", _("priority"), lambda case: case.priority, choices=Priority.choices),
    Fact("severity", _("severity"), lambda case: case.severity, choices=Severity.choices),
    Fact("complexity", _("complexity"), lambda case: case.complexity, choices=Complexity.choices),
    Fact("sentiment", _("mood"), lambda case: case.sentiment, choices=Sentiment.choices),
    Fact(
        "is_green_channel",
        _("green channel"),
        lambda case: case.is_green_channel,
        FactKind.BOOLEAN,
    ),
    Fact("department", _("department"), lambda case: case.department.code),
    Fact("language", _("language"), lambda case: case.language, choices=Language.choices),
    Fact("shop", _("shop"), lambda case: case.shop.code if case.shop else ""),
    Fact("market", _("market"), lambda case: case.shop.market if case.shop else "CN"),
    Fact(
        "customer_tier",
        _("customer tier"),
        lambda case: case.customer.tier if case.customer else "",
        choices=Tier.choices,
    ),
    Fact("has_order", _("has an order"), lambda case: case.order_id is not None, FactKind.BOOLEAN),
    Fact("ship_to", _("delivered to"), lambda case: case.order.address if case.order else ""),
    Fact(
        "requested_remedy",
        _("remedy asked for"),
        lambda case: case.requested_remedy,
        choices=Remedy.choices,
    ),
    Fact(
        "is_acknowledged",
        pgettext_lazy("fact", "acknowledged"),
        lambda case: case.acknowledged_at is not None,
        FactKind.BOOLEAN,
    ),
    Fact(
        "is_answered",
        pgettext_lazy("fact", "answered"),
        lambda case: case.first_response_at is not None,
        FactKind.BOOLEAN,
    ),
    Fact("urged_count", _("times urged"), lambda case: case.urged_count, FactKind.NUMBER),
    Fact("reopened_count", _("times reopened"), lambda case: case.reopened_count, FactKind.NUMBER),
)

FOLLOW_UP_FACTS = (
    Fact("kind", _("kind"), lambda row: row.kind, choices=FollowUpKind.choices),
    Fact("due_at", _("agreed time"), lambda row: row.due_at),
    Fact("case_kind", _("kind of the case"), lambda row: row.ticket.kind, choices=Kind.choices),
    Fact(
        "priority",
        _("priority of the case"),
        lambda row: row.ticket.priority,
        choices=Priority.choices,
    ),
)


def with_facts(cases: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """With everything facts read, however many cases there are."""
    return cases.select_related(*RELATED).prefetch_related("order__shipments")


def load_cases(ids: Sequence[int]) -> Mapping[int, Ticket]:
    return with_facts(Ticket.objects.all()).in_bulk(ids)


def lock_cases(ids: Sequence[int], most: int) -> Mapping[int, Ticket]:
    free = Ticket.objects.filter(pk__in=ids).select_for_update(of=("self",), skip_locked=True)
    return {case.pk: case for case in free.order_by("pk")[:most]}


def set_due(case: Ticket, due_at: datetime | None) -> None:
    """The nearest promise; the verb that recorded the event saves it."""
    case.due_at = due_at


def save_due(case: Ticket) -> None:
    """A recount is no activity: only the due time changes."""
    case.save(update_fields=["due_at"])


def load_follow_ups(ids: Sequence[int]) -> Mapping[int, FollowUp]:
    rows = FollowUp.objects.select_related("ticket__department", "assignee")
    return rows.in_bulk(ids)


def case_scope(user: User) -> Any:
    """Ids of the cases a person sees; ``None`` for all."""
    if sees_everything(user):
        return None
    return Ticket.objects.visible_to(user).values("pk")


CASE = Subject(
    type="tickets.ticket",
    label=_("Case"),
    facts=CASE_FACTS,
    load=load_cases,
    lock=lock_cases,
    open_rows=lambda: with_facts(Ticket.objects.filter(status__in=UNFINISHED)),
    set_due=set_due,
    save_due=save_due,
    reevaluate_on=(
        "tickets.assessed",
        "tickets.details_changed",
        "tickets.customer_named",
        "tickets.routed",
        "tickets.urged",
        "tickets.reopened",
        "tickets.priority_raised",
        "tickets.merged:here",
        "tickets.unmerged:here",
        "tickets.unmerged:restored",
        "tickets.unsplit:here",
    ),
    assignee=lambda case: case.assignee,
    department_id=lambda case: case.department_id,
    url=lambda _pk, number: reverse("admin:tickets_ticket_change", args=[number]),
    is_case=True,
)
FOLLOW_UP = Subject(
    type="tickets.followup",
    label=_("Follow-up"),
    facts=FOLLOW_UP_FACTS,
    load=load_follow_ups,
    open_rows=lambda: FollowUp.objects.filter(status=FollowUpStatus.PLANNED).select_related(
        "ticket__department", "assignee"
    ),
    assignee=lambda row: row.assignee,
    department_id=lambda row: row.ticket.department_id,
)


def register() -> None:
    registry.register_subject(CASE)
    registry.register_subject(FOLLOW_UP)
    registry.register_case_scope(case_scope)
