"""Base of every admin page: scoped, signed, nothing deleted, history under the same scope."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db import connection, models
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin

from aftersales.kernel.context import acting

COUNT_CAP = 1001


class CappedPaginator(Paginator[Any]):
    """Counts at most ``COUNT_CAP`` rows, so that a list costs the same at a thousand and a million."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        if not isinstance(rows, models.QuerySet):
            return len(rows)
        capped = rows.order_by().values("pk")[:COUNT_CAP]
        sql, params = capped.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({sql}) capped", params)
            return int(cursor.fetchone()[0])


class DeskAdmin(SimpleHistoryAdmin, ModelAdmin):  # type: ignore[misc]
    """Lists what ``visible_to`` allows, signs saves with the user, never deletes.

    simple-history's own view falls back to history rows of objects the user cannot see; here the
    object must be in scope first (reference/reliability.md 4.1).
    """

    list_per_page = 25
    paginator = CappedPaginator
    show_full_result_count = False
    list_filter_submit = True
    compressed_fields = True
    warn_unsaved_form = True

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = super().get_queryset(request)
        scope = getattr(rows, "visible_to", None)
        return scope(request.user) if scope else rows

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if self.get_object(request, object_id) is None:
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if self.get_object(request, object_id) is None:
            raise Http404
        return super().history_form_view(request, object_id, version_id, extra_context)

    def save_model(
        self, request: HttpRequest, obj: models.Model, form: ModelForm[Any], change: bool
    ) -> None:
        """Plain fields only; anything with a rule has a service and an action of its own."""
        with acting(request.user):  # type: ignore[arg-type]
            super().save_model(request, obj, form, change)


class ReadOnlyAdmin(DeskAdmin):
    """Looking, not touching."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
