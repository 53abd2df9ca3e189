"""Several cases at once: choose, look at what will happen, confirm, read what happened."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from aftersales.kernel.clock import now
from aftersales.kernel.errors import DomainError
from staff.models import Department, User
from tickets.choices import Priority
from tickets.models import Tag
from tickets.policies import can_bulk
from tickets.queries.options import load_options
from tickets.queries.rows import as_rows
from tickets.services.bulk import (
    BulkChange,
    BulkLine,
    BulkVerb,
    chosen,
    preview_bulk,
    run_bulk,
)

NOBODY = "-"
VALUE_WORDS = {
    BulkVerb.ASSIGN: gettext_lazy("To whom"),
    BulkVerb.ROUTE: gettext_lazy("To which department"),
    BulkVerb.PRIORITY: gettext_lazy("Priority"),
    BulkVerb.TAG: gettext_lazy("Tag"),
}


def bulk_urls(site: AdminSite) -> list[URLPattern]:
    def view(request: HttpRequest) -> HttpResponse:
        return bulk_view(request, site)

    return [path("bulk/", site.admin_view(require_POST(view)), name="tickets_ticket_bulk")]


def bulk_view(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """One address for the three steps; what is missing decides which page is shown."""
    actor: User = request.user  # type: ignore[assignment]
    if not can_bulk(actor):
        raise PermissionDenied
    numbers = request.POST.getlist("case")
    try:
        verb = BulkVerb(request.POST.get("verb", ""))
        change = _change(verb, request.POST.get("value", ""))
        context = _context(request, verb, numbers, change, actor)
    except ValueError:
        messages.error(request, _("Choose what to do with the cases."))
        return redirect("admin:tickets_ticket_changelist")
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:tickets_ticket_changelist")
    return TemplateResponse(request, "tickets/bulk.html", {**site.each_context(request), **context})


def _change(verb: BulkVerb, value: str) -> BulkChange | None:
    """The change, or nothing while its value was not chosen."""
    if verb == BulkVerb.CLOSE:
        return BulkChange(verb=verb)
    if not value:
        return None
    if verb == BulkVerb.ASSIGN:
        person = None if value == NOBODY else User.objects.people().filter(username=value).first()
        known = value == NOBODY or person is not None
        return BulkChange(verb=verb, assignee=person) if known else None
    if verb == BulkVerb.ROUTE:
        department = Department.objects.filter(code=value, is_active=True).first()
        return BulkChange(verb=verb, department=department) if department else None
    if verb == BulkVerb.PRIORITY:
        return BulkChange(verb=verb, priority=value) if value in Priority.values else None
    tag = Tag.objects.filter(slug=value, is_active=True).first()
    return BulkChange(verb=verb, tag=tag.slug) if tag else None


def _context(
    request: HttpRequest,
    verb: BulkVerb,
    numbers: list[str],
    change: BulkChange | None,
    actor: User,
) -> dict[str, Any]:
    """Step one offers values, step two shows what would happen, step three says what did."""
    confirmed = change is not None and "confirm" in request.POST
    if change is None:
        lines = [BulkLine(ticket) for ticket in chosen(numbers, actor)]
    elif confirmed:
        lines = run_bulk(numbers, change, actor=actor, note=request.POST.get("note", ""))
    else:
        lines = preview_bulk(numbers, change, actor=actor)
    rows = as_rows([line.ticket for line in lines], now())
    refused = sum(1 for line in lines if line.refusal)
    return {
        "title": _("Several cases"),
        "verb": verb,
        "verb_words": verb.label,
        "value_words": VALUE_WORDS.get(verb, ""),
        "value": request.POST.get("value", ""),
        "values": _values(verb, lines),
        "note": request.POST.get("note", ""),
        "step": "done" if confirmed else "preview" if change else "choose",
        "words": change.words if change else "",
        "lines": [(row, line.refusal) for row, line in zip(rows, lines, strict=True)],
        "refused_count": refused,
        "done_count": len(lines) - refused,
    }


def _values(verb: BulkVerb, lines: list[BulkLine]) -> list[tuple[str, str]]:
    if verb == BulkVerb.PRIORITY:
        return [(str(code), str(label)) for code, label in reversed(Priority.choices)]
    if verb == BulkVerb.CLOSE:
        return []
    if verb == BulkVerb.ASSIGN:
        departments = {line.ticket.department_id for line in lines}
        people = User.objects.people().filter(department__in=departments)
        return [(NOBODY, _("Nobody")), *((person.username, str(person)) for person in people)]
    options = load_options()
    found = options.departments if verb == BulkVerb.ROUTE else options.tags
    return [(option.code, option.label) for option in found]
