"""What each verb takes, checked for shape; whether it may happen is the service's business."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from aftersales.kernel.api import Input
from returns.choices import (
    Claim,
    DeclineReason,
    Disposition,
    Grade,
    RefundBasis,
    ReturnKind,
    StatedCondition,
)
from returns.services.receiving import ARRIVALS
from returns.statuses import AcceptanceStatus
from tickets.api.inputs import IdField, NoteInput, PhraseField, ReasonInput

MOST_PIECES = 1_000_000
DECISIONS = [
    (one.value, one.label)
    for one in (AcceptanceStatus.ACCEPTED, AcceptanceStatus.PARTLY, AcceptanceStatus.DECLINED)
]


class AmountField(serializers.CharField):
    """An amount as text, exact; the service refuses what is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)


class QuantityField(serializers.IntegerField):
    """Pieces."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=MOST_PIECES, **kwargs)


class PieceInput(Input):
    """How many of which order line (by its position on the order), in which stated condition."""

    position = serializers.IntegerField(min_value=1, max_value=32_767)
    quantity = QuantityField()
    condition = serializers.ChoiceField(StatedCondition.choices, default=StatedCondition.UNOPENED)


class ReturnInput(Input):
    """What is asked for."""

    kind = serializers.ChoiceField(ReturnKind.choices)
    claim = serializers.ChoiceField(Claim.choices)
    pieces = PieceInput(many=True, allow_empty=False)
    remark = PhraseField(required=False, allow_blank=True, default="")
    noticed_at = serializers.DateTimeField(required=False)


class AuthorizeInput(NoteInput):
    """A yes; a refund without return needs its ground and a file of the case."""

    basis = serializers.ChoiceField(RefundBasis.choices, required=False)
    evidence = IdField(required=False)


class DeclineInput(ReasonInput):
    """A no with its reason code and words for the customer."""

    reason = serializers.ChoiceField(DeclineReason.choices)


class ParcelInput(NoteInput):
    """A parcel the customer handed in."""

    carrier = PhraseField(max_length=40)
    tracking_number = PhraseField(max_length=64)


class ReceiptInput(Input):
    """What became of how many pieces of an item."""

    item = IdField()
    quantity = QuantityField()
    status = serializers.ChoiceField(
        [(one.value, one.label) for one in ARRIVALS], default=ARRIVALS[0].value
    )
    serial_number = PhraseField(required=False, allow_blank=True, default="", max_length=64)


class ReceiveInput(NoteInput):
    """What the bench found."""

    receipts = ReceiptInput(many=True, allow_empty=False)


class UnexpectedInput(NoteInput):
    """Goods nobody announced."""

    text = PhraseField(max_length=200)
    code = PhraseField(required=False, allow_blank=True, default="", max_length=64)
    quantity = QuantityField(default=1)


class DispositionInput(NoteInput):
    """Where something goes."""

    disposition = serializers.ChoiceField(Disposition.choices)


class LookInput(Input):
    """A look at an item, answered by its condition form."""

    answers = serializers.DictField(child=serializers.BooleanField())
    grade = serializers.ChoiceField(Grade.choices)
    disposition = serializers.ChoiceField(Disposition.choices)
    decision = serializers.ChoiceField(DECISIONS)
    quantity = QuantityField(required=False)
    reason = serializers.ChoiceField(DeclineReason.choices, required=False, default="")
    note = PhraseField(required=False, allow_blank=True, default="")
    photos = serializers.ListField(child=IdField(), required=False, default=list, max_length=20)
    deduction = AmountField(required=False, default="0")
    consent = PhraseField(required=False, allow_blank=True, default="", max_length=300)


class MissingInput(ReasonInput):
    """Whether an article that did not come back is owed all the same."""

    is_owed = serializers.BooleanField()


class SettleInput(NoteInput):
    """Extras of the sheet; ``seen`` is the digest of the sheet that was shown."""

    seen = PhraseField(required=False, allow_blank=True, default="", max_length=64)
    return_postage = AmountField(required=False, default="0")
    waived_card_fee = AmountField(required=False, default="0")
    damages = AmountField(required=False, default="0")
    damages_basis = PhraseField(required=False, allow_blank=True, default="", max_length=100)


class ReplacementInput(NoteInput):
    """What the shop is to send; ``price`` of one piece when it differs."""

    sku = PhraseField(max_length=64)
    name = PhraseField(max_length=200)
    quantity = QuantityField()
    price = AmountField(required=False)


class ConfirmInput(NoteInput):
    """The number in the shop."""

    external_id = PhraseField(max_length=100)


class RepairInput(NoteInput):
    """Who repairs."""

    vendor = PhraseField(max_length=120)


class QuoteInput(NoteInput):
    """The price of a repair."""

    amount = AmountField()


class ConsentInput(Input):
    """The customer's answer to a quote, in their words."""

    agrees = serializers.BooleanField()
    words = PhraseField(max_length=300)


class FinishInput(Input):
    """How a repair ended."""

    is_repaired = serializers.BooleanField()
    result = PhraseField(max_length=300)


class GrantInput(ReasonInput):
    """A compensation from the catalogue."""

    code = PhraseField(max_length=40)
    amount = AmountField()


class PeriodInput(Input):
    """First and last day, both included; the last three months when nothing is said."""

    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)
