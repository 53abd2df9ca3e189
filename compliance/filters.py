"""What the trail of events can be narrowed by, over the API."""

from __future__ import annotations

import django_filters

from aftersales.kernel.context import Source
from compliance.models import AuditEvent


class EventFilter(django_filters.FilterSet):
    """Everything given must hold; ``until`` is exclusive."""

    code = django_filters.CharFilter(max_length=60)
    actor = django_filters.NumberFilter(field_name="actor_id", min_value=1, max_value=2**63 - 1)
    source = django_filters.ChoiceFilter(choices=Source.choices)
    since = django_filters.IsoDateTimeFilter(field_name="recorded_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="recorded_at", lookup_expr="lt")

    class Meta:
        model = AuditEvent
        fields: list[str] = []
