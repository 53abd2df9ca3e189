"""The auditor's desk: changes, events, and who was shown personal data. All read-only."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import ReadOnlyAdmin, kept_words
from aftersales.kernel.errors import DomainError
from compliance import events
from compliance.describe import describe
from compliance.forms import ChangeForm, EventForm, StreamForm
from compliance.keyset import Cursor, Page
from compliance.models import AuditEvent, Disclosure, JournalEntry
from compliance.queries import change_page, event_page, object_changes, same_request
from compliance.tracked import Tracked, by_label, case_model
from compliance.values import shown
from compliance.wording import disclosed_in_words, event_in_words


def page_links(page: Page[Any], asked: dict[str, str]) -> dict[str, str]:
    """Addresses of the neighbouring pages, keeping the filters."""
    return {
        name: "?" + urlencode({**asked, name: edge})
        for name, edge in (("older", page.older), ("newer", page.newer))
        if edge is not None
    }


def details_of(event: AuditEvent) -> str:
    """What the event adds about its object or its case; bare ids and codes say nothing."""
    known = by_label(event.subject_type)
    fields = {**case_model().fields, **(known.fields if known else {})}
    own = event_in_words(event.code, event.data)
    told = [
        f"{capfirst(str(fields[name].verbose_name))}: {shown(fields[name], value, {}, event.data)}"
        for name, value in event.data.items()
        if name in fields and name != "id" and not own
    ]
    return own or "; ".join(told)


def event_rows(found: list[AuditEvent]) -> list[dict[str, Any]]:
    """Events with their code and details in words."""
    return [
        {
            "event": event,
            "label": events.label(event.code),
            "details": details_of(event),
        }
        for event in found
    ]


def in_scope(request: HttpRequest, known: Tracked, pk: int) -> bool:
    """Whether the user may read this one object's history: all of them, or what he reads anyway
    (``readable_by``, where to see an object is not yet to read it)."""
    if request.user.has_perm("compliance.view_journalentry"):
        return True
    rows = known.model._default_manager.filter(pk=pk)
    scope = getattr(rows, "readable_by", None) or getattr(rows, "visible_to", None)
    if scope is not None:
        return bool(scope(request.user).exists())
    may_view = f"{known.model._meta.app_label}.view_{known.model._meta.model_name}"
    return request.user.has_perm(may_view) and rows.exists()


class StreamAdmin(ReadOnlyAdmin):
    """A page of our own in place of the change list: keyset pages, nothing counted."""

    template = ""
    form_class: type[StreamForm]

    def stream(self, form: Any) -> tuple[Page[Any], list[Any]]:
        """The page asked for, and its rows as the template shows them."""
        raise NotImplementedError

    def _asked_of(self, form: Any) -> tuple[Page[Any], list[Any]]:
        """The page asked for; nothing, and the reason in the form, where it cannot be answered."""
        if form.is_valid():
            try:
                return self.stream(form)
            except DomainError as refusal:
                form.add_error(refusal.field, str(refusal))
        return Page([]), []

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        form: Any = self.form_class(request.GET)
        page, rows = self._asked_of(form)
        return self.render(
            request,
            self.template,
            title=capfirst(str(self.opts.verbose_name_plural)),
            form=form,
            rows=rows,
            page=page,
            asked=form.asked,
            links=page_links(page, form.asked),
        )

    def render(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request,
            template,
            {**self.admin_site.each_context(request), "opts": self.opts, **context},
        )


@admin.register(JournalEntry)
class JournalEntryAdmin(StreamAdmin):
    """Every change of every audited row, by whatever means."""

    template = "compliance/changes.html"
    form_class = ChangeForm

    def stream(self, form: Any) -> tuple[Page[Any], list[Any]]:
        page = change_page(form.filters, form.cursor)
        return page, describe(page.rows)

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "object/<str:label>/<int:pk>/",
            self.admin_site.admin_view(self.object_view),
            name="compliance_journalentry_object",
        )
        return [own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One change, all that happened along with it, and the object's own history."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        entry = get_object_or_404(JournalEntry, pk=object_id if object_id.isdecimal() else 0)
        together = same_request(entry)
        own = JournalEntry.objects.filter(table_name=entry.table_name, row_pk=entry.row_pk)
        return self.render(
            request,
            "compliance/change.html",
            title=_("Change %(number)s") % {"number": entry.pk},
            change=describe([entry])[0],
            together={"changes": together.changes, "events": event_rows(together.events)},
            history=describe(own.order_by("-id")[:20]),
        )

    def object_view(self, request: HttpRequest, label: str, pk: int) -> HttpResponse:
        """The history of one object, also for people who are not auditors but see the object."""
        known = by_label(label)
        if known is None or not in_scope(request, known, pk):
            raise Http404
        form = StreamForm(request.GET)
        page = object_changes(known, pk, form.cursor if form.is_valid() else Cursor())
        rows = describe(page.rows)
        return self.render(
            request,
            "compliance/object.html",
            title=rows[0].object_name if rows else capfirst(known.name),
            subtitle=_("History"),
            rows=rows,
            page=page,
            links=page_links(page, {}),
            object_url=self.object_url(request, known, pk),
            sees_all=self.has_view_permission(request),
        )

    def object_url(self, request: HttpRequest, known: Tracked, pk: int) -> str:
        """The object's own page, if it has one."""
        meta = known.model._meta
        try:
            return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[pk])
        except NoReverseMatch:
            return ""


@admin.register(AuditEvent)
class AuditEventAdmin(StreamAdmin):
    """What people and the machine did, in words."""

    template = "compliance/events.html"
    form_class = EventForm

    def stream(self, form: Any) -> tuple[Page[Any], list[Any]]:
        page = event_page(form.filters, form.cursor)
        return page, event_rows(page.rows)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Events have no page of their own; the list says all."""
        raise Http404


@admin.register(Disclosure)
class DisclosureAdmin(ReadOnlyAdmin):
    """Who was shown personal data of whom, and why."""

    when_empty = _("Who looked at customers' personal data, and why, shows here. Nobody has yet.")
    list_display = ("disclosed_at", "actor_name", "subject", "reason", "shown_fields")
    list_filter = (("disclosed_at", admin.DateFieldListFilter),)
    search_fields = ("actor_name", "subject_label", "reason")
    search_help_text = _("Person, whose data or reason")
    ordering = ("-id",)
    fields = (
        "disclosed_at",
        "actor_name",
        "subject",
        "shown_fields",
        "reason",
        "client_address",
    )
    readonly_fields = ("subject", "shown_fields")

    subject = kept_words("subject_label", _("object"))

    @admin.display(description=_("fields"))
    def shown_fields(self, disclosure: Disclosure) -> str:
        return disclosed_in_words(disclosure.fields)
