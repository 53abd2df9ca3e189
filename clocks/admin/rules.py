"""Rules of time: what is promised, how often it counted, what is wrong with it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import ReadOnlyAdmin
from clocks.admin import rule_pages
from clocks.models import ClockRule


@admin.register(ClockRule)
class ClockRuleAdmin(ReadOnlyAdmin):
    """Read by leads and auditors; a change makes a new version (``rule_pages``)."""

    search_fields = ("code", "name", "name_zh")
    search_help_text = _("Code or name")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return rule_pages.show_all(self, request)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return rule_pages.show_rule(self, request, object_id)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(self._page(view)),
                name=f"clocks_clockrule_{name}",
            )
            for name, view in (("revise", rule_pages.revise), ("retire", rule_pages.retire))
        ]
        return [*own, *super().get_urls()]

    def _page(self, view: Any) -> Any:
        def show(request: HttpRequest, pk: int) -> HttpResponse:
            answer: HttpResponse = view(self, request, str(pk))
            return answer

        return show
