"""Addresses of calendars."""

from django.urls import path

from clocks.api import views

urlpatterns = [
    path("calendars/", views.CalendarListView.as_view(), name="api-calendars"),
    path("calendars/<slug:code>/days/", views.DaysView.as_view(), name="api-calendar-days"),
]
