"""What the API tells of calendars."""

from __future__ import annotations

from rest_framework import serializers

from aftersales.kernel.api import Output
from clocks.statuses import Mark, YearStatus


class CalendarOutput(Output):
    """A calendar; ``hours`` by ISO weekday, pairs of start and end on its own wall clock."""

    code = serializers.CharField()
    name = serializers.CharField()
    name_zh = serializers.CharField()
    region = serializers.CharField()
    time_zone = serializers.CharField()
    hours = serializers.JSONField(source="frames")
    works_on_holidays = serializers.BooleanField()
    is_default = serializers.BooleanField()


class DayOutput(Output):
    """One day: what it is, in words, and its open hours."""

    date = serializers.DateField()
    mark = serializers.ChoiceField(Mark.choices)
    is_workday = serializers.BooleanField()
    words = serializers.CharField()
    hours = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class YearOutput(Output):
    """A year of a calendar; the status is empty where no region's list applies."""

    calendar = serializers.CharField()
    year = serializers.IntegerField()
    status = serializers.ChoiceField(YearStatus.choices, allow_blank=True)
    source_notice = serializers.CharField()
    days = DayOutput(many=True)
