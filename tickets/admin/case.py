"""The case page."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern


def case_urls(admin_site: AdminSite) -> list[URLPattern]:
    """Addresses below /admin/tickets/ticket/ that belong to the case page."""
    return []


def case_view(request: HttpRequest, number: str) -> HttpResponse:
    """One case by its number."""
    raise Http404
