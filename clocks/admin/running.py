"""Promises that run: nearest first, each with its explanation."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from aftersales.kernel.admin import ReadOnlyAdmin
from aftersales.kernel.clock import now
from clocks import registry
from clocks.choices import RuleKind
from clocks.models import Clock
from clocks.queries.explain import explain
from clocks.queries.running import standing


class OwedFilter(admin.SimpleListFilter):
    """What is still owed unless somebody asks for the rest."""

    title = _("owed")
    parameter_name = "owed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("late", _("Late")), ("all", _("Ended, too"))]

    def choices(self, changelist: Any) -> Any:
        """The first choice is what is shown without one."""
        for number, choice in enumerate(super().choices(changelist)):
            yield choice | ({"display": _("Still owed")} if number == 0 else {})

    def queryset(self, request: HttpRequest, queryset: QuerySet[Clock]) -> QuerySet[Clock]:
        rows: Any = queryset
        if self.value() == "all":
            return queryset
        if self.value() == "late":
            return rows.live().filter(due_at__lt=now())  # type: ignore[no-any-return]
        return rows.live()  # type: ignore[no-any-return]


class KindFilter(admin.SimpleListFilter):
    """Where a promise comes from."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(RuleKind.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Clock]) -> QuerySet[Clock]:
        return queryset.filter(rule__kind=self.value()) if self.value() else queryset


@admin.register(Clock)
class ClockAdmin(ReadOnlyAdmin):
    """The running promises of the cases one sees."""

    when_empty = _(
        "Promises of time still owed for your cases show here. The rules of time start them "
        "when something happens on a case."
    )
    list_display = ("how", "promised", "case", "due_at", "started_at")
    list_display_links = ("promised",)
    list_select_related = ("rule",)
    list_filter = (OwedFilter, KindFilter, "state")
    search_fields = ("case_label__exact",)
    search_help_text = _("Case number")
    ordering = ("due_at", "id")

    @display(description=_("state"), ordering="due_at")
    def how(self, clock: Clock) -> SafeString:
        now_so = standing(clock, now())
        return format_html(
            '<span class="d-tone {}">{} {}</span>', TONES[now_so.tone], now_so.word, now_so.text
        )

    @display(description=_("promise"), ordering="rule")
    def promised(self, clock: Clock) -> str:
        return str(clock.rule)

    @display(description=_("case"), ordering="case_id")
    def case(self, clock: Clock) -> SafeString | str:
        return case_link(clock)

    def get_urls(self) -> list[URLPattern]:
        story = path(
            "<int:pk>/story/",
            self.admin_site.admin_view(self.story),
            name="clocks_clock_story",
        )
        return [story, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The explanation is the page."""
        clock: Clock = self.in_scope(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(clock.rule),
            "clock": clock,
            "standing": standing(clock, now()),
            "case_link": case_link(clock),
            "lines": explain(clock),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "clocks/clock.html", context)

    def story(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The explanation alone, opened in place on the case page."""
        clock: Clock = self.in_scope(request, str(pk))
        return TemplateResponse(request, "clocks/_story.html", {"lines": explain(clock)})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Clock]:
        return super().get_queryset(request).select_related("rule__calendar")


TONES = {"late": "red", "soon": "amber", "running": "", "quiet": ""}


def case_link(clock: Clock) -> SafeString | str:
    """The way to the case, or to the object when there is none."""
    case = registry.case_subject()
    if clock.case_id is not None and case is not None:
        url, label = case.url(clock.case_id, clock.case_label), clock.case_label
    else:
        url = registry.url_of(clock.subject_type, clock.subject_id, clock.subject_label)
        label = clock.subject_label
    return format_html('<a class="d-strong" href="{}">{}</a>', url, label) if url else label
