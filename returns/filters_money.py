"""What lists of money may be narrowed by."""

from __future__ import annotations

import django_filters

from returns.models import ReconciliationItem, Refund
from returns.money_choices import ItemKind, RefundKind
from returns.money_statuses import ItemStatus, RefundStatus


class RefundFilter(django_filters.FilterSet):
    """Status, kind, case, order."""

    status = django_filters.ChoiceFilter(choices=RefundStatus.choices)
    kind = django_filters.ChoiceFilter(choices=RefundKind.choices)
    case = django_filters.CharFilter(field_name="ticket__number", max_length=12)
    order = django_filters.CharFilter(field_name="payment__order__external_id", max_length=64)

    class Meta:
        model = Refund
        fields: list[str] = []


class DifferenceFilter(django_filters.FilterSet):
    """Status and kind."""

    status = django_filters.ChoiceFilter(choices=ItemStatus.choices)
    kind = django_filters.ChoiceFilter(choices=ItemKind.choices)

    class Meta:
        model = ReconciliationItem
        fields: list[str] = []
