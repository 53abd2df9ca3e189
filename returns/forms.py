"""What people type about goods on the case page. Forms parse; services decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.money import written
from customers.models import OrderLine
from returns.choices import (
    Claim,
    DeclineReason,
    Disposition,
    RefundBasis,
    ReturnKind,
    StatedCondition,
)
from returns.models import Compensation
from returns.queries.quantities import taken
from returns.services.requesting import NewReturn, Piece
from tickets.choices import Remedy
from tickets.forms import ReasonForm, RemarkForm, VerbForm, choose, text_area
from tickets.models import Attachment, Ticket

KIND_OF_REMEDY = {
    Remedy.REFUND: ReturnKind.RETURN_AND_REFUND,
    Remedy.RETURN: ReturnKind.RETURN_AND_REFUND,
    Remedy.EXCHANGE: ReturnKind.EXCHANGE,
    Remedy.REPAIR: ReturnKind.REPAIR,
}


def returnable(ticket: Ticket) -> list[tuple[OrderLine, int]]:
    """The lines of the case's order with the pieces that may still be asked for."""
    if ticket.order is None:
        return []
    lines = list(ticket.order.lines.order_by("position"))
    used = taken(line.pk for line in lines)
    return [(line, line.quantity - used[line.pk]) for line in lines]


class PiecesForm(forms.Form):
    """A quantity and a stated condition for each article that is left."""

    def add_pieces(self, ticket: Ticket) -> None:
        for line, left in returnable(ticket):
            name = f"quantity_{line.pk}"
            if left < 1 and name not in self.data:
                continue
            # The service refuses more than is left: here a form sent twice would be refused, too,
            # because its first copy took the pieces.
            self.fields[name] = forms.IntegerField(
                label=f"{line.name} (0–{left})",
                min_value=0,
                required=False,
                initial=0,
                widget=forms.NumberInput(attrs={"max": left}),
            )
            self.fields[f"condition_{line.pk}"] = forms.ChoiceField(
                label=_("Its condition"), choices=StatedCondition.choices, required=False
            )

    def pieces(self) -> Iterator[Piece]:
        """What was asked for of each article."""
        for name, value in self.cleaned_data.items():
            if name.startswith("quantity_") and value:
                pk = name.removeprefix("quantity_")
                condition = self.cleaned_data.get(f"condition_{pk}") or StatedCondition.UNOPENED
                yield Piece(line=int(pk), quantity=value, condition=condition)

    def as_return(self) -> NewReturn:
        return NewReturn(
            kind=self.cleaned_data["kind"],
            claim=self.cleaned_data["claim"],
            pieces=tuple(self.pieces()),
            remark=self.cleaned_data["remark"],
            noticed_at=self.cleaned_data.get("noticed_at"),
        )


class ReturnForm(PiecesForm, VerbForm):
    """Ask for a return on the case's order."""

    kind = forms.ChoiceField(label=_("What is asked for"), choices=ReturnKind.choices)
    claim = forms.ChoiceField(label=_("Why"), choices=Claim.choices)
    remark = forms.CharField(
        label=_("Customer's words"), required=False, max_length=500, widget=text_area(2)
    )
    noticed_at = forms.DateTimeField(
        label=_("Customer told us at (if not now)"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )

    def prepare(self) -> None:
        wish = self.ticket.requested_remedy
        if wish in KIND_OF_REMEDY:
            self.fields["kind"].initial = KIND_OF_REMEDY[Remedy(wish)].value
        self.add_pieces(self.ticket)


class AuthorizeForm(RemarkForm):
    """Say yes; the ground is for refunds without return."""

    basis = choose(RefundBasis.choices, label=_("Ground of a refund without return"))
    evidence = forms.ModelChoiceField(
        label=_("Evidence for it"), queryset=Attachment.objects.none(), required=False
    )

    def prepare(self) -> None:
        self.fields["evidence"].queryset = self.ticket.attachments.all()  # type: ignore[attr-defined]


class DeclineForm(ReasonForm):
    """Say no; the customer reads the words."""

    reason = forms.ChoiceField(label=_("Why declined"), choices=DeclineReason.choices)
    field_order = ("reason", "note")


class ParcelForm(RemarkForm):
    """A parcel the customer handed in."""

    carrier = forms.CharField(label=_("Carrier"), max_length=40)
    tracking_number = forms.CharField(label=_("Tracking number"), max_length=64)
    field_order = ("carrier", "tracking_number", "note")


class MissingForm(ReasonForm):
    """Whether an article that did not come back is owed."""

    is_owed = forms.TypedChoiceField(
        label=_("The customer gets the money all the same"),
        choices=[("", "—"), ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
    )
    field_order = ("is_owed", "note")


class ReplaceForm(RemarkForm):
    """What the shop is to send."""

    sku = forms.CharField(label=_("SKU"), max_length=64)
    name = forms.CharField(label=_("Article"), max_length=200)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, initial=1)
    price = forms.CharField(
        label=_("Price of one piece, if another one"), required=False, max_length=20
    )
    field_order = ("sku", "name", "quantity", "price", "note")


class SettleForm(RemarkForm):
    """What a person adds to the sheet."""

    return_postage = forms.CharField(
        label=_("Return postage by receipt"), required=False, max_length=20
    )
    waived_card_fee = forms.CharField(
        label=_("Card fee that had been waived"), required=False, max_length=20
    )
    damages = forms.CharField(label=_("Statutory damages"), required=False, max_length=20)
    damages_basis = forms.CharField(
        label=_("Legal ground of the damages"), required=False, max_length=100
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    field_order = ("return_postage", "waived_card_fee", "damages", "damages_basis", "note")


class DispositionForm(RemarkForm):
    """Where unannounced goods go."""

    disposition = forms.ChoiceField(label=_("Goes to"), choices=Disposition.choices)
    field_order = ("disposition", "note")


class VendorForm(RemarkForm):
    """Who repairs."""

    vendor = forms.CharField(label=_("Repairer"), max_length=120)
    field_order = ("vendor", "note")


class QuoteForm(RemarkForm):
    """The repairer's price."""

    amount = forms.CharField(label=_("Price"), max_length=20)
    field_order = ("amount", "note")


class ConsentForm(VerbForm):
    """The customer's answer to a price."""

    agrees = forms.TypedChoiceField(
        label=_("The customer agrees"),
        choices=[("", "—"), ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
    )
    words = forms.CharField(label=_("In the customer's words"), max_length=300)


class FinishForm(VerbForm):
    """How a repair ended."""

    is_repaired = forms.TypedChoiceField(
        label=_("It works again"),
        choices=[("", "—"), ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
    )
    result = forms.CharField(label=_("What was done"), max_length=300)


class CompensateForm(ReasonForm):
    """A compensation from the catalogue."""

    code = forms.ChoiceField(label=_("Compensation"))
    amount = forms.CharField(label=_("Worth"), max_length=20)
    field_order = ("code", "amount", "note")

    def prepare(self) -> None:
        entries = Compensation.objects.filter(is_active=True)
        self.fields["code"].choices = [  # type: ignore[attr-defined]
            (entry.code, f"{entry} (≤ {written(entry.most, entry.currency)})") for entry in entries
        ]


class AskForm(PiecesForm):
    """What the customer asks for on the status page; ``key`` makes a form sent twice one."""

    kind = forms.ChoiceField(label=_("What would you like?"), choices=ReturnKind.choices)
    claim = forms.ChoiceField(label=_("Why?"), choices=Claim.choices)
    remark = forms.CharField(
        label=_("A word to us"), required=False, max_length=500, widget=text_area(2)
    )
    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, ticket: Ticket, **options: Any) -> None:
        options.setdefault("label_suffix", "")
        super().__init__(*args, **options)
        self.add_pieces(ticket)
