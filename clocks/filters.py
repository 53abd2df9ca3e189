"""What promises and rules can be narrowed by, over the API."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from aftersales.kernel.filters import YesNoFilter
from clocks.choices import RuleKind
from clocks.models import Clock, ClockRule
from clocks.statuses import ClockState


class ClockFilter(django_filters.FilterSet):
    """Everything given must hold; ``due_before`` is exclusive, ``live`` means still owed."""

    case = django_filters.CharFilter(field_name="case_label", max_length=20)
    state = django_filters.MultipleChoiceFilter(choices=ClockState.choices)
    promise = django_filters.CharFilter(max_length=40)
    due_before = django_filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")
    live = YesNoFilter(field_name="stopped_at", lookup_expr="isnull")

    class Meta:
        model = Clock
        fields: list[str] = []


class RuleFilter(django_filters.FilterSet):
    """Everything given must hold; ``all_versions`` shows the old ones, too."""

    code = django_filters.CharFilter(max_length=60)
    promise = django_filters.CharFilter(max_length=40)
    kind = django_filters.MultipleChoiceFilter(choices=RuleKind.choices)
    all_versions = YesNoFilter(method="keep")

    class Meta:
        model = ClockRule
        fields: list[str] = []

    def keep(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Read by ``filter_queryset``."""
        return rows

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("all_versions") else rows.filter(is_current=True)
