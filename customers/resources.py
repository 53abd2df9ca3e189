"""What leaves as a file: orders without personal data, every cell safe to open."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.utils.text import capfirst
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

    def get_user_visible_fields(self) -> list[Any]:
        """For the page: the same columns under the names the file gives them."""
        fields = [copy(field) for field in self.get_export_fields()]
        for field, name in zip(fields, self.get_export_headers(), strict=True):
            field.column_name = name
        return fields

    def get_export_headers(self, selected_fields: Any = None) -> list[str]:
        """What the columns are called on the pages, in the reader's language."""
        names = {field.name: field.verbose_name for field in Order._meta.concrete_fields}
        shown = self.get_export_fields(selected_fields)
        return [capfirst(str(names[one.column_name])) for one in shown]

    def dehydrate_shop_status(self, order: Order) -> str:
        return str(order.get_shop_status_display())

    def export_field(self, field: Any, instance: Any, **kwargs: Any) -> str:
        return guard(super().export_field(field, instance, **kwargs))
