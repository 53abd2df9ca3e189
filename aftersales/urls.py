"""Every address of the desk."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from aftersales.health import healthz

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/mailbox/", include("aftersales.demo.mailbox")),
    path("admin/", admin.site.urls),
    path("api/", include("aftersales.api.urls")),
    path("healthz", healthz, name="healthz"),
    path("", include("returns.portal.urls")),
    path("", include("tickets.portal.urls")),
    path("", include("handoffs.portal.urls")),
]

handler400 = "aftersales.api.errors.bad_request"
handler403 = "aftersales.api.errors.permission_denied"
handler404 = "aftersales.api.errors.page_not_found"
handler500 = "aftersales.api.errors.server_error"
