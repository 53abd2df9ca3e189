"""Work between departments in the demo, made by the services: legs in every state, the grid of
responsibilities, and closed cases as examples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from aftersales.kernel.context import Source, entering
from handoffs.models import Handoff, HandoffTemplate
from handoffs.services.examples import approve_example, propose_example
from handoffs.services.receiving import (
    Reply,
    accept_handoff,
    answer_handoff,
    return_handoff,
)
from handoffs.services.responsibility import set_responsibility
from handoffs.services.sending import Ask, Outsider, close_handoff, send_handoff
from handoffs.services.shared import Charge
from staff.models import Department, User
from staff.roles import Role
from staff.services import system_actor
from tickets.models import Category, Ticket
from tickets.statuses import UNFINISHED, TicketStatus
from tickets.steps import Step

EXAMPLES: Final = 3
# Topic → who finds out; the desk answers for it, quality hears of it.
FINDERS: Final = {
    "product_quality": "quality",
    "logistics": "logistics",
    "order": "warehouse",
    "technical": "technical",
}


def hand_over_cases(cases: Sequence[Ticket], agent: User) -> list[Handoff]:
    """One leg of each kind of state on cases the agent's department has."""
    fill_grid()
    own = [
        case
        for case in Ticket.objects.filter(pk__in=[case.pk for case in cases]).order_by("-pk")
        if case.department_id == agent.department_id and case.status in UNFINISHED
    ]
    made = []
    for case, tell in zip(own, (asked_back, waiting, by_carrier, by_supplier), strict=False):
        with entering(Source.ADMIN):
            made.append(tell(case, agent))
    share_examples(agent)
    return made


def ask(
    case: Ticket, agent: User, template: str, question: str, question_zh: str, **more: Any
) -> Handoff:
    """Ask in the language of the case."""
    found = HandoffTemplate.objects.get(code=template)
    words = question_zh if case.language == "zh-hans" else question
    return send_handoff(case.pk, Ask(template=found, question=words, **more), actor=agent)


def somebody(code: str) -> tuple[Department, User | None]:
    """A department and the first of its people."""
    department = Department.objects.get(code=code)
    return department, User.objects.people().filter(department=department).first()


def asked_back(case: Ticket, agent: User) -> Handoff:
    """Logistics took it and needs to know more."""
    department, clerk = somebody("logistics")
    leg = ask(
        case,
        agent,
        "carrier_trace",
        "The customer says it never arrived. Where was it last seen?",
        "客户反映未收到包裹，请查询最后一次扫描的位置。",
        department=department,
        answers={"tracking_number": tracking_number(case)},
    )
    if clerk:
        accept_handoff(leg.pk, actor=clerk)
        return_handoff(leg.pk, actor=clerk, note="收件人电话是否正确？")
    return leg


def waiting(case: Ticket, agent: User) -> Handoff:
    """Nobody in the warehouse has taken it yet."""
    department, _clerk = somebody("warehouse")
    return ask(
        case,
        agent,
        "warehouse_check",
        "Please look at the packing video of this order.",
        "请调取该订单的打包录像核实。",
        department=department,
        answers={"sku": sku(case)},
    )


def by_carrier(case: Ticket, agent: User) -> Handoff:
    """A carrier answered by the link, and the cost is theirs."""
    leg = ask(
        case,
        agent,
        "carrier_question",
        "Do you accept liability for this parcel?",
        "贵司是否承担此件的赔偿责任？",
        outsider=Outsider(name="顺丰速运", email="claims@carrier.example.com"),
        answers={"tracking_number": tracking_number(case)},
    )
    reply = Reply(
        text="经核实，包裹派送时误投后遗失，我司承担责任。",
        answers={"finding": "lost", "accepts_liability": True},
        said_by="王师傅",
    )
    with entering(Source.PORTAL):
        answer_handoff(leg.pk, reply, actor=system_actor())
    charge = Charge(responsible_party="carrier", amount="50.00", currency="CNY")
    return close_handoff(leg.pk, actor=agent, charge=charge)


def by_supplier(case: Ticket, agent: User) -> Handoff:
    """A supplier has the link and did not answer yet."""
    return ask(
        case,
        agent,
        "supplier_verification",
        "Is this a known defect of the batch?",
        "该批次是否存在已知质量问题？",
        outsider=Outsider(
            name="Lakeside Textiles", email="quality@supplier.example.com", language="en"
        ),
        answers={"sku": sku(case)},
    )


def tracking_number(case: Ticket) -> str:
    parcel = case.order.shipments.first() if case.order else None
    return parcel.tracking_number if parcel else "SF0000000000"


def sku(case: Ticket) -> str:
    line = case.order.lines.order_by("position").first() if case.order else None
    return line.sku if line else "-"


def fill_grid() -> None:
    """Who finds out for each branch of topics; the rest inherits from the first row."""
    admin = User.objects.people().filter(roles__contains=[Role.ADMINISTRATOR]).first()
    departments = {one.code: one for one in Department.objects.all()}
    desk = departments.get("service")
    if admin is None or desk is None:
        return
    with entering(Source.ADMIN):
        for step in (Step.ACKNOWLEDGED, Step.ASSESSED, Step.ROUTED, Step.RESULT_TOLD):
            set_responsibility(None, step, {"R": [desk], "A": [desk]}, actor=admin)
        for branch in Category.objects.filter(parent=None):
            finder = departments.get(FINDERS.get(branch.path, ""), desk)
            parts = {"R": [finder], "A": [desk]}
            quality = departments.get("quality")
            if quality and quality != finder:
                parts["I"] = [quality]
            set_responsibility(branch, Step.INVESTIGATED, parts, actor=admin)


def share_examples(agent: User) -> None:
    """Some closed cases with a lesson, looked at by the agent's lead."""
    leads = User.objects.people().filter(
        department=agent.department_id, roles__contains=[Role.LEAD]
    )
    lead = leads.exclude(pk=agent.pk).first()
    closed = Ticket.objects.visible_to(agent).filter(status=TicketStatus.CLOSED)
    if lead:  # agents also see cases of other departments that they follow
        closed = closed.filter(pk__in=Ticket.objects.visible_to(lead).values("pk"))
    taught = closed.exclude(root_cause="").order_by("-closed_at", "-pk")[:EXAMPLES]
    with entering(Source.ADMIN):
        for case in taught:
            example = propose_example(
                case.pk, actor=agent, title=case.subject, lesson=case.lesson or case.root_cause
            )
            if lead:
                approve_example(example.pk, actor=lead)
