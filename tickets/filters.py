"""What the list of cases can be narrowed by, over the API."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from aftersales.kernel.filters import IdFilter
from tickets.choices import Channel, Kind, Priority
from tickets.models import Ticket
from tickets.search import matching
from tickets.statuses import TicketStatus


class TicketFilter(django_filters.FilterSet):
    """Everything given must hold; ``status`` and the like may be given several times."""

    status = django_filters.MultipleChoiceFilter(choices=TicketStatus.choices)
    kind = django_filters.MultipleChoiceFilter(choices=Kind.choices)
    priority = django_filters.MultipleChoiceFilter(choices=Priority.choices)
    channel = django_filters.MultipleChoiceFilter(choices=Channel.choices)
    department = django_filters.CharFilter(field_name="department__code", max_length=40)
    assignee = django_filters.CharFilter(field_name="assignee__username", max_length=150)
    customer = IdFilter(field_name="customer_id")
    order = django_filters.CharFilter(field_name="order__external_id", max_length=64)
    external_id = django_filters.CharFilter(max_length=100)
    tag = django_filters.CharFilter(method="with_tag", max_length=40)
    updated_since = django_filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")
    q = django_filters.CharFilter(method="with_words", max_length=200)

    class Meta:
        model = Ticket
        fields: list[str] = []

    def with_tag(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(tags__contains=[value])

    def with_words(self, rows: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        """Cases in which every word occurs."""
        return matching(rows, value)
