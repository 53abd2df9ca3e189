"""What people type to say whose a case is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.contacts import CONFIRMED, TYPED
from customers.models import ContactChannel, ContactPoint, Order
from customers.queries import family_of
from tickets.choices import MailPurpose
from tickets.forms import VerbForm, choose_row, text_area
from tickets.models import OutboundMail


class AddressForm(VerbForm):
    """Another way to reach the customer, and how it became known."""

    channel = forms.ChoiceField(label=_("Kind"), choices=TYPED)
    address = forms.CharField(label=_("Mail address or phone number"), max_length=254)
    is_verified = forms.BooleanField(label=CONFIRMED, required=False, initial=True)
    note = forms.CharField(label=_("How you know it"), max_length=500, widget=text_area(2))


class MailAgainForm(VerbForm):
    """To which of the customer's addresses, shown masked; the newest is offered first."""

    point = choose_row(ContactPoint.objects.none(), label=pgettext_lazy("mail", "To"))
    note = forms.CharField(label=_("Remark"), required=False, max_length=500)

    def prepare(self) -> None:
        mine = ContactPoint.objects.none()
        letter = OutboundMail.objects.filter(pk=self.row).exclude(purpose=MailPurpose.OUTSIDER)
        if self.ticket.customer_id and letter.exists():
            family = family_of(self.ticket.customer_id)
            mine = ContactPoint.objects.filter(channel=ContactChannel.EMAIL, customer__in=family)
        field: Any = self.fields["point"]
        field.queryset = mine.order_by("-is_verified", "-pk")
        field.empty_label = _("where it went before")
        self.initial["point"] = field.queryset.first()


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
