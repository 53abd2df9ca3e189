"""A calendar's year with its exceptions, and the import of a region's list."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from aftersales.kernel.admin import own_page
from aftersales.kernel.clock import now
from aftersales.kernel.context import Person
from aftersales.kernel.errors import DomainError
from clocks.day_list import COLUMNS, KINDS, DayList, decode, read_day_list
from clocks.forms import ExceptionForm, YearFileForm, YearTextForm
from clocks.models import Calendar, CalendarException
from clocks.policies import can_change_calendars
from clocks.queries.year_page import year_page
from clocks.queries.years import calendar_gaps, difference
from clocks.services import (
    ExceptionDraft,
    YearList,
    add_exception,
    import_year,
    remove_exception,
)

YEARS = range(2000, 2101)


def show_year(admin: Any, request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Twelve months, marked by word and colour."""
    return year_response(admin, request, calendar_of(admin, request, pk, year), year)


def year_response(
    admin: Any, request: HttpRequest, calendar: Calendar, year: int, form: Any = None
) -> TemplateResponse:
    may_change = can_change_calendars(cast(Person, request.user))
    return own_page(
        admin,
        request,
        "clocks/year.html",
        f"{calendar} {year}",
        calendar=calendar,
        shown=year_page(calendar, year),
        today=now().date(),
        gaps=calendar_gaps(),
        neighbours=[one for one in (year - 1, year + 1) if one in YEARS],
        form=(form or ExceptionForm()) if may_change else None,
    )


def add_one(admin: Any, request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Other hours on one date; a refusal keeps what was typed."""
    calendar = calendar_of(admin, request, pk, year)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = ExceptionForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        draft = ExceptionDraft(values["date"], values["reason"], values["frames"])
        try:
            add_exception(calendar.pk, draft, actor=cast(Person, request.user))
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, str(_("The date has its own hours now.")))
            return redirect("admin:clocks_calendar_year", calendar.pk, values["date"].year)
    return year_response(admin, request, calendar, year, form)


def remove_one(
    admin: Any, request: HttpRequest, pk: int, year: int, exception_pk: int
) -> HttpResponse:
    """The usual hours again."""
    calendar = calendar_of(admin, request, pk, year)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    exception = get_object_or_404(CalendarException, pk=exception_pk, calendar=calendar)
    note = request.POST.get("note", "").strip()[:500]
    try:
        remove_exception(exception.pk, actor=cast(Person, request.user), note=note)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, str(_("The date has its usual hours again.")))
    return redirect("admin:clocks_calendar_year", calendar.pk, year)


def import_list(admin: Any, request: HttpRequest) -> HttpResponse:
    """Choose a file, look at what it changes, confirm; nothing is stored in between."""
    if not can_change_calendars(cast(Person, request.user)):
        raise PermissionDenied
    is_confirmed = request.method == "POST" and "text" in request.POST
    form: Any
    if is_confirmed:
        form = YearTextForm(request.POST)
    else:
        gap = next(iter(calendar_gaps()), None)
        initial = {"region": gap.region, "year": gap.year} if gap else {}
        form = YearFileForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return take(request, form) if is_confirmed else preview(admin, request, form)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    if is_confirmed:
        messages.error(request, " ".join(str(line) for line in form.errors.values()))
        return redirect("admin:clocks_calendar_import")
    return own_page(
        admin,
        request,
        "clocks/import_form.html",
        _("Import a year"),
        form=form,
        columns=COLUMNS.items(),
        kinds=KINDS.items(),
    )


def preview(admin: Any, request: HttpRequest, form: YearFileForm) -> HttpResponse:
    """What the file would change, or which rows must be mended first."""
    content, values = form.cleaned_data["file"].read(), form.cleaned_data
    found = read_day_list(content, values["year"])
    text, _encoding = decode(content)
    return own_page(
        admin,
        request,
        "clocks/import_preview.html",
        f"{values['region']} {values['year']}",
        found=found,
        values=values,
        difference=difference(values["region"], values["year"], found.days),
        confirm=YearTextForm(
            initial={
                **{name: values[name] for name in ("region", "year", "notice", "is_official")},
                "text": text,
            }
        ),
    )


def take(request: HttpRequest, form: YearTextForm) -> HttpResponse:
    """Do what the preview showed."""
    values = form.cleaned_data
    found: DayList = read_day_list(values["text"].encode(), values["year"])
    listed = YearList.of(
        found,
        values["region"],
        values["year"],
        values["notice"],
        is_official=values["is_official"],
    )
    changes = import_year(listed, actor=cast(Person, request.user))
    count = len(changes.added) + len(changes.changed) + len(changes.removed)
    message = ngettext(
        "The list is taken over: %(count)s day differs from before.",
        "The list is taken over: %(count)s days differ from before.",
        count,
    )
    messages.success(request, message % {"count": count})
    return redirect("admin:clocks_calendar_changelist")


def calendar_of(admin: Any, request: HttpRequest, pk: int, year: int) -> Calendar:
    """The calendar for whoever may look at it; 404 for a year nobody plans."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    if year not in YEARS:
        raise Http404
    return get_object_or_404(Calendar, pk=pk)
