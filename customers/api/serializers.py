"""What the API tells of customers and orders: every field named, people's data masked."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from aftersales.kernel.api import Input, Output
from aftersales.kernel.masking import mask_line, mask_name, mask_phone
from customers.contacts import TYPED
from customers.models import ContactChannel, Customer, Order, OrderStatus, Tier
from customers.services import Received


class ContactPointOutput(Output):
    """An address, masked."""

    channel = serializers.ChoiceField(ContactChannel.choices)
    address = serializers.CharField(source="masked")
    is_verified = serializers.BooleanField()


class CustomerOutput(Output):
    """A customer, masked."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="masked_name")
    number = serializers.CharField(source="external_id")
    shop = serializers.CharField(source="shop.code", allow_null=True)
    tier = serializers.ChoiceField(Tier.choices)
    language = serializers.CharField()
    merged_into = serializers.IntegerField(source="merged_into_id", allow_null=True)
    contact_points = ContactPointOutput(many=True)
    created_at = serializers.DateTimeField()


class OpenContactOutput(Output):
    """An address in full."""

    channel = serializers.ChoiceField(ContactChannel.choices)
    address = serializers.CharField()
    is_verified = serializers.BooleanField()


class DisclosedCustomer(Output):
    """A customer in full, shown once, with the addresses of all records that are this person."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    region = serializers.CharField()
    preferences = serializers.CharField()
    contact_points = serializers.SerializerMethodField()

    @extend_schema_field(OpenContactOutput(many=True))
    def get_contact_points(self, customer: Customer) -> list[dict[str, Any]]:
        points = [one for known in self.context["people"] for one in known.contact_points.all()]
        told: list[dict[str, Any]] = OpenContactOutput(points, many=True).data  # type: ignore[assignment]
        return told


class DiscloseInput(Input):
    """Why the data is needed; kept for ever."""

    note = serializers.CharField(max_length=500)


class ContactPointInput(Input):
    """A mail address or phone number as the customer said it, and how it became known."""

    channel = serializers.ChoiceField(TYPED)
    address = serializers.CharField(max_length=254)
    is_verified = serializers.BooleanField(default=False)
    note = serializers.CharField(max_length=500)


class LineOutput(Output):
    """One article."""

    position = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    category = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.DecimalField(14, 2)
    paid_amount = serializers.DecimalField(14, 2)
    serial_number = serializers.CharField()
    traits = serializers.ListField(child=serializers.CharField())


class PaymentOutput(Output):
    """Money received, and how much of it went back."""

    external_id = serializers.CharField()
    method = serializers.CharField()
    currency = serializers.CharField()
    captured = serializers.DecimalField(14, 2)
    refunded = serializers.DecimalField(14, 2)
    paid_at = serializers.DateTimeField()


class ScanOutput(Output):
    """A scan of the carrier."""

    happened_at = serializers.DateTimeField()
    text = serializers.CharField()
    place = serializers.CharField()


class ParcelOutput(Output):
    """A parcel and where it was."""

    carrier = serializers.CharField()
    tracking_number = serializers.CharField()
    shipped_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    events = ScanOutput(many=True)


class OrderSummary(Output):
    """An order as lists show it."""

    source = serializers.CharField(source="shop.code")  # type: ignore[assignment]
    number = serializers.CharField(source="external_id")
    customer = serializers.IntegerField(source="customer_id")
    status = serializers.ChoiceField(OrderStatus.choices, source="shop_status")
    placed_at = serializers.DateTimeField()
    currency = serializers.CharField()
    total = serializers.DecimalField(14, 2)
    updated_at = serializers.DateTimeField()
    source_updated_at = serializers.DateTimeField(allow_null=True)


class DiscountStepOutput(Output):
    """From which sum on how much was taken off the order."""

    threshold = serializers.DecimalField(14, 2)
    discount = serializers.DecimalField(14, 2)


class OrderOutput(OrderSummary):
    """An order in full, the recipient masked."""

    shipping_fee = serializers.DecimalField(14, 2)
    discount_steps = DiscountStepOutput(many=True)
    recipient = serializers.SerializerMethodField()
    recipient_phone = serializers.SerializerMethodField()
    address = serializers.SerializerMethodField()
    is_business = serializers.BooleanField()
    received_at = serializers.DateTimeField()
    lines = LineOutput(many=True)
    payments = PaymentOutput(many=True)
    shipments = ParcelOutput(many=True)

    def get_recipient(self, order: Order) -> str:
        return mask_name(order.recipient)

    def get_recipient_phone(self, order: Order) -> str:
        return mask_phone(order.recipient_phone) if order.recipient_phone else ""

    def get_address(self, order: Order) -> str:
        return mask_line(order.address) if order.address else ""


class ReceiptOutput(Output):
    """What became of an order that was pushed; `stale` is older than what is stored, and nothing
    was changed."""

    source = serializers.CharField()  # type: ignore[assignment]
    number = serializers.CharField()
    outcome = serializers.ChoiceField(Received.choices)


class RefusalOutput(Output):
    """Why an order of a batch was refused."""

    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField()


class BatchLineOutput(Output):
    """What became of one order of a batch: an outcome as for a single one, or an error."""

    source = serializers.CharField()  # type: ignore[assignment]
    number = serializers.CharField()
    outcome = serializers.ChoiceField(Received.choices, allow_null=True)
    error = RefusalOutput(allow_null=True)


class BatchOutput(Output):
    """One result for each order, in the order given, and how many of each."""

    results = BatchLineOutput(many=True)
    counts = serializers.DictField(child=serializers.IntegerField())


class BatchInput(Input):
    """Up to 500 orders; each is `{"source", "number", "order"}`, the last as for a single one."""

    orders = serializers.ListField(child=serializers.JSONField(allow_null=True))
