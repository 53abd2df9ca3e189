"""Every address of the API, below ``/api/``."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from aftersales.api import views

v1: list[URLPattern | URLResolver] = [
    path("auth/token/", views.TokenView.as_view(), name="api-token"),
    path("auth/logout/", views.LogoutView.as_view(), name="api-logout"),
    path("me/", views.MeView.as_view(), name="api-me"),
    path("schema/", views.SchemaView.as_view(), name="api-schema"),
    path("docs/", views.DocsView.as_view(), name="api-docs"),
    path("", include("tickets.api.urls")),
    path("", include("customers.api.urls")),
    path("", include("clocks.api.urls")),
    path("", include("returns.api.goods.urls")),
    path("", include("returns.api.urls_money")),
    path("", include("compliance.api.urls")),
    path("", include("handoffs.api.urls")),
]

urlpatterns = [
    path("v1/", include(v1)),
    re_path(r"", views.UnknownView.as_view(), name="api-unknown"),
]
