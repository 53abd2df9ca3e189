"""Rules of time for goods coming back (law.md section 6); data from the first migration on.

Law comes as advice with its basis and does not sort queues until a person switches it to binding.
Duties of the shop do not roll over rest days, rights of the consumer do.
"""

from __future__ import annotations

from typing import Any

from clocks import rules
from clocks.choices import Confidence, Mode, RuleKind, StepTarget
from clocks.counting import Roll, Unit
from clocks.rules import Extension, RuleSpec, StepSpec
from returns.choices import RepairCause, ReturnKind
from returns.eligibility.verdict import Route
from tickets.clock_rules import CASE, ENDS, SERIOUS

RETURN, REPAIR = "returns.returnauthorization", "returns.repair"
OVER = ("returns.declined", "returns.canceled")

NEARLY = StepSpec(at_percent=80, action="notify", target=StepTarget.ASSIGNEE)
LEAD_SEES = StepSpec(at_percent=80, action="notify", target=StepTarget.LEAD)
LATE = StepSpec(at_percent=100, action="notify", target=StepTarget.LEAD)
FINDING = StepSpec(at_percent=100, action="open_finding")


def where(fact: str, value: Any, op: str = "is") -> dict[str, Any]:
    """One condition."""
    return {"fact": fact, "op": op, "value": value}


IN_CHINA = where("market", "CN")
NO_REASON = where("route", Route.NO_REASON.value)
MONEY = where("kind", ReturnKind.RETURN_AND_REFUND.value)

LEGAL: dict[str, Any] = {
    "kind": RuleKind.STATUTORY,
    "mode": Mode.ADVICE,
    "counts_for_due": False,
    "calendar": "office-cn",
    "steps": (NEARLY, LEAD_SEES, LATE, FINDING),
}
# A case shows how long its customer may still ask; nobody is late when that time is over.
RIGHT: dict[str, Any] = {
    **LEGAL,
    "kind": RuleKind.RIGHT,
    "subject_type": CASE,
    "stops_on": ("returns.requested",),
    "cancels_on": ENDS,
    "unit": Unit.UNTIL,
    "roll": Roll.REST_DAY,
    "steps": (),
}
CASE_BEGINS = ("tickets.received", "tickets.reopened")
OPEN_WINDOW = (where("has_order", True), IN_CHINA, where("due_at", True, "is_set"))

WINDOWS = (
    RuleSpec(
        code="cn-nrr-window",
        name="Time left to ask for a return without a reason",
        name_zh="七日无理由退货剩余申请期限",
        promise="law_return_window",
        starts_on=(*CASE_BEGINS, "returns.canceled:no_reason"),
        conditions=OPEN_WINDOW,
        legal_basis="消费者权益保护法 25; 七日无理由退货暂行办法 10; 民法典 201, 203",
        source_note="From the day after the last parcel; a withdrawn request may be made again.",
        confidence=Confidence.P2,
        **RIGHT,
    ),
    RuleSpec(
        code="cn-q-ret7",
        name="Time left to return a faulty article",
        name_zh="质量问题七日退货剩余期限",
        promise="law_quality_window",
        starts_on=(*CASE_BEGINS, "returns.canceled:quality"),
        conditions=(where("kind", [*SERIOUS], "in"), *OPEN_WINDOW),
        legal_basis="消费者权益保护法 24",
        source_note="Seven days of receipt, where no state rule and no agreement exists.",
        confidence=Confidence.P2,
        **RIGHT,
    ),
)
FORMALITIES = (
    RuleSpec(
        code="cn-nrr-addr",
        name="Return address told",
        name_zh="告知退货地址",
        promise="law_return_address",
        subject_type=RETURN,
        starts_on=("returns.requested:no_reason",),
        stops_on=("returns.address_sent",),
        cancels_on=OVER,
        conditions=(where("expects_goods", True), IN_CHINA),
        amount=24,
        unit=Unit.HOURS,
        legal_basis="七日无理由退货暂行办法 11",
        source_note="The law says promptly (及时); 24 h is the house's target.",
        confidence=Confidence.P,
        **LEGAL,
    ),
    RuleSpec(
        code="cn-nrr-form-pen",
        name="Return formalities before the fine",
        name_zh="办理退货手续处罚界限",
        promise="law_return_formalities",
        subject_type=RETURN,
        starts_on=("returns.requested:no_reason",),
        stops_on=("returns.address_sent",),
        cancels_on=OVER,
        conditions=(where("expects_goods", True), IN_CHINA),
        amount=15,
        unit=Unit.CALENDAR_DAYS,
        legal_basis="侵害消费者权益行为处罚办法 9(1); 暂行办法 31(2)",
        source_note="More than 15 days counts as deliberate delay.",
        confidence=Confidence.P,
        **LEGAL,
    ),
)


def refund_duty(code: str, name: str, name_zh: str, days: int, **source: Any) -> RuleSpec:
    """Money back after the goods arrived; a dispute over their state does not stop the time."""
    return RuleSpec(
        code=code,
        name=name,
        name_zh=name_zh,
        promise=f"law_refund_{days}",
        subject_type=RETURN,
        starts_on=("returns.received:first",),
        stops_on=("returns.paid",),
        cancels_on=("returns.inspected:nothing_owed", "returns.closed", *OVER),
        conditions=(MONEY, NO_REASON, IN_CHINA),
        amount=days,
        unit=Unit.CALENDAR_DAYS,
        **source,
        **LEGAL,
    )


REFUNDS = (
    refund_duty(
        "cn-nrr-refund",
        "Money back after the goods came back",
        "收到退货后退款",
        7,
        legal_basis="消费者权益保护法 25; 七日无理由退货暂行办法 13",
        source_note="From arrival at the warehouse; no roll-over for the shop.",
        confidence=Confidence.P2,
    ),
    refund_duty(
        "cn-nrr-refund-pen",
        "Money back before the fine",
        "退款处罚界限",
        15,
        legal_basis="侵害消费者权益行为处罚办法 9(4); 暂行办法 31(3)",
        source_note="More than 15 days counts as deliberate delay.",
        confidence=Confidence.P,
    ),
    RuleSpec(
        code="cn-q-remedy-pen-return",
        name="Fault put right before the fine",
        name_zh="质量问题履行补救义务处罚界限",
        promise="law_return_remedy",
        subject_type=RETURN,
        starts_on=("returns.requested:quality",),
        stops_on=("returns.paid", "returns.closed"),
        cancels_on=OVER,
        conditions=(IN_CHINA,),
        amount=15,
        unit=Unit.CALENDAR_DAYS,
        legal_basis="侵害消费者权益行为处罚办法 8(2)",
        source_note="More than 15 days from the request without remedy; needs a confirmed fault.",
        confidence=Confidence.P,
        **LEGAL,
    ),
)


def repair_limit(code: str, name: str, name_zh: str, days: int, cause: str) -> RuleSpec:
    """Another limit applies once parts are missing, from the same start."""
    return RuleSpec(
        code=code,
        name=name,
        name_zh=name_zh,
        promise="law_repair",
        subject_type=REPAIR,
        position=days,
        starts_on=("returns.repair_started",),
        stops_on=("returns.repair_finished",),
        conditions=(where("cause", cause), IN_CHINA),
        amount=days,
        unit=Unit.CALENDAR_DAYS,
        legal_basis="部分商品修理更换退货责任规定 12",
        source_note="Article number from memory; past it the article is exchanged free of charge.",
        confidence=Confidence.S,
        **LEGAL,
    )


REPAIRS = (
    repair_limit("cn-3b-rep30", "Repaired", "维修期限", 30, RepairCause.REPAIRER.value),
    repair_limit(
        "cn-3b-part90", "Repaired, parts missing", "缺少零配件维修期限", 90, RepairCause.PARTS.value
    ),
)
SERVICE = (
    RuleSpec(
        code="return-decided",
        name="Return decided by a person",
        name_zh="人工审核退货申请",
        promise="return_decision",
        subject_type=RETURN,
        starts_on=("returns.sent_to_review", "returns.appealed"),
        stops_on=("returns.authorized", "returns.declined"),
        cancels_on=("returns.canceled",),
        amount=1,
        unit=Unit.WORK_DAYS,
        calendar="office-cn",
        steps=(NEARLY, LATE),
    ),
    RuleSpec(
        code="return-inspected",
        name="Returned goods inspected",
        name_zh="退货验收",
        promise="return_inspection",
        subject_type=RETURN,
        starts_on=("returns.received:first",),
        stops_on=("returns.inspected",),
        amount=2,
        unit=Unit.WORK_DAYS,
        calendar="office-cn",
        counts_for_due=False,
        steps=(NEARLY, LATE),
    ),
)

# Money, exchange, repair or articles sent again that the house has agreed to is the remedy: nothing
# is left to propose. A refund that waits for approval may still be declined.
REMEDY = Extension(
    subject_type=CASE,
    promises=("proposal",),
    stops_on=("returns.authorized", "returns.refund_approved:granted"),
)


def register() -> None:
    rules.ship((*WINDOWS, *FORMALITIES, *REFUNDS, *REPAIRS, *SERVICE))
    rules.extend(REMEDY)
