"""The case in the admin: a queue of our own, a case page of our own, nothing of the stock forms."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from aftersales.kernel.admin import ReadOnlyAdmin
from tickets.admin import case
from tickets.models import Ticket


@admin.register(Ticket)
class TicketAdmin(ReadOnlyAdmin):
    """Cases are addressed by their human number; the pk never shows."""

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Ticket | None:
        found: Ticket | None = self.get_queryset(request).filter(number=object_id).first()
        return found

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return case.case_view(request, object_id)

    def get_urls(self) -> list[URLPattern]:
        return [*case.case_urls(self.admin_site), *super().get_urls()]
