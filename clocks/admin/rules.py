"""Rules of time: what is promised, how often it counted, what is wrong with it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from aftersales.kernel.admin import ReadOnlyAdmin
from clocks.models import ClockRule
from clocks.queries.explain import term_words


class VersionFilter(admin.SimpleListFilter):
    """Current versions unless somebody asks for the old ones."""

    title = _("version")
    parameter_name = "version"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("all", _("Old ones, too"))]

    def choices(self, changelist: Any) -> Any:
        for number, choice in enumerate(super().choices(changelist)):
            yield choice | ({"display": _("Current ones")} if number == 0 else {})

    def queryset(self, request: HttpRequest, queryset: QuerySet[ClockRule]) -> QuerySet[ClockRule]:
        return queryset if self.value() == "all" else queryset.filter(is_current=True)


@admin.register(ClockRule)
class ClockRuleAdmin(ReadOnlyAdmin):
    """Rules, grouped by promise."""

    list_display = ("promise", "label", "term", "kind", "mode", "version", "is_active")
    list_display_links = ("label",)
    list_select_related = ("calendar",)
    list_filter = (VersionFilter, "kind", "mode", "is_active")
    search_fields = ("code", "name", "name_zh")
    list_per_page = 100

    @display(description=_("name"), ordering="name")
    def label(self, rule: ClockRule) -> str:
        return str(rule)

    @display(description=_("length"))
    def term(self, rule: ClockRule) -> str:
        return term_words(rule)
