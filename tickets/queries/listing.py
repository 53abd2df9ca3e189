"""A list of cases as an address asks for it: its filters, a page of it, what is beside a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from aftersales.kernel.clock import now
from staff.models import User
from tickets.models import SavedView, Ticket
from tickets.queries.keyset import PAGE_SIZE, Cursor, Page, fetch
from tickets.queries.lookup import Exact, find_exact
from tickets.queries.options import load_options
from tickets.queries.queue import Filters, Keys, Scope, narrowed, views_for
from tickets.search import matching


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address means to a person: filters, the view they come from, the views there are."""

    filters: Filters
    view: SavedView | None
    views: list[SavedView]


def asked_for(params: Mapping[str, Any], user: User) -> Asked:
    """Filters in the address count; without any, those of the view named, else of the first."""
    views = views_for(user)
    filters = Filters.read(params)
    if filters.given:
        return Asked(filters, None, views)
    by_code = {view.code: view for view in views}
    view = by_code.get(params.get("view", "")) or (views[0] if views else None)
    if "filtered" in params:
        view = None
    return Asked(Filters.read(view.params) if view else filters, view, views)


def page_of(
    filters: Filters,
    scope: Scope,
    keys: Keys,
    exact: Exact | None,
    cursor: Cursor | None,
    size: int = PAGE_SIZE,
) -> Page:
    """Of a list by due time, the late ones and those due soon are the beginning."""
    if filters.due_before is not None and filters.by_due and not filters.q:
        tickets = narrowed(scope, filters.without("late").without("soon"), keys)
        before = now() + filters.due_before
        return fetch(tickets, by_due=True, cursor=cursor, size=size, due_before=before)
    tickets = _matching(filters, scope, keys, exact)
    return fetch(tickets, by_due=filters.by_due, cursor=cursor, size=size)


def _matching(filters: Filters, scope: Scope, keys: Keys, exact: Exact | None) -> QuerySet[Ticket]:
    """By number where one was read out, by words otherwise."""
    tickets = narrowed(scope, filters, keys)
    if not filters.q:
        return tickets
    return tickets.filter(exact.condition) if exact else matching(tickets, filters.q)


def place_of(ticket: Ticket) -> str:
    """Where a case stands in any list, for an address."""
    due = ticket.due_at.isoformat() if ticket.due_at else ""
    return f"{due}~{ticket.updated_at.isoformat()}"


def neighbour(
    ticket: Ticket, user: User, params: Mapping[str, str], *, forward: bool
) -> str | None:
    """Number of the case after or before in the list that ``params`` ask for, or ``None``.

    ``params["from"]`` is where the case stood when it was opened: what was done on it since moved
    it. Without a list, all unfinished cases, nearest promise first. A case without a promise that
    is not on the list leads to its front.
    """
    wanted = {name: value for name, value in params.items() if name != "from"}
    filters = asked_for(wanted, user).filters if wanted else Filters()
    exact = find_exact(filters.q) if filters.q else None
    keys, scope = load_options().keys, Scope.of(user)
    due, updated = _moments(params.get("from", "")) or (ticket.due_at, ticket.updated_at)
    cursor: Cursor | None = Cursor(forward, due if filters.by_due else updated, ticket.pk)
    if filters.by_due and due is None:
        listed = _matching(filters, scope, keys, exact)
        cursor = cursor if listed.filter(pk=ticket.pk).exists() else None
    page = page_of(filters, scope, keys, exact, cursor, size=2)
    numbers = [one.number for one in page.tickets if one.pk != ticket.pk]
    nearest = 0 if forward or cursor is None else -1
    return numbers[nearest] if numbers else None


def _moments(place: str) -> tuple[datetime | None, datetime] | None:
    """Due time and last activity as ``place_of`` wrote them; ``None`` for anything else."""
    due, _sep, updated = place.partition("~")
    try:
        found = datetime.fromisoformat(due) if due else None, datetime.fromisoformat(updated)
    except ValueError:
        return None
    return found if all(one is None or one.tzinfo for one in found) else None
