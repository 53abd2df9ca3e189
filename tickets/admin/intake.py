"""Incoming messages: what came, what became of it, and the decisions on quarantined ones."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from aftersales.kernel.admin import ByWords, ReadOnlyAdmin, known_id
from aftersales.kernel.dialogs import ReasonDialog, perform, refused
from aftersales.kernel.errors import DomainError
from aftersales.kernel.masking import mask_sender
from aftersales.kernel.refs import for_reader
from customers.policies import can_see_personal_data
from staff.requests import person
from tickets.admin import review_import
from tickets.models import RawIntake, Ticket
from tickets.policies import can_import, can_resolve_intake
from tickets.services import intake
from tickets.services.disclosing import disclose_intake, may_take_raw
from tickets.services.intake.reading import Readable, readable
from tickets.statuses import IntakeOutcome

LOCKED_DOWN = "sandbox; default-src 'none'"


class NoteDialog(BaseDialogForm):
    """A decision that explains itself; a reason may be given."""

    note = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=300,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )


class CaseDialog(NoteDialog):
    """Which case the message belongs to."""

    number = forms.CharField(
        label=_("Case number"),
        max_length=12,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "T-000123", "autofocus": True}),
    )
    field_order = ("number", "note")


OPEN: dict[str, Any] = {
    "title": _("Make a case of this message"),
    "description": _("A sender in doubt is not made a customer; nobody is written to then."),
    "form_class": NoteDialog,
    "form_submit_text": _("Make a case"),
}
PUT: dict[str, Any] = {
    "title": _("Put this message on a case"),
    "description": _("Its words and files show there as the customer's."),
    "form_class": CaseDialog,
    "form_submit_text": _("Put on the case"),
}
IN_FULL: dict[str, Any] = {
    "title": _("Show who wrote, and the message as it came"),
    "description": _("Your name, the reason and what you saw are recorded."),
    "form_class": ReasonDialog,
    "form_submit_text": _("Show"),
}
IGNORE: dict[str, Any] = {
    "title": _("Ignore this message"),
    "description": _("It stays here with your reason."),
    "form_class": ReasonDialog,
    "form_submit_text": _("Ignore"),
}


@admin.register(RawIntake)
class RawIntakeAdmin(ReadOnlyAdmin):
    """The list shows first what waits for a person."""

    when_empty = _(
        "Every mail, form and message shows here as it came, and waits here when a person "
        "must decide. None has come yet."
    )
    list_display = ("came", "state", "channel", "from_whom", "about", "case", "seen_count")
    list_display_links = ("came",)
    list_filter = ("outcome", "channel")
    list_select_related = ("ticket",)
    search_fields = ("external_id__exact", "sender__exact", "ticket__number__exact")
    search_help_text = _("Case number, sender's address or Message-ID, complete")
    ordering = ("-id",)
    fields = ()
    change_form_template = "tickets/intake/message.html"
    actions_list = ("import_file",)
    actions_detail = ("open_case", "put_on_case", "ignore", "in_full")

    @display(description=_("received"), ordering="id")
    def came(self, row: RawIntake) -> Any:
        return row.received_at

    @display(
        description=_("outcome"),
        ordering="outcome",
        label=ByWords(
            {
                IntakeOutcome.STORED: "warning",
                IntakeOutcome.QUARANTINED: "danger",
                IntakeOutcome.TICKET: "success",
                IntakeOutcome.MESSAGE: "info",
            }
        ),
    )
    def state(self, row: RawIntake) -> str:
        return row.get_outcome_display()

    @display(description=_("sender"))
    def from_whom(self, row: RawIntake) -> str:
        return mask_sender(row.sender) or "–"

    @display(description=_("subject"), header=True)
    def about(self, row: RawIntake) -> tuple[str, str]:
        return row.subject or "–", for_reader(row.reason)

    @display(description=_("case"), ordering="ticket")
    def case(self, row: RawIntake) -> SafeString | str:
        if row.ticket is None:
            return "–"
        return format_html(
            '<a class="d-strong" href="{}">{}</a>', case_page(row.ticket), row.ticket.number
        )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("tickets.view_rawintake")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Without a filter: what waits for a decision, as long as anything does."""
        if not request.META["QUERY_STRING"] and self.has_view_permission(request):
            rows = self.get_queryset(request).filter(outcome=IntakeOutcome.QUARANTINED)
            if rows.exists():
                return HttpResponseRedirect(f"?outcome__exact={IntakeOutcome.QUARANTINED}")
        page: HttpResponse = super().changelist_view(request, extra_context)
        return page

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:pk>/raw/",
            self.admin_site.admin_view(self.download),
            name="tickets_rawintake_raw",
        )
        return [own, *review_import.urls(self), *super().get_urls()]

    def has_import_permission(self, request: HttpRequest) -> bool:
        return can_import(person(request))

    @action(
        description=_("Import reviews"),
        icon="upload",
        permissions=["import"],
        url_path="import-reviews",
    )
    def import_file(self, request: HttpRequest) -> HttpResponse:
        """Leads to the import pages; changes nothing itself."""
        return redirect("admin:tickets_review_import")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row: RawIntake = self.in_scope(request, object_id)
        shown: Readable = readable(row)
        context = {
            "title": row.subject or str(row),
            "row": row,
            "shown": shown,
            "may_show": can_see_personal_data(person(request)),
            "case_url": case_page(row.ticket) if row.ticket else "",
            **(extra_context or {}),
        }
        page: HttpResponse = super().change_view(request, object_id, form_url, context)
        return page

    def download(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The bytes as they came, for saving, never for showing; for whoever just said why."""
        row: RawIntake = self.in_scope(request, str(pk))
        if not may_take_raw(row, person(request)):
            raise PermissionDenied
        try:
            content = intake.raw_of(row)
        except FileNotFoundError:
            raise Http404 from None
        response = HttpResponse(content, content_type="application/octet-stream")
        ending = "eml" if row.channel == "mail" else "json"
        response["Content-Disposition"] = f'attachment; filename="incoming-{row.pk}.{ending}"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = LOCKED_DOWN
        response["Cache-Control"] = "private, no-store"
        return response

    def has_disclose_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return can_see_personal_data(person(request))

    @action(
        description=_("Show in full"), icon="visibility", permissions=["disclose"], dialog=IN_FULL
    )
    def in_full(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        """Who wrote, once, and the way to the bytes; nothing may cache it."""
        row, note = self.in_scope(request, object_id), form.cleaned_data["note"]
        try:
            shown = disclose_intake(row.pk, actor=person(request), note=note)
        except DomainError as error:
            return refused(request, form, IN_FULL, error)
        except FileNotFoundError:
            raise Http404 from None
        context = {"shown": shown, "dialog": IN_FULL, "row": row}
        response = render(request, "tickets/intake/_in_full.html", context)
        response["Cache-Control"] = "no-store"
        response["HX-Retarget"] = "#dialog"
        response["HX-Reselect"] = "#dialog"
        return response

    def has_decide_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """The buttons show on quarantined messages; the services decide again."""
        waiting = RawIntake.objects.filter(
            pk=known_id(object_id), outcome=IntakeOutcome.QUARANTINED
        )
        return can_resolve_intake(person(request)) and waiting.exists()

    @action(description=_("Make a case"), icon="add", permissions=["decide"], dialog=OPEN)
    def open_case(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        row, note = self.in_scope(request, object_id), form.cleaned_data["note"]
        return perform(
            request,
            form,
            OPEN,
            lambda: intake.open_case(row.pk, actor=person(request), note=note),
            done=_("A case was made of it."),
            url=page_of(row),
        )

    @action(description=_("Put on a case"), icon="link", permissions=["decide"], dialog=PUT)
    def put_on_case(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        row, said = self.in_scope(request, object_id), form.cleaned_data
        return perform(
            request,
            form,
            PUT,
            lambda: intake.put_on_case(
                row.pk, actor=person(request), number=said["number"], note=said["note"]
            ),
            done=_("The message is on the case."),
            url=page_of(row),
        )

    @action(description=_("Ignore"), icon="block", permissions=["decide"], dialog=IGNORE)
    def ignore(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        row, note = self.in_scope(request, object_id), form.cleaned_data["note"]
        return perform(
            request,
            form,
            IGNORE,
            lambda: intake.ignore(row.pk, actor=person(request), note=note),
            done=_("The message is ignored."),
            url=page_of(row),
        )


def page_of(row: RawIntake) -> str:
    return reverse("admin:tickets_rawintake_change", args=[row.pk])


def case_page(ticket: Ticket) -> str:
    return reverse("admin:tickets_ticket_change", args=[ticket.number])
