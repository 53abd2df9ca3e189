"""Rules of time the tickets app ships. From the first migration on they are data of the house.

Law comes as advice with its basis (reference/law.md section 6) and does not sort queues until a
person switches a rule to binding.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clocks import rules
from clocks.choices import Confidence, Mode, RuleKind, StepTarget
from clocks.counting import Unit
from clocks.rules import RuleSpec, StepSpec
from tickets.choices import Channel, Kind, Priority, Remedy, Severity

CASE = "tickets.ticket"
ANSWERS = ("tickets.replied", "tickets.result_told", "tickets.proposed", "tickets.resolved")
ENDS = ("tickets.closed", "tickets.canceled", "tickets.merged:away", "tickets.unsplit:away")
CUSTOMERS_TURN = ("tickets.waiting:pending", "tickets.replied:pending", "tickets.proposed")
OUR_TURN = (
    "tickets.resumed",
    "tickets.waiting:on_hold",
    "tickets.replied:open",
    "tickets.replied:on_hold",
    "tickets.proposal_accepted",
    "tickets.proposal_declined",
    "tickets.proposal_withdrawn",
)
# The customer is waiting at the other end, or wrote and went away.
ABSENT = [Channel.MAIL, Channel.WEB, Channel.API, Channel.PORTAL, Channel.WECHAT]
SERIOUS = [Kind.COMPLAINT, Kind.RETURN_REQUEST, Kind.REPAIR_REQUEST]

Conditions = Sequence[dict[str, Any]]


def where(fact: str, op: str, value: Any) -> dict[str, Any]:
    """One condition."""
    return {"fact": fact, "op": op, "value": value}


GREEN = where("is_green_channel", "is", True)
URGENT = where("priority", "is", Priority.URGENT.value)
HIGH = where("priority", "is", Priority.HIGH.value)
LOW = where("priority", "is", Priority.LOW.value)
UNANSWERED = where("is_answered", "is", False)
ANSWERED = where("is_answered", "is", True)
COMPLAINT = where("kind", "is", Kind.COMPLAINT.value)
IN_CHINA = where("market", "is", "CN")

HALF = StepSpec(at_percent=50, action="notify", target=StepTarget.ASSIGNEE)
NEARLY = StepSpec(at_percent=80, action="notify", target=StepTarget.ASSIGNEE)
LEAD_SEES = StepSpec(at_percent=80, action="notify", target=StepTarget.LEAD)
LATE = StepSpec(at_percent=100, action="notify", target=StepTarget.LEAD)
LOUDER = StepSpec(at_percent=100, action="raise_priority")
TAKEN_BACK = StepSpec(after_due_minutes=60, action="reassign")
FINDING = StepSpec(at_percent=100, action="open_finding")
LADDER = (HALF, NEARLY, LEAD_SEES, LATE, LOUDER, TAKEN_BACK)
SHORT_LADDER = (NEARLY, LATE, LOUDER)
LEGAL_LADDER = (NEARLY, LEAD_SEES, LATE, FINDING)


def first_response(
    code: str, name: str, name_zh: str, position: int, amount: int, unit: str, *when: dict[str, Any]
) -> RuleSpec:
    """An alternative of the promise of a first answer."""
    return RuleSpec(
        code=f"first-response-{code}",
        name=f"First answer: {name}",
        name_zh=f"首次响应：{name_zh}",
        promise="first_response",
        subject_type=CASE,
        position=position,
        starts_on=("tickets.received",),
        stops_on=ANSWERS,
        pauses_on=("tickets.waiting:pending",),
        resumes_on=("tickets.resumed", "tickets.waiting:on_hold"),
        cancels_on=ENDS,
        conditions=(UNANSWERED, *when),
        amount=amount,
        unit=unit,
        calendar="service-cn" if unit == Unit.WORK_MINUTES else "always",
        steps=SHORT_LADDER if unit == Unit.MINUTES else LADDER,
    )


FIRST_RESPONSE = (
    first_response(
        "chat", "chat", "在线聊天", 10, 3, Unit.MINUTES, where("channel", "is", Channel.CHAT.value)
    ),
    first_response(
        "phone",
        "call back",
        "电话回拨",
        20,
        15,
        Unit.MINUTES,
        where("channel", "is", Channel.PHONE.value),
    ),
    first_response("green", "green channel", "绿色通道", 30, 30, Unit.WORK_MINUTES, GREEN),
    first_response("urgent", "urgent", "紧急", 40, 30, Unit.WORK_MINUTES, URGENT),
    first_response(
        "review",
        "reviews",
        "评价",
        50,
        1,
        Unit.WORK_DAYS,
        where("channel", "is", Channel.REVIEW.value),
    ),
    first_response("usual", "all others", "其他", 100, 120, Unit.WORK_MINUTES),
)


def next_response(
    code: str, name: str, name_zh: str, position: int, hours: int, *when: dict[str, Any]
) -> RuleSpec:
    """An alternative of the promise to answer what the customer wrote since."""
    return RuleSpec(
        code=f"next-response-{code}",
        name=f"Next answer: {name}",
        name_zh=f"后续响应：{name_zh}",
        promise="next_response",
        subject_type=CASE,
        position=position,
        starts_on=(
            "tickets.message_received:words",
            "tickets.reopened",
            "tickets.proposal_accepted",
            "tickets.proposal_declined",
        ),
        stops_on=(*ANSWERS, "tickets.carried_out"),
        pauses_on=("tickets.waiting:pending",),
        resumes_on=("tickets.resumed", "tickets.waiting:on_hold"),
        cancels_on=ENDS,
        conditions=(ANSWERED, *when),
        amount=hours,
        unit=Unit.HOURS,
        steps=LADDER,
    )


NEXT_RESPONSE = (
    next_response("green", "green channel", "绿色通道", 10, 1, GREEN),
    next_response("urgent", "urgent", "紧急", 20, 1, URGENT),
    next_response("high", "high priority", "高优先级", 30, 4, HIGH),
    next_response("low", "low priority", "低优先级", 40, 48, LOW),
    next_response("usual", "normal", "普通", 100, 24),
)


def resolution(
    code: str, name: str, name_zh: str, position: int, days: int, *when: dict[str, Any]
) -> RuleSpec:
    """An alternative of the promise to settle the case."""
    return RuleSpec(
        code=f"resolution-{code}",
        name=f"Settled: {name}",
        name_zh=f"解决时限：{name_zh}",
        promise="resolution",
        subject_type=CASE,
        position=position,
        starts_on=("tickets.received", "tickets.reopened"),
        stops_on=("tickets.resolved",),
        pauses_on=CUSTOMERS_TURN,
        resumes_on=OUR_TURN,
        cancels_on=ENDS,
        conditions=when,
        amount=days,
        unit=Unit.WORK_DAYS,
        calendar="office-cn",
        steps=(LEAD_SEES, LATE, LOUDER),
    )


RESOLUTION = (
    resolution("green", "green channel", "绿色通道", 10, 1, GREEN),
    resolution("urgent", "urgent", "紧急", 20, 2, URGENT),
    resolution("high", "high priority", "高优先级", 30, 3, HIGH),
    resolution("low", "low priority", "低优先级", 40, 10, LOW),
    resolution("usual", "normal", "普通", 100, 5),
)

OTHER_SERVICE = (
    RuleSpec(
        code="acknowledgement",
        name="Acknowledged",
        name_zh="确认受理",
        promise="acknowledgement",
        subject_type=CASE,
        starts_on=("tickets.received",),
        stops_on=("tickets.acknowledged", *ANSWERS),
        cancels_on=ENDS,
        conditions=(
            where("is_acknowledged", "is", False),
            where("channel", "in", [one.value for one in ABSENT]),
        ),
        amount=60,
        unit=Unit.MINUTES,
        counts_for_due=False,
        steps=(LATE,),
    ),
    RuleSpec(
        code="proposal",
        name="Remedy proposed",
        name_zh="提出解决方案",
        promise="proposal",
        subject_type=CASE,
        starts_on=("tickets.received",),
        stops_on=("tickets.proposed", "tickets.result_told", "tickets.resolved"),
        pauses_on=("tickets.waiting:pending", "tickets.replied:pending"),
        resumes_on=(
            "tickets.resumed",
            "tickets.waiting:on_hold",
            "tickets.replied:open",
            "tickets.replied:on_hold",
        ),
        cancels_on=ENDS,
        conditions=(where("kind", "in", [one.value for one in SERIOUS]),),
        amount=2,
        unit=Unit.WORK_DAYS,
        calendar="office-cn",
        steps=(NEARLY, LATE),
    ),
)

LEGAL: dict[str, Any] = {
    "subject_type": CASE,
    "kind": RuleKind.STATUTORY,
    "mode": Mode.ADVICE,
    "counts_for_due": False,
    "cancels_on": ENDS,
    "starts_on": ("tickets.received",),
    "steps": LEGAL_LADDER,
}
STATUTORY = (
    RuleSpec(
        code="cn-cmp-ack",
        name="Complaint acknowledged",
        name_zh="投诉受理告知",
        promise="law_acknowledgement",
        stops_on=("tickets.acknowledged", *ANSWERS),
        conditions=(COMPLAINT, IN_CHINA),
        amount=24,
        unit=Unit.HOURS,
        legal_basis="电商法 59; 消费者权益保护法实施条例 44; GB/T 19012",
        source_note="The law says promptly (及时); 24 h is the house's target.",
        confidence=Confidence.P2,
        **LEGAL,
    ),
    RuleSpec(
        code="cn-cmp-decide",
        name="Decision on a complaint told",
        name_zh="投诉处理结果告知",
        promise="law_decision",
        stops_on=("tickets.result_told",),
        pauses_on=CUSTOMERS_TURN,
        resumes_on=OUR_TURN,
        conditions=(COMPLAINT, IN_CHINA),
        amount=5,
        unit=Unit.WORK_DAYS,
        calendar="office-cn",
        legal_basis="消费者权益保护法实施条例 44",
        source_note="No number in national law; 5 working days is the house's policy.",
        confidence=Confidence.P,
        **LEGAL,
    ),
    RuleSpec(
        code="cn-zj-answer5",
        name="Answer to a request from Zhejiang",
        name_zh="浙江消费者诉求答复",
        promise="law_regional_answer",
        stops_on=("tickets.replied", "tickets.result_told", "tickets.proposed"),
        conditions=(
            where("kind", "in", [one.value for one in SERIOUS]),
            where("ship_to", "contains", "浙江"),
            IN_CHINA,
        ),
        amount=5,
        unit=Unit.CALENDAR_DAYS,
        calendar="office-cn",
        legal_basis="浙江省实施《消费者权益保护法》办法 31(2)",
        source_note="Stored text of 2017; check for later amendments.",
        confidence=Confidence.P,
        **LEGAL,
    ),
    RuleSpec(
        code="cn-q-remedy-pen",
        name="Remedy carried out before the fine",
        name_zh="履行补救义务处罚界限",
        promise="law_remedy",
        stops_on=("tickets.carried_out", "tickets.resolved"),
        pauses_on=CUSTOMERS_TURN,
        resumes_on=OUR_TURN,
        conditions=(
            where("kind", "in", [one.value for one in SERIOUS]),
            where("requested_remedy", "is_set", True),
            IN_CHINA,
        ),
        amount=15,
        unit=Unit.CALENDAR_DAYS,
        calendar="office-cn",
        legal_basis="侵害消费者权益行为处罚办法 8(2)",
        source_note="More than 15 days counts as deliberate delay; needs a confirmed defect.",
        confidence=Confidence.P,
        **LEGAL,
    ),
)

FOLLOW_UPS = (
    RuleSpec(
        code="follow-up",
        name="Promised follow-up",
        name_zh="承诺的回访",
        promise="follow_up",
        kind=RuleKind.FOLLOW_UP,
        subject_type="tickets.followup",
        starts_on=("tickets.follow_up_planned",),
        stops_on=("tickets.follow_up_done",),
        cancels_on=("tickets.follow_up_canceled", *ENDS),
        unit=Unit.UNTIL,
        counts_for_due=False,
        steps=(
            StepSpec(at_percent=100, action="remind"),
            StepSpec(at_percent=100, action="notify", target=StepTarget.ASSIGNEE),
            StepSpec(after_due_minutes=60, action="notify", target=StepTarget.LEAD),
        ),
    ),
    RuleSpec(
        code="check-after-resolution",
        name="Check planned after a serious case",
        name_zh="严重工单解决后安排复查",
        promise="check",
        kind=RuleKind.FOLLOW_UP,
        subject_type=CASE,
        starts_on=("tickets.resolved",),
        stops_on=("tickets.follow_up_planned",),
        cancels_on=("tickets.reopened", *ENDS),
        conditions=(where("severity", "in", [Severity.MAJOR.value, Severity.CRITICAL.value]),),
        amount=2,
        unit=Unit.CALENDAR_DAYS,
        counts_for_due=False,
        steps=(StepSpec(at_percent=50, action="plan_follow_up"),),
    ),
    RuleSpec(
        code="care-after-delivery",
        name="Care planned after a replacement or repair",
        name_zh="换货或维修后安排关怀",
        promise="care",
        kind=RuleKind.FOLLOW_UP,
        subject_type=CASE,
        starts_on=("tickets.carried_out",),
        stops_on=("tickets.follow_up_planned",),
        cancels_on=ENDS,
        conditions=(where("requested_remedy", "in", [Remedy.EXCHANGE.value, Remedy.REPAIR.value]),),
        amount=2,
        unit=Unit.CALENDAR_DAYS,
        counts_for_due=False,
        steps=(StepSpec(at_percent=50, action="plan_follow_up"),),
    ),
)


def register() -> None:
    rules.ship((*FIRST_RESPONSE, *NEXT_RESPONSE, *RESOLUTION, *OTHER_SERVICE))
    rules.ship((*STATUTORY, *FOLLOW_UPS))
