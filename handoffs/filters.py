"""What lists of the API can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from aftersales.kernel.clock import now
from aftersales.kernel.filters import YesNoFilter
from handoffs.choices import HandoffKind, Part
from handoffs.models import CaseExample, Handoff, ResponsibilityRule
from handoffs.querysets import HandoffQuerySet
from handoffs.statuses import ExampleStatus, HandoffStatus
from tickets.choices import Kind
from tickets.steps import Step


class HandoffFilter(django_filters.FilterSet):
    """Everything given must hold; ``status`` and ``kind`` may be given several times."""

    status = django_filters.MultipleChoiceFilter(choices=HandoffStatus.choices)
    kind = django_filters.MultipleChoiceFilter(choices=HandoffKind.choices)
    template = django_filters.CharFilter(field_name="template__code", max_length=40)
    ticket = django_filters.CharFilter(field_name="ticket__number", max_length=12)
    to_department = django_filters.CharFilter(field_name="to_department__code", max_length=40)
    from_department = django_filters.CharFilter(field_name="from_department__code", max_length=40)
    assignee = django_filters.CharFilter(field_name="assignee__username", max_length=150)
    late = YesNoFilter(method="only_late")

    class Meta:
        model = Handoff
        fields: list[str] = []

    def only_late(self, rows: HandoffQuerySet, name: str, value: bool) -> HandoffQuerySet:
        return rows.late(now()) if value else rows


class ResponsibilityFilter(django_filters.FilterSet):
    """By topic, step, part or department."""

    category = django_filters.CharFilter(field_name="category__path", max_length=80)
    step = django_filters.MultipleChoiceFilter(choices=Step.choices)
    part = django_filters.MultipleChoiceFilter(choices=Part.choices)
    department = django_filters.CharFilter(field_name="department__code", max_length=40)

    class Meta:
        model = ResponsibilityRule
        fields: list[str] = []


class ExampleFilter(django_filters.FilterSet):
    """By words and kind."""

    status = django_filters.MultipleChoiceFilter(choices=ExampleStatus.choices)
    kind = django_filters.MultipleChoiceFilter(choices=Kind.choices)
    q = django_filters.CharFilter(method="with_words", max_length=200)

    class Meta:
        model = CaseExample
        fields: list[str] = []

    def with_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Examples in which every word occurs."""
        for word in value.split()[:10]:
            rows = rows.filter(
                Q(title__icontains=word) | Q(lesson__icontains=word) | Q(body__icontains=word)
            )
        return rows
