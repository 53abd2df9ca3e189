"""What customers and orders can be narrowed by, over the API: exact values only."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError

from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.filters import IdFilter
from customers.contacts import normalize
from customers.models import ContactChannel, Customer, Order, OrderStatus


class CustomerFilter(django_filters.FilterSet):
    """Phone, mail address or number, exactly: customers are looked up, not leafed through."""

    phone = django_filters.CharFilter(method="at_phone", max_length=40)
    email = django_filters.CharFilter(method="at_mail", max_length=254)
    number = django_filters.CharFilter(field_name="external_id", max_length=100)

    class Meta:
        model = Customer
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Customer]) -> QuerySet[Customer]:
        if not any(self.form.cleaned_data.values()):
            raise ValidationError({"phone": [_("Give a phone, an email or a number.")]})
        found: QuerySet[Customer] = super().filter_queryset(queryset)
        return found

    def at_phone(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return reachable(rows, ContactChannel.PHONE, name, value)

    def at_mail(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return reachable(rows, ContactChannel.EMAIL, name, value)


def reachable(rows: QuerySet[Any], channel: str, name: str, value: str) -> QuerySet[Any]:
    """Who has this address, however it is spelled."""
    try:
        address = normalize(channel, value)
    except RuleViolated as error:
        raise ValidationError({name: [str(error)]}) from None
    return rows.filter(contact_points__channel=channel, contact_points__address=address)


class OrderFilter(django_filters.FilterSet):
    """Everything given must hold."""

    source = django_filters.CharFilter(field_name="shop__code", max_length=40)
    number = django_filters.CharFilter(field_name="external_id", max_length=64)
    customer = IdFilter(field_name="customer_id")
    tracking_number = django_filters.CharFilter(method="with_parcel", max_length=64)
    status = django_filters.MultipleChoiceFilter(
        field_name="shop_status", choices=OrderStatus.choices
    )
    placed_since = django_filters.IsoDateTimeFilter(field_name="placed_at", lookup_expr="gte")

    class Meta:
        model = Order
        fields: list[str] = []

    def with_parcel(self, rows: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        from_parcels = Order.objects.filter(shipments__tracking_number=value).values("pk")
        return rows.filter(pk__in=from_parcels)
