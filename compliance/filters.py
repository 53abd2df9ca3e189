"""What the trail of events and the findings can be narrowed by, over the API."""

from __future__ import annotations

import django_filters

from aftersales.kernel.context import Source
from aftersales.kernel.filters import IdFilter
from compliance.models import AuditEvent, Finding, Severity
from compliance.statuses import FindingStatus


class EventFilter(django_filters.FilterSet):
    """Everything given must hold; ``until`` is exclusive."""

    code = django_filters.CharFilter(max_length=60)
    actor = IdFilter(field_name="actor_id")
    source = django_filters.ChoiceFilter(choices=Source.choices)
    since = django_filters.IsoDateTimeFilter(field_name="recorded_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="recorded_at", lookup_expr="lt")

    class Meta:
        model = AuditEvent
        fields: list[str] = []


class FindingFilter(django_filters.FilterSet):
    """Everything given must hold."""

    status = django_filters.MultipleChoiceFilter(choices=FindingStatus.choices)
    severity = django_filters.MultipleChoiceFilter(choices=Severity.choices)
    code = django_filters.CharFilter(max_length=60)
    case = django_filters.CharFilter(field_name="case_label", max_length=20)
    owner = django_filters.CharFilter(field_name="owner__username", max_length=150)

    class Meta:
        model = Finding
        fields: list[str] = []
