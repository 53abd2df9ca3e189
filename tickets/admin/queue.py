"""The queue page: saved views, filters, search, twenty-five cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel.choosing import choices_html
from aftersales.kernel.clock import now
from staff.models import User
from tickets.choices import Channel, Kind, Priority, Visibility
from tickets.lines import lines_html
from tickets.models import SavedView, Ticket
from tickets.policies import can_bulk
from tickets.queries.counting import shown
from tickets.queries.keyset import Cursor, Page
from tickets.queries.listing import asked_for, page_of
from tickets.queries.lookup import case_number, find_exact
from tickets.queries.options import Option, Options, load_options
from tickets.queries.queue import Filters, Scope, view_counts
from tickets.queries.rows import as_rows
from tickets.services.bulk import BulkVerb
from tickets.statuses import TicketStatus

STATUS_WORDS = {
    "unfinished": gettext_lazy("All unfinished"),
    "waiting": gettext_lazy("Waiting"),
    "any": gettext_lazy("Any status"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved view as a tab."""

    label: str
    url: str
    count: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Select:
    """A filter with what it offers; ``value`` is what is chosen now."""

    name: str
    label: str
    value: str
    options: list[tuple[str, str]]

    @property
    def options_html(self) -> SafeString:
        return choices_html(tuple(self.options), self.value)

    @property
    def chosen(self) -> str:
        return next((label.strip() for code, label in self.options if code == self.value), "")


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter in words and the address without it."""

    label: str
    value: str
    url: str


def queue_view(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The list for whoever is signed in; a unique number goes straight to its case."""
    user: User = request.user  # type: ignore[assignment]
    asked = asked_for(request.GET.dict(), user)
    filters, view, views = asked.filters, asked.view, asked.views
    number = _seen(case_number(filters.q), user)
    exact = find_exact(filters.q) if filters.q and not number else None
    if exact is None:  # digits alone may be an order's number first
        number = number or _seen(case_number(f"T-{filters.q}"), user)
    if number:
        return redirect("admin:tickets_ticket_change", number)
    options, scope = load_options(), Scope.of(user)
    cursor = Cursor.parse(request.GET.get("at", ""))
    page = page_of(filters, scope, options.keys, exact, cursor)
    if exact and len(page.tickets) == 1 and cursor is None:
        return redirect("admin:tickets_ticket_change", page.tickets[0].number)
    counts = view_counts(views, scope, options.keys)
    rows = as_rows(page.tickets, now())
    bulk_verbs = BulkVerb.choices if can_bulk(user) else []
    context = {
        **site.each_context(request),
        "title": view or _("Queue"),
        "tabs": [_tab(saved, counts, view) for saved in sorted(views, key=_is_shared)],
        "rows": rows,
        "lines": lines_html(rows, can_pick=bool(bulk_verbs)),
        "bulk_verbs": bulk_verbs,
        "is_fullwidth": "1",
        "save_url": _save_url(filters, view, user),
        **_filter_context(filters, view, options),
        **_paging(page, filters, view),
    }
    return TemplateResponse(request, "tickets/queue.html", context)


def _address(**params: str) -> str:
    return f"{reverse('admin:tickets_ticket_changelist')}?{urlencode(params)}"


def _seen(number: str, user: User) -> str:
    """The number again if it is that of a case in sight."""
    cases = Ticket.objects.visible_to(user)
    return number if number and cases.filter(number=number).exists() else ""


def _is_shared(view: SavedView) -> bool:
    """One's own views stand before everybody's; which one opens the list stays as it is."""
    return view.visibility != Visibility.OWN


def _tab(view: SavedView, counts: dict[str, int], current: SavedView | None) -> Tab:
    return Tab(
        label=str(view),
        url=_address(view=view.code),
        count=shown(counts[view.code]),
        is_current=current is not None and current.pk == view.pk,
    )


def _save_url(filters: Filters, view: SavedView | None, user: User) -> str:
    """Where the filters set by hand become a view of one's own."""
    if view or not filters.given or not user.has_perm("tickets.change_savedview"):
        return ""
    return f"{reverse('admin:tickets_savedview_add')}?{urlencode(filters.given)}"


def _paging(page: Page, filters: Filters, view: SavedView | None) -> dict[str, Any]:
    base = {"view": view.code} if view else {"filtered": "1", **filters.given}
    return {
        "previous_url": _address(**base, at=page.previous) if page.previous else "",
        "following_url": _address(**base, at=page.following) if page.following else "",
        "by_due": filters.by_due,
        "sort_urls": {
            sort: _address(**{**filters.given, "sort": sort}) for sort in ("due", "activity")
        },
    }


def _filter_context(filters: Filters, view: SavedView | None, options: Options) -> dict[str, Any]:
    selects = _selects(filters, options)
    chips = [] if view else list(_chips(filters, selects))
    return {"filters": filters, "selects": selects, "chips": chips, "queue_url": _address()[:-1]}


def _selects(filters: Filters, options: Options) -> list[Select]:
    def plain(choices: Iterable[tuple[Any, str | Promise]]) -> list[tuple[str, str]]:
        return [(str(code), str(label)) for code, label in choices]

    def coded(found: list[Option]) -> list[tuple[str, str]]:
        return [(option.code, option.label) for option in found]

    people = [("me", _("Me")), ("none", _("Nobody")), *coded(options.people)]
    departments = [("mine", _("Mine")), *coded(options.departments)]
    offered: tuple[tuple[str, str, list[tuple[str, str]]], ...] = (
        ("status", _("Status"), plain([*STATUS_WORDS.items(), *TicketStatus.choices])),
        ("priority", _("Priority"), plain(reversed(Priority.choices))),
        ("kind", _("Kind"), plain(Kind.choices)),
        ("category", _("Category"), coded(options.categories)),
        ("department", _("Department"), departments),
        ("assignee", _("Assignee"), people),
        ("channel", _("Channel"), plain(Channel.choices)),
        ("shop", _("Shop"), coded(options.shops)),
        ("tag", _("Tag"), coded(options.tags)),
    )
    return [Select(name, label, getattr(filters, name), found) for name, label, found in offered]


def _chips(filters: Filters, selects: list[Select]) -> Iterable[Chip]:
    """What narrows the list now, each with a way out."""
    by_name = {select.name: select for select in selects}
    words = {
        "q": _("Search"),
        "since": _("From"),
        "until": _("Until"),
        "late": _("Late"),
        "soon": _("Due within 24 hours"),
    }
    for name, value in filters.given.items():
        if name == "sort":
            continue
        select = by_name.get(name)
        label = select.label if select else words[name]
        rest = {"filtered": "1", **filters.without(name).given}
        shown_value = (select.chosen or value) if select else value
        yield Chip(label, "" if name in ("late", "soon") else shown_value, _address(**rest))
