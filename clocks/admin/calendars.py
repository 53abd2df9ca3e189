"""Calendars: hours, exceptions, the year."""

from __future__ import annotations

from django.contrib import admin

from aftersales.kernel.admin import ReadOnlyAdmin
from clocks.models import Calendar


@admin.register(Calendar)
class CalendarAdmin(ReadOnlyAdmin):
    """When the house is open."""

    list_display = ("name", "region", "time_zone", "is_default")
    fields = (("name", "name_zh"), ("region", "time_zone"), ("works_on_holidays", "is_default"))
