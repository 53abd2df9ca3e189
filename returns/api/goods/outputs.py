"""What the API tells of goods coming back. Every field is named."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from aftersales.kernel.api import Output
from returns.choices import (
    Claim,
    DeclineReason,
    Disposition,
    Grade,
    InstructionKind,
    ReturnKind,
    SheetLine,
    StatedCondition,
)
from returns.eligibility import Outcome, RowResult
from returns.models import ReturnAuthorization
from returns.sheet import Sheet
from returns.statuses import (
    AcceptanceStatus,
    GrantStatus,
    InstructionStatus,
    ParcelStatus,
    ReceptionStatus,
    RepairStatus,
    ReturnStatus,
    SheetStatus,
)


class AmountField(serializers.DecimalField):
    """An amount in the currency beside it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, **kwargs)


class VerdictRow(Output):
    """What one rule said, in both languages."""

    id = serializers.CharField()
    result = serializers.ChoiceField(RowResult.choices)
    basis = serializers.CharField()
    version = serializers.CharField()
    en = serializers.CharField()
    zh = serializers.CharField()


class VerdictOutput(Output):
    """The verdict for one order line."""

    outcome = serializers.ChoiceField(Outcome.choices)
    route = serializers.CharField()
    freight = serializers.CharField()
    decided_by = serializers.CharField()
    rows = VerdictRow(many=True)


class LineVerdict(Output):
    """An order line with its verdict as frozen."""

    line = serializers.IntegerField()
    quantity = serializers.IntegerField()
    policy = serializers.CharField()
    verdict = VerdictOutput()


class ItemOutput(Output):
    """A quantity of one order line."""

    id = serializers.IntegerField()
    sku = serializers.CharField(source="order_line.sku")
    article = serializers.CharField(source="order_line.name")
    quantity = serializers.IntegerField()
    stated_condition = serializers.ChoiceField(StatedCondition.choices)
    reception_status = serializers.ChoiceField(ReceptionStatus.choices)
    acceptance_status = serializers.ChoiceField(AcceptanceStatus.choices)
    serial_number = serializers.CharField()
    deduction = AmountField()


class ReturnParcelOutput(Output):
    """A parcel on its way back."""

    id = serializers.IntegerField()
    carrier = serializers.CharField()
    tracking_number = serializers.CharField()
    status = serializers.ChoiceField(ParcelStatus.choices)
    has_label = serializers.BooleanField()
    sent_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)


class ReturnSummary(Output):
    """A return as lists show it."""

    number = serializers.CharField()
    case = serializers.CharField(source="ticket.number")
    order = serializers.CharField(source="order.external_id")
    kind = serializers.ChoiceField(ReturnKind.choices)
    claim = serializers.ChoiceField(Claim.choices)
    status = serializers.ChoiceField(ReturnStatus.choices)
    outcome = serializers.ChoiceField(Outcome.choices)
    freight_payer = serializers.CharField()
    noticed_at = serializers.DateTimeField()
    window_due_at = serializers.DateTimeField(allow_null=True)
    is_override = serializers.BooleanField()
    decline_reason = serializers.ChoiceField(DeclineReason.choices, allow_blank=True)
    received_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)


class ReturnDetail(ReturnSummary):
    """A return with verdict, items and parcels."""

    remark = serializers.CharField()
    decision_note = serializers.CharField()
    verdict_digest = serializers.CharField()
    verdicts = serializers.SerializerMethodField()
    address = serializers.CharField(source="return_address.address", allow_null=True, default=None)
    items = ItemOutput(many=True)
    parcels = ReturnParcelOutput(many=True)

    @extend_schema_field(LineVerdict(many=True))
    def get_verdicts(self, rma: ReturnAuthorization) -> list[dict[str, Any]]:
        return list(LineVerdict(rma.verdict["lines"], many=True).data)


class UnexpectedOutput(Output):
    """Goods nobody announced."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    code = serializers.CharField()
    quantity = serializers.IntegerField()
    disposition = serializers.ChoiceField(Disposition.choices, allow_blank=True)


class InspectionOutput(Output):
    """A look at an item."""

    id = serializers.IntegerField()
    item = serializers.IntegerField(source="item_id")
    form = serializers.CharField()
    answers = serializers.DictField(child=serializers.BooleanField())
    findings = serializers.ListField(child=serializers.CharField())
    grade = serializers.ChoiceField(Grade.choices)
    disposition = serializers.ChoiceField(Disposition.choices)
    decision = serializers.ChoiceField(AcceptanceStatus.choices)
    reason = serializers.ChoiceField(DeclineReason.choices, allow_blank=True)
    note = serializers.CharField()


class SheetLineOutput(Output):
    """One line of what is owed."""

    kind = serializers.ChoiceField(SheetLine.choices)
    amount = AmountField()
    quantity = serializers.IntegerField()
    basis = serializers.CharField()
    en = serializers.CharField()
    zh = serializers.CharField()


class ShareOutput(Output):
    """What goes back by one payment."""

    payment = serializers.IntegerField()
    amount = AmountField()
    is_in_kind = serializers.BooleanField()


class SheetOutput(Output):
    """What is owed as things stand; ``digest`` binds settling to it."""

    currency = serializers.CharField()
    total = AmountField()
    damages = AmountField()
    shortfall = AmountField()
    digest = serializers.CharField()
    lines = SheetLineOutput(many=True)
    shares = serializers.SerializerMethodField()

    @extend_schema_field(ShareOutput(many=True))
    def get_shares(self, sheet: Sheet) -> list[dict[str, Any]]:
        rows = [
            {"payment": tender.payment, "amount": amount, "is_in_kind": tender.is_in_kind}
            for tender, amount in sheet.shares
        ]
        return list(ShareOutput(rows, many=True).data)


class InstructionOutput(Output):
    """Something the shop's system is to do."""

    id = serializers.IntegerField()
    return_number = serializers.CharField(source="rma.number")
    order = serializers.CharField(source="rma.order.external_id")
    kind = serializers.ChoiceField(InstructionKind.choices)
    status = serializers.ChoiceField(InstructionStatus.choices)
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    amount = AmountField()
    currency = serializers.CharField()
    price_difference = AmountField()
    external_id = serializers.CharField()


class RepairOutput(Output):
    """A repair."""

    id = serializers.IntegerField()
    item = serializers.IntegerField(source="item_id")
    vendor = serializers.CharField()
    status = serializers.ChoiceField(RepairStatus.choices)
    quote = AmountField(allow_null=True)
    currency = serializers.CharField()
    handed_in_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    result = serializers.CharField()


class ReimbursementOutput(Output):
    """A sheet as performed."""

    id = serializers.IntegerField()
    status = serializers.ChoiceField(SheetStatus.choices)
    total = AmountField()
    damages = AmountField()
    currency = serializers.CharField()
    digest = serializers.CharField()


class GrantOutput(Output):
    """A compensation given."""

    id = serializers.IntegerField()
    code = serializers.CharField(source="compensation.code")
    amount = AmountField()
    currency = serializers.CharField()
    status = serializers.ChoiceField(GrantStatus.choices)


class CostOutput(Output):
    """Compensations of one month, entry, department, responsible party and currency."""

    month = serializers.DateField()
    code = serializers.CharField()
    name = serializers.CharField()
    department = serializers.CharField()
    party = serializers.CharField()
    count = serializers.IntegerField()
    amount = AmountField()
    currency = serializers.CharField()


class BudgetOutput(Output):
    """What a catalogue entry has used of its budget in its own period up to now."""

    code = serializers.CharField()
    name = serializers.CharField()
    currency = serializers.CharField()
    period_days = serializers.IntegerField()
    budget = AmountField()
    used = AmountField()
    left = AmountField()


class CostReport(Output):
    """What compensations cost in a period."""

    since = serializers.DateField()
    until = serializers.DateField()
    costs = CostOutput(many=True)
    budgets = BudgetOutput(many=True)
