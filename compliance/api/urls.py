"""Addresses of the trail."""

from django.urls import path

from compliance.api import views

urlpatterns = [
    path("events/", views.AuditEventListView.as_view(), name="api-events"),
    path("findings/", views.FindingListView.as_view(), name="api-findings"),
    path("findings/<id:finding_id>/", views.FindingView.as_view(), name="api-finding"),
    path(
        "findings/<id:finding_id>/take/", views.TakeFindingView.as_view(), name="api-finding-take"
    ),
    path(
        "findings/<id:finding_id>/resolve/",
        views.ResolveFindingView.as_view(),
        name="api-finding-resolve",
    ),
    path(
        "findings/<id:finding_id>/accept-risk/",
        views.AcceptRiskView.as_view(),
        name="api-finding-accept-risk",
    ),
]
