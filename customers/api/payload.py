"""The payload of an order in words, for the documentation; ``customers.payloads`` decides."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from aftersales.kernel.api import Output
from aftersales.kernel.money import MINOR_UNITS
from customers.models import OrderStatus, Tier
from staff.models import Language


def amount(**kwargs: Any) -> serializers.DecimalField:
    return serializers.DecimalField(14, 2, min_value=0, **kwargs)


class BuyerPayload(Output):
    """The buyer: at least one of number, mail and phone."""

    external_id = serializers.CharField(required=False, max_length=100)
    name = serializers.CharField(required=False, max_length=120)
    email = serializers.EmailField(required=False)
    phone = serializers.CharField(required=False)
    tier = serializers.ChoiceField(Tier.choices, required=False)
    language = serializers.ChoiceField(Language.choices, required=False)
    region = serializers.CharField(required=False, max_length=80)


class LinePayload(Output):
    """One article; `paid_amount` is its share after all discounts."""

    position = serializers.IntegerField(required=False)
    sku = serializers.CharField(max_length=64)
    name = serializers.CharField(max_length=200)
    category = serializers.CharField(required=False, max_length=80)
    quantity = serializers.IntegerField(min_value=1)
    unit_price = amount()
    paid_amount = amount()
    serial_number = serializers.CharField(required=False, max_length=64)
    traits = serializers.ListField(child=serializers.CharField(), required=False)
    is_marked_on_page = serializers.BooleanField(required=False)
    is_confirmed_at_purchase = serializers.BooleanField(required=False)


class PaymentPayload(Output):
    """One payment."""

    external_id = serializers.CharField(max_length=64)
    method = serializers.CharField(max_length=30)
    currency = serializers.ChoiceField(sorted(MINOR_UNITS), required=False)
    captured = amount()
    paid_at = serializers.DateTimeField()


class ScanPayload(Output):
    """A scan of the carrier."""

    happened_at = serializers.DateTimeField()
    text = serializers.CharField(max_length=300)
    place = serializers.CharField(required=False, max_length=100)


class ParcelPayload(Output):
    """One parcel."""

    carrier = serializers.CharField(max_length=40)
    tracking_number = serializers.CharField(max_length=64)
    shipped_at = serializers.DateTimeField(required=False)
    delivered_at = serializers.DateTimeField(required=False)
    events = ScanPayload(many=True, required=False)


class DiscountStepPayload(Output):
    """From which sum on how much was taken off the order."""

    threshold = amount()
    discount = amount()


class OrderPayload(Output):
    """A whole order. What is left out of `payments` and `shipments` as a whole stays as it is."""

    status = serializers.ChoiceField(OrderStatus.choices, required=False)
    placed_at = serializers.DateTimeField()
    currency = serializers.ChoiceField(sorted(MINOR_UNITS))
    total = amount()
    shipping_fee = amount(required=False)
    discount_steps = DiscountStepPayload(many=True, required=False)
    recipient = serializers.CharField(required=False, max_length=120)
    recipient_phone = serializers.CharField(required=False, max_length=32)
    address = serializers.CharField(required=False, max_length=300)
    is_business = serializers.BooleanField(required=False)
    customer = BuyerPayload()
    lines = LinePayload(many=True)
    payments = PaymentPayload(many=True, required=False)
    shipments = ParcelPayload(many=True, required=False)
    source_updated_at = serializers.DateTimeField(
        required=False,
        help_text=(
            "When the shop changed the order last, with its offset from UTC. An order whose time "
            "lies before the one that is kept came late: it is answered as `stale` and changes "
            "nothing. Without it, what arrives last counts."
        ),
    )
