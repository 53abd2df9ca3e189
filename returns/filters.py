"""What lists of goods can be narrowed by, over the API."""

from __future__ import annotations

import django_filters

from returns.choices import ReturnKind
from returns.eligibility import Outcome
from returns.models import ReturnAuthorization, ShopInstruction
from returns.statuses import InstructionStatus, ReturnStatus


class ReturnFilter(django_filters.FilterSet):
    """Everything given must hold."""

    status = django_filters.MultipleChoiceFilter(choices=ReturnStatus.choices)
    outcome = django_filters.MultipleChoiceFilter(choices=Outcome.choices)
    kind = django_filters.MultipleChoiceFilter(choices=ReturnKind.choices)
    case = django_filters.CharFilter(field_name="ticket__number", max_length=12)
    order = django_filters.CharFilter(field_name="order__external_id", max_length=64)

    class Meta:
        model = ReturnAuthorization
        fields: list[str] = []


class InstructionFilter(django_filters.FilterSet):
    """By where it stands."""

    status = django_filters.MultipleChoiceFilter(choices=InstructionStatus.choices)

    class Meta:
        model = ShopInstruction
        fields: list[str] = []
