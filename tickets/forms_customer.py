"""What people type to say whose a case is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Order
from tickets.forms import VerbForm, text_area


class NameCustomerForm(VerbForm):
    """An address, or an order whose buyer it is."""

    caller = forms.CharField(
        label=_("Phone number or mail address"), required=False, max_length=254
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=120)
    order = forms.CharField(label=_("or the number of their order"), required=False, max_length=100)
    note = forms.CharField(
        label=_("How you know whose it is"), min_length=4, max_length=500, widget=text_area(2)
    )

    def clean_order(self) -> Order | None:
        number = self.cleaned_data["order"].strip()
        if not number:
            return None
        found = Order.objects.visible_to(self.actor).filter(external_id=number)
        orders = list(found.select_related("customer")[:2])
        if not orders:
            raise forms.ValidationError(_("No such order."), code="unknown_order")
        if len(orders) > 1:
            raise forms.ValidationError(
                _("Several shops have this number; give the address."), code="several_orders"
            )
        return orders[0]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(values["caller"].strip()) == bool(values["order"]):
            raise forms.ValidationError(
                _("Give either an address or the number of an order."), code="one_of_two"
            )
        return values
