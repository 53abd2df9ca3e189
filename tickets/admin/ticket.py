"""The case in the admin: a queue of our own, a case page of our own, nothing of the stock forms."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from aftersales.kernel.admin import ReadOnlyAdmin
from tickets.admin import bulk, case, new_case, queue
from tickets.models import Ticket
from tickets.policies import can_create


@admin.register(Ticket)
class TicketAdmin(ReadOnlyAdmin):
    """Cases are addressed by their human number; the pk never shows."""

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Ticket | None:
        found: Ticket | None = self.get_queryset(request).filter(number=object_id).first()
        return found

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_create(request.user)  # type: ignore[arg-type]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return queue.queue_view(request, self.admin_site)

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return new_case.new_case_view(request, self.admin_site)

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
        own = [
            *bulk.bulk_urls(self.admin_site),
            *new_case.new_case_urls(self.admin_site),
            *case.case_urls(self.admin_site),
        ]
        return [*own, *super().get_urls()]
