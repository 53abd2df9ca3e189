"""What callers are told of money, and what they may send."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from aftersales.kernel.api import Input, Output
from returns.money_choices import RefundKind, RefundMeans, RefundOrigin, RefundReason
from returns.money_statuses import RefundStatus


class RefundLineOutput(Output):
    """A part of the amount."""

    label: Any = serializers.CharField()
    quantity = serializers.IntegerField(allow_null=True)
    amount = serializers.DecimalField(14, 2)


class ApprovalOutput(Output):
    """The approval under way or given."""

    status = serializers.CharField()
    role = serializers.CharField()
    needed = serializers.IntegerField(source="needed_count")
    asks_password = serializers.BooleanField()
    requested_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    digest = serializers.CharField()


class RefundSummary(Output):
    """A refund in a list."""

    number = serializers.CharField()
    status = serializers.ChoiceField(RefundStatus.choices)
    kind = serializers.ChoiceField(RefundKind.choices)
    means = serializers.ChoiceField(RefundMeans.choices)
    reason = serializers.ChoiceField(RefundReason.choices)
    amount = serializers.DecimalField(14, 2)
    currency = serializers.CharField()
    case = serializers.CharField(source="ticket.number", allow_null=True, default=None)
    order = serializers.CharField(source="payment.order.external_id")
    requested_by = serializers.CharField(source="requested_by.username")
    requested_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)


class CreditConsentOutput(Output):
    """How the customer agreed to store credit: words, a message or a proposal they accepted."""

    words = serializers.CharField(source="consent")
    message = serializers.IntegerField(source="consent_message_id", allow_null=True)
    proposal = serializers.IntegerField(source="consent_proposal_id", allow_null=True)
    agreed_at = serializers.DateTimeField(source="consented_at", allow_null=True)


class RefundOutput(RefundSummary):
    """One refund whole."""

    gateway_number = serializers.CharField()
    reference = serializers.CharField()
    note = serializers.CharField()
    outcome_note = serializers.CharField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    consent = CreditConsentOutput(source="*")
    lines = RefundLineOutput(many=True)
    approvals = ApprovalOutput(source="approval_requests", many=True)


class DifferenceOutput(Output):
    """A difference somebody has to clear up."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    about = serializers.CharField(source="key")
    ours = serializers.CharField()
    theirs = serializers.CharField()
    refund = serializers.CharField(source="refund.number", allow_null=True, default=None)
    owner = serializers.CharField(source="owner.username")
    status = serializers.CharField()
    opened_at = serializers.DateTimeField()
    note = serializers.CharField()


class RedeemedOutput(Output):
    """Store credit that was used."""

    reference = serializers.CharField()
    amount = serializers.DecimalField(14, 2)
    currency = serializers.CharField()
    balance = serializers.DecimalField(14, 2, source="store_credit.balance")


class LineInput(Input):
    """A part of the amount; ``article`` is the article's position in the order."""

    label: Any = serializers.CharField(max_length=200)
    amount = serializers.CharField(max_length=30)
    article = serializers.IntegerField(min_value=1, max_value=500, required=False)
    quantity = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False)


class CreditConsentInput(Input):
    """How the customer agreed to store credit; a message or a proposal of the case, or words."""

    words = serializers.CharField(max_length=300, required=False, default="")
    message = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    proposal = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False)


class WishInput(Input):
    """What a refund is to be."""

    amount = serializers.CharField(max_length=30)
    currency = serializers.CharField(max_length=3)
    reason = serializers.ChoiceField(RefundReason.choices)
    kind = serializers.ChoiceField(RefundKind.choices, default=RefundKind.PURCHASE.value)
    means = serializers.ChoiceField(RefundMeans.choices, default=RefundMeans.ORIGINAL.value)
    consent = CreditConsentInput(required=False)
    parcel = serializers.CharField(max_length=64, required=False, default="")
    lines: Any = LineInput(many=True, required=False)
    evidence = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        required=False,
        max_length=50,
    )
    note = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class RequestInput(WishInput):
    """A wish with the payment it is about."""

    shop = serializers.CharField(max_length=40)
    order = serializers.CharField(max_length=64)
    payment = serializers.CharField(max_length=64)
    case = serializers.CharField(max_length=12, required=False)


class RefundNoteInput(Input):
    """An optional reason."""

    note = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class RefundReasonInput(Input):
    """A reason."""

    note = serializers.CharField(max_length=500)


class ApproveInput(RefundNoteInput):
    """An approval: in whose name, of what was seen (the open approval's digest), and the password
    where the tier asks."""

    on_behalf_of = serializers.CharField(max_length=150, required=False)
    digest = serializers.CharField(max_length=64)
    password = serializers.CharField(max_length=200, required=False, trim_whitespace=False)


class ReferenceInput(Input):
    """A bank's reference."""

    reference = serializers.CharField(max_length=100)


class OutsideInput(Input):
    """Money that left past this desk."""

    shop = serializers.CharField(max_length=40)
    order = serializers.CharField(max_length=64)
    payment = serializers.CharField(max_length=64)
    amount = serializers.CharField(max_length=30)
    currency = serializers.CharField(max_length=3)
    origin = serializers.ChoiceField(
        [choice for choice in RefundOrigin.choices if choice[0] != RefundOrigin.DESK]
    )
    reference = serializers.CharField(max_length=100)
    happened_at = serializers.DateTimeField()
    note = serializers.CharField(max_length=500)


class RedeemInput(Input):
    """Store credit used for an order of the shop."""

    amount = serializers.CharField(max_length=30)
    currency = serializers.CharField(max_length=3)
    reference = serializers.CharField(max_length=100)
