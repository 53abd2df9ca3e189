"""Addresses of the trail."""

from django.urls import path

from compliance.api import views

urlpatterns = [path("events/", views.AuditEventListView.as_view(), name="api-events")]
