"""What leaves as a file: orders without personal data, every cell safe to open."""

from __future__ import annotations

from typing import Any

from import_export import fields, resources
from import_export.formats.base_formats import CSV, XLSX

from aftersales.kernel.spreadsheet import guard
from customers.models import Order

FORMATS = [CSV, XLSX]
MOST_EXPORTED = 10_000


class OrderResource(resources.ModelResource):
    """One row per order, the buyer masked as in the list."""

    shop = fields.Field(attribute="shop__code", column_name="shop")
    customer = fields.Field(attribute="customer", column_name="customer")

    class Meta:
        model = Order
        fields = (
            "shop",
            "external_id",
            "customer",
            "shop_status",
            "placed_at",
            "currency",
            "total",
            "shipping_fee",
        )
        export_order = fields

    def export_field(self, field: Any, instance: Any, **kwargs: Any) -> str:
        return guard(super().export_field(field, instance, **kwargs))
