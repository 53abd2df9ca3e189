"""Addresses of calendars, promises and rules."""

from django.urls import path

from clocks.api import promise_views, views

RULE = "clock-rules/<slug:code>/"
urlpatterns = [
    path("calendars/", views.CalendarListView.as_view(), name="api-calendars"),
    path("calendars/<slug:code>/days/", views.DaysView.as_view(), name="api-calendar-days"),
    path("clocks/", promise_views.ClockListView.as_view(), name="api-clocks"),
    path("clocks/<id:clock_id>/", promise_views.ClockView.as_view(), name="api-clock"),
    path("clock-rules/", promise_views.RuleListView.as_view(), name="api-clock-rules"),
    path(RULE, promise_views.RuleView.as_view(), name="api-clock-rule"),
    path(f"{RULE}revise/", promise_views.ReviseRuleView.as_view(), name="api-clock-rule-revise"),
    path(f"{RULE}preview/", promise_views.PreviewRuleView.as_view(), name="api-clock-rule-preview"),
]
