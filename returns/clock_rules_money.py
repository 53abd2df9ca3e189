"""Rules of time for refunds and differences; data from the first migration on."""

from __future__ import annotations

from clocks import rules
from clocks.choices import RuleKind, StepTarget
from clocks.counting import Unit
from clocks.rules import RuleSpec, StepSpec
from returns.services.money.requesting import APPROVAL_LASTS

DIFFERENCE_HOURS = 72

RULES = (
    RuleSpec(
        code="refund-approval",
        name="Refund approved before the request expires",
        name_zh="退款审批（逾期申请失效）",
        promise="approval",
        kind=RuleKind.APPROVAL,
        subject_type="returns.refund",
        starts_on=("returns.refund_submitted",),
        stops_on=("returns.refund_approved:granted",),
        cancels_on=(
            "returns.refund_declined",
            "returns.refund_asked_back",
            "returns.refund_canceled",
            "returns.refund_changed",
            "returns.approval_voided",
            "returns.approval_expired",
        ),
        amount=int(APPROVAL_LASTS.total_seconds() // 3600),
        unit=Unit.HOURS,
        calendar="office-cn",
        counts_for_due=False,
        steps=(
            StepSpec(at_percent=50, action="notify", target=StepTarget.LEAD),
            StepSpec(at_percent=80, action="notify", target=StepTarget.LEAD),
            StepSpec(at_percent=100, action="notify", target=StepTarget.ASSIGNEE),
        ),
    ),
    RuleSpec(
        code="difference-cleared",
        name="Difference of the statement cleared up",
        name_zh="对账差异处理",
        promise="difference",
        kind=RuleKind.SERVICE,
        subject_type="returns.reconciliationitem",
        starts_on=("returns.difference_opened",),
        stops_on=("returns.difference_resolved",),
        amount=DIFFERENCE_HOURS,
        unit=Unit.HOURS,
        calendar="office-cn",
        counts_for_due=False,
        steps=(
            StepSpec(at_percent=80, action="notify", target=StepTarget.ASSIGNEE),
            StepSpec(at_percent=100, action="notify", target=StepTarget.LEAD),
            StepSpec(at_percent=100, action="open_finding"),
        ),
    ),
)


def register() -> None:
    rules.ship(RULES)
