"""The queue: which cases a set of filters means for a person, and the saved views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Self

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils import timezone

from aftersales.kernel.clock import now
from aftersales.kernel.prepared import plain_rows
from aftersales.kernel.reading import by_condition
from staff.models import User
from tickets import scope as reasons
from tickets.models import SavedView, Ticket
from tickets.queries.counting import capped_counts
from tickets.querysets import is_system, sees_everything
from tickets.statuses import UNFINISHED, TicketStatus

MOST_NAMED = 2000
# Every page of the queue asks: `ToolQuerySet.visible_to` in SQL, whose plan is kept.
USABLE = """
    is_active AND (roles = '{}' OR roles::text[] && %s)
    AND (visibility = 'all' OR (visibility = 'team' AND department_id = %s) OR owner_id = %s)
    ORDER BY position, name
"""
FOLLOWED = "SELECT ticket_id FROM tickets_watcher WHERE user_id = %s ORDER BY id DESC LIMIT %s"
COUNT_SECONDS = 60
SOON = timedelta(hours=24)
STATUS_SETS: dict[str, tuple[TicketStatus, ...]] = {
    "unfinished": UNFINISHED,
    "waiting": (TicketStatus.PENDING, TicketStatus.ON_HOLD),
    "any": (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the address of a queue page says; every field is text as it stands there.

    ``status`` is a status or one of ``STATUS_SETS``; ``assignee`` a login, ``me`` or ``none``;
    ``department`` a code or ``mine``; ``since`` and ``until`` are days of arrival, both included;
    ``late`` is past its due time, ``soon`` that or due within a day.
    """

    q: str = ""
    status: str = ""
    kind: str = ""
    category: str = ""
    priority: str = ""
    department: str = ""
    assignee: str = ""
    channel: str = ""
    shop: str = ""
    tag: str = ""
    since: str = ""
    until: str = ""
    late: str = ""
    soon: str = ""
    sort: str = ""

    @classmethod
    def read(cls, params: Mapping[str, Any]) -> Self:
        """From a query string or a saved view; unknown names are ignored."""
        known = {field.name for field in fields(cls)}
        return cls(
            **{
                name: str(value).strip()[:200].replace("\x00", "")
                for name, value in params.items()
                if name in known and value
            }
        )

    @property
    def given(self) -> dict[str, str]:
        """What differs from nothing, in order."""
        pairs = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in pairs if value}

    @property
    def statuses(self) -> tuple[str, ...]:
        """Statuses that match; empty means any. Searching looks everywhere unless told not to."""
        chosen = self.status or ("any" if self.q else "unfinished")
        if chosen in STATUS_SETS:
            return STATUS_SETS[chosen]
        return (chosen,) if chosen in TicketStatus.values else UNFINISHED

    @property
    def by_due(self) -> bool:
        """Nearest due first makes sense for unfinished cases only."""
        unfinished = bool(self.statuses) and set(self.statuses) <= set(UNFINISHED)
        return unfinished and self.sort != "activity"

    @property
    def due_before(self) -> timedelta | None:
        """Only what is due before so much from now on."""
        if self.late:
            return timedelta()
        return SOON if self.soon else None

    def without(self, name: str) -> Self:
        return replace(self, **{name: ""})


@dataclass(frozen=True, slots=True)
class Scope:
    """Which cases a person sees, as conditions the planner can weigh.

    The same rule as ``visible_to``; followed cases and those of upper apps (``tickets.scope``) are
    named instead of looked up row by row, so that a small department's cases are found by index
    and a large one's by walking the order.
    """

    user: User
    condition: Q | None

    @classmethod
    def of(cls, user: User) -> Self:
        if sees_everything(user):
            return cls(user, Q())
        if not user.has_perm("tickets.view_ticket") and not is_system(user):
            return cls(user, None)
        condition = Q(assignee=user) | Q(created_by=user)
        if user.department_id:
            condition |= Q(department=user.department_id)
        named = [pk for (pk,) in plain_rows(FOLLOWED, [user.pk, MOST_NAMED])]
        for ids in reasons.registered_for(user):
            named += ids[:MOST_NAMED]
        if named:
            condition |= Q(pk__in=named)
        return cls(user, condition)

    def tickets(self) -> QuerySet[Ticket]:
        if self.condition is None:
            return Ticket.objects.none()
        return Ticket.objects.filter(self.condition)


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys behind the codes in an address: a condition on a number is one the planner knows."""

    department: Mapping[str, int]
    assignee: Mapping[str, int]
    category: Mapping[str, int]
    shop: Mapping[str, int]


def narrowed(scope: Scope, filters: Filters, keys: Keys) -> QuerySet[Ticket]:
    """The cases in scope that the filters mean, without the search text."""
    tickets = scope.tickets()
    if filters.statuses:
        tickets = tickets.filter(status__in=filters.statuses)
    for name in ("kind", "priority", "channel"):
        if value := getattr(filters, name):
            tickets = tickets.filter(**{name: value})
    for name, known in (("shop", keys.shop), ("category", keys.category)):
        if value := getattr(filters, name):
            tickets = tickets.filter(**{name: known.get(value, 0)})
    if filters.tag:
        tickets = tickets.filter(tags__contains=[filters.tag])
    if filters.due_before is not None:
        # Said once only: PostgreSQL would multiply the share of unfinished cases with itself.
        if not filters.by_due:
            tickets = tickets.filter(status__in=UNFINISHED)
        tickets = tickets.filter(due_at__lt=now() + filters.due_before)
    return _received(_placed(tickets, scope.user, filters, keys), filters)


def _placed(
    tickets: QuerySet[Ticket], user: User, filters: Filters, keys: Keys
) -> QuerySet[Ticket]:
    """Where the case is and who has it."""
    if filters.department:
        mine = filters.department == "mine"
        pk = user.department_id if mine else keys.department.get(filters.department)
        tickets = tickets.filter(department=pk or 0)
    if filters.assignee == "none":
        return tickets.filter(assignee=None)
    if filters.assignee:
        pk = user.pk if filters.assignee == "me" else keys.assignee.get(filters.assignee)
        return tickets.filter(assignee=pk or 0)
    return tickets


def _received(tickets: QuerySet[Ticket], filters: Filters) -> QuerySet[Ticket]:
    """Between two days of the desk's time zone; a day that is none is left out."""
    if since := _midnight(filters.since):
        tickets = tickets.filter(received_at__gte=since)
    if until := _midnight(filters.until, later=timedelta(days=1)):
        tickets = tickets.filter(received_at__lt=until)
    return tickets


def _midnight(day: str, later: timedelta = timedelta()) -> datetime | None:
    try:
        found = date.fromisoformat(day) + later
        return timezone.make_aware(datetime.combine(found, time.min))
    except (ValueError, OverflowError):
        return None


def views_for(user: User) -> list[SavedView]:
    """The tabs of a person: in use, meant for one of the roles, in order."""
    return by_condition(SavedView, USABLE, [list(user.roles), user.department_id, user.pk])


def view_counts(views: list[SavedView], scope: Scope, keys: Keys) -> dict[str, int]:
    """Capped counts of the views, one statement, remembered for a minute per person."""
    key = f"views:{scope.user.pk}:" + ":".join(f"{view.code}" for view in views)
    counts: dict[str, int] | None = cache.get(key)
    if counts is None:
        counts = capped_counts(
            {view.code: narrowed(scope, Filters.read(view.params), keys) for view in views}
        )
        cache.set(key, counts, COUNT_SECONDS)
    return counts
