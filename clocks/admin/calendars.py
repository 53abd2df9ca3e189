"""Calendars: list, hours, and the way to the pages of a year."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from aftersales.kernel.admin import DeskAdmin, known_id, reason_of
from aftersales.kernel.clock import now
from aftersales.kernel.context import Person
from aftersales.kernel.dialogs import ReasonDialog, perform
from clocks.admin import calendar_pages
from clocks.forms import CalendarForm
from clocks.models import Calendar
from clocks.policies import can_change_calendars
from clocks.queries.year_page import week_words
from clocks.queries.years import calendar_gaps
from clocks.services import add_calendar, change_calendar

MAKE_DEFAULT: dict[str, Any] = {
    "title": _("Make this the default calendar"),
    "description": _("Rules that name no calendar count by it."),
    "form_class": ReasonDialog,
    "form_submit_text": _("Make default"),
}
HOURS = {"fields": (("day_1", "day_2"), ("day_3", "day_4"), ("day_5", "day_6"), "day_7")}


@admin.register(Calendar)
class CalendarAdmin(DeskAdmin):
    """When the house is open. Administrators change it; leads and auditors read it."""

    when_empty = _(
        "Calendars say when time counts: working hours, holidays, make-up days. Add one "
        "before rules of time refer to it."
    )
    form = CalendarForm
    list_display = ("label", "region", "time_zone", "hours", "is_default")
    search_fields = ("code", "name", "name_zh")
    search_help_text = _("Code or name")
    readonly_fields = ("hours",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "name_zh"),
                    ("code", "works_on_holidays"),
                    ("region", "time_zone"),
                )
            },
        ),
        (_("Open hours"), HOURS),
    )
    list_before_template = "clocks/_gaps.html"
    change_form_before_template = "clocks/_gaps.html"
    actions_list = ("import_year",)
    actions_detail = ("show_year", "make_default")

    @display(description=_("name"), ordering="name")
    def label(self, calendar: Calendar) -> str:
        return str(calendar)

    @display(description=_("Open hours"))
    def hours(self, calendar: Calendar) -> str:
        """The week's different hours; the year shows them day by day."""
        return " | ".join(dict.fromkeys(week_words(calendar)))

    def get_fieldsets(self, request: HttpRequest, obj: Calendar | None = None) -> Any:
        """Who only reads sees words instead of the form's own fields."""
        general, hours = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return general, hours
        return general, (_("Open hours"), {"fields": ("hours",)})

    def get_readonly_fields(
        self, request: HttpRequest, obj: Calendar | None = None
    ) -> tuple[str, ...]:
        """Rules and imports name the code, so it stays."""
        return ("hours", "code") if obj else ("hours",)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {**(extra_context or {}), "gaps": calendar_gaps()}
        answer: HttpResponse = super().changelist_view(request, context)
        return answer

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {**(extra_context or {}), "gaps": calendar_gaps()}
        answer: HttpResponse = super().changeform_view(request, object_id, form_url, context)
        return answer

    def save_model(
        self, request: HttpRequest, obj: Any, form: ModelForm[Calendar], change: bool
    ) -> None:
        obj.frames = form.cleaned_data["frames"]
        if change:
            names = (*CalendarForm.Meta.fields[1:], "frames")
            values = {name: getattr(obj, name) for name in names}
            change_calendar(obj.pk, values, actor=actor_of(request), note=reason_of(form))
        else:
            add_calendar(obj, actor=actor_of(request), note=reason_of(form))

    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("import/", "import", calendar_pages.import_list),
            ("<int:pk>/year/<int:year>/", "year", calendar_pages.show_year),
            ("<int:pk>/year/<int:year>/exceptions/", "except", calendar_pages.add_one),
            (
                "<int:pk>/year/<int:year>/exceptions/<int:exception_pk>/remove/",
                "unexcept",
                calendar_pages.remove_one,
            ),
        )
        own = [
            path(route, self.admin_site.admin_view(self.bound(view)), name=self.address(name))
            for route, name, view in pages
        ]
        return [*own, *super().get_urls()]

    def address(self, name: str) -> str:
        return f"clocks_calendar_{name}"

    def bound(self, view: Any) -> Any:
        def page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            answer: HttpResponse = view(self, request, **kwargs)
            return answer

        return page

    def has_manage_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return can_change_calendars(actor_of(request))

    def has_default_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Whether the button fits the calendar on the page; the service decides again."""
        rows = Calendar.objects.filter(pk=known_id(object_id), is_default=False)
        return self.has_manage_permission(request) and rows.exists()

    @action(
        description=_("Import a year"),
        icon="upload_file",
        permissions=["manage"],
        url_path="import-year",
    )
    def import_year(self, request: HttpRequest) -> HttpResponse:
        """Leads to the page; changes nothing itself."""
        return redirect("admin:clocks_calendar_import")

    @action(description=_("Year"), icon="calendar_view_month", url_path="show-year")
    def show_year(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Leads to the current year; changes nothing itself."""
        calendar: Calendar = self.in_scope(request, object_id)
        return redirect("admin:clocks_calendar_year", calendar.pk, now().year)

    @action(
        description=_("Make default"),
        icon="star",
        permissions=["default"],
        dialog=MAKE_DEFAULT,
    )
    def make_default(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        calendar: Calendar = self.in_scope(request, object_id)
        return perform(
            request,
            form,
            MAKE_DEFAULT,
            lambda: change_calendar(
                calendar.pk,
                {"is_default": True},
                actor=actor_of(request),
                note=form.cleaned_data["note"],
            ),
            done=_("This is the default calendar now."),
            url=reverse("admin:clocks_calendar_change", args=[calendar.pk]),
        )


def actor_of(request: HttpRequest) -> Person:
    return cast(Person, request.user)
