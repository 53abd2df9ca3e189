"""Rules of time between departments, and which promises of a case rest while others work on it.

A leg's promises belong to whoever has the turn; they do not make the case's own due time.
"""

from __future__ import annotations

from typing import Any

from clocks import rules
from clocks.choices import RuleKind, StepTarget
from clocks.counting import Unit
from clocks.rules import Extension, RuleSpec, StepSpec
from handoffs.choices import HandoffKind

LEG = "handoffs.handoff"
NEARLY = StepSpec(at_percent=80, action="notify", target=StepTarget.ASSIGNEE)
LEAD_SEES = StepSpec(at_percent=80, action="notify", target=StepTarget.LEAD)
LATE = StepSpec(at_percent=100, action="notify", target=StepTarget.LEAD)
LADDER = (NEARLY, LEAD_SEES, LATE)
COMMON: dict[str, Any] = {
    "subject_type": LEG,
    "kind": RuleKind.HANDOFF,
    "cancels_on": ("handoffs.withdrawn",),
    "counts_for_due": False,
    "steps": LADDER,
}


def where(fact: str, op: str, value: Any) -> dict[str, Any]:
    """One condition."""
    return {"fact": fact, "op": op, "value": value}


def answer(
    code: str, name: str, name_zh: str, days: int, *when: dict[str, Any], position: int = 10
) -> RuleSpec:
    """An alternative of the promise to answer a question; rests while more was asked for."""
    return RuleSpec(
        code=f"handoff-answer-{code}",
        name=f"Answer between departments: {name}",
        name_zh=f"协作回复时限：{name_zh}",
        promise="handoff_answer",
        position=position,
        starts_on=("handoffs.sent", "handoffs.rerouted", "handoffs.resent"),
        stops_on=("handoffs.answered", "handoffs.declined"),
        pauses_on=("handoffs.returned",),
        resumes_on=("handoffs.resent",),
        conditions=(where("kind", "is_not", HandoffKind.TRANSFER.value), *when),
        amount=days,
        unit=Unit.WORK_DAYS,
        calendar="office-cn",
        **COMMON,
    )


def of(template: str) -> dict[str, Any]:
    return where("template", "is", template)


RULES = (
    RuleSpec(
        code="handoff-acceptance",
        name="Accepted by the department",
        name_zh="协作受理时限",
        promise="handoff_acceptance",
        starts_on=("handoffs.sent", "handoffs.rerouted", "handoffs.resent"),
        stops_on=("handoffs.accepted", "handoffs.returned", "handoffs.declined"),
        conditions=(
            where("kind", "is_not", HandoffKind.EXTERNAL.value),
            where("is_accepted", "is", False),
        ),
        amount=240,
        unit=Unit.WORK_MINUTES,
        calendar="service-cn",
        **COMMON,
    ),
    RuleSpec(
        code="handoff-turn-back",
        name="Taken up again by who asked",
        name_zh="发起方跟进时限",
        promise="handoff_turn_back",
        starts_on=("handoffs.returned", "handoffs.answered", "handoffs.declined"),
        stops_on=("handoffs.resent", "handoffs.rerouted", "handoffs.closed"),
        amount=240,
        unit=Unit.WORK_MINUTES,
        calendar="service-cn",
        **COMMON,
    ),
    answer("carrier-trace", "carrier trace", "物流查件", 2, of("carrier_trace")),
    answer("carrier-question", "question to a carrier", "快递公司查询", 3, of("carrier_question")),
    answer("supplier", "supplier verification", "供应商核实", 3, of("supplier_verification")),
    answer("warehouse", "warehouse check", "仓库核查", 1, of("warehouse_check")),
    answer("finance", "payout", "财务付款", 2, of("finance_payout")),
    answer("technical", "technical diagnosis", "技术诊断", 3, of("technical_diagnosis")),
    answer("legal", "legal advice", "法务意见", 3, of("legal_advice")),
    answer("usual", "all others", "其他", 2, position=100),
)

# Targets for the whole of a case rest while others work on it; promised answers to the customer
# do not.
PAUSED = Extension(
    subject_type="tickets.ticket",
    promises=("proposal", "resolution"),
    pauses_on=("handoffs.sent:pause", "handoffs.resent:pause", "handoffs.rerouted:pause"),
    resumes_on=(
        "handoffs.answered:pause",
        "handoffs.returned:pause",
        "handoffs.declined:pause",
        "handoffs.withdrawn:pause",
    ),
)


def register() -> None:
    rules.ship(RULES)
    rules.extend(PAUSED)
