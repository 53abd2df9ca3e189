"""The side that is asked: accept, assign, answer, ask back, decline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.services import record
from handoffs.choices import TurnVerb
from handoffs.fields import clean_answers
from handoffs.models import Handoff
from handoffs.policies import can_accept, can_answer, can_assign
from handoffs.services.sending import with_fields
from handoffs.services.shared import (
    Charge,
    GivenFile,
    apply_charge,
    keep_files,
    lock_leg,
    release_case,
    require_status,
    settle,
)
from handoffs.statuses import WITH_RECEIVER, HandoffStatus
from staff.models import User
from tickets.services.handling import route
from tickets.services.shared import require_text


@service
def accept_handoff(handoff_id: int, *, actor: User, note: str = "") -> Handoff:
    """Take it on. Accepting a transfer moves the case here and ends the leg in the same breath."""
    leg = lock_leg(handoff_id, actor)
    require(can_accept(actor, leg))
    require_status(leg, HandoffStatus.SENT)
    if leg.is_external:
        raise InvalidTransition(_("An outsider answers; there is nothing to accept."))
    move(leg, HandoffStatus.ACCEPTED)
    leg.accepted_by, leg.accepted_at = actor, now()
    leg.assignee = leg.assignee or actor
    if leg.is_transfer:
        _take_case_over(leg, actor)
    settle(leg, TurnVerb.ACCEPTED, actor=actor, text=note.strip()[:5000])
    return leg


def _take_case_over(leg: Handoff, actor: User) -> None:
    """The case changes hands here and nowhere before."""
    target = leg.to_department
    if target is None:
        raise RuleViolated("no_target", _("Choose a department."), field="department")
    if leg.ticket.department_id != target.pk:
        leg.ticket = route(
            leg.ticket_id, actor=actor, department=target, team=leg.to_team, note=leg.number
        )
    move(leg, HandoffStatus.CLOSED)
    leg.ended_by, leg.ended_at = actor, leg.accepted_at


@service
def assign_handoff(
    handoff_id: int, *, actor: User, assignee: User | None, note: str = ""
) -> Handoff:
    """Give the question to a person of the asked department, or to nobody."""
    leg = lock_leg(handoff_id, actor)
    require(can_assign(actor, leg, assignee))
    require_status(leg, *WITH_RECEIVER, HandoffStatus.RETURNED)
    if leg.assignee_id == (assignee.pk if assignee else None):
        raise InvalidTransition(_("Nothing to change: it is assigned like this already."))
    if assignee and (not assignee.is_active or assignee.department_id != leg.to_department_id):
        raise RuleViolated(
            "foreign_assignee",
            _("Only active people of the asked department can have it."),
            field="assignee",
        )
    leg.assignee = assignee
    record(
        "handoffs.assigned",
        leg,
        actor=actor,
        case=leg.ticket,
        note=note,
        data={"assignee": str(assignee or "")},
    )
    leg.save()
    return leg


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer. ``said_by`` is the outsider's person when one spoke for the firm."""

    text: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    files: Sequence[GivenFile] = ()
    charge: Charge | None = None
    said_by: str = ""


@service
def answer_handoff(handoff_id: int, reply: Reply, *, actor: User) -> Handoff:
    """Answer with words, the template's fields and files; the case goes on.

    Departments answer what they accepted; an outsider's answer comes by link or is written down.
    """
    leg = lock_leg(handoff_id, actor)
    require(can_answer(actor, leg))
    require_status(leg, HandoffStatus.SENT if leg.is_external else HandoffStatus.ACCEPTED)
    if leg.is_transfer:
        raise InvalidTransition(_("A transfer is accepted or declined, not answered."))
    move(leg, HandoffStatus.ANSWERED)
    leg.answer = require_text(reply.text, "answer", most=10_000)
    leg.answered = clean_answers(leg.answer_fields, reply.answers)
    files = with_fields(leg.answer_fields, leg.answered, reply.files)
    apply_charge(leg, reply.charge)
    leg.answered_by, leg.answered_at = actor, now()
    leg.answered_for = _name_of(leg, reply.said_by)
    release_case(leg)
    turn = settle(leg, TurnVerb.ANSWERED, actor=actor, text=leg.answer, by_name=leg.answered_for)
    keep_files(turn, files, actor=actor)
    return leg


def _name_of(leg: Handoff, said_by: str) -> str:
    """In whose name an outsider's words stand: the person if named, and the firm."""
    if not leg.is_external:
        return ""
    person = " ".join(said_by.split())
    return f"{person} ({leg.party_name})"[:120] if person else leg.party_name


@service
def return_handoff(handoff_id: int, *, actor: User, note: str, said_by: str = "") -> Handoff:
    """Ask back: more information is needed, and it is the asking side's turn."""
    leg = lock_leg(handoff_id, actor)
    require(can_answer(actor, leg))
    require_status(leg, *WITH_RECEIVER)
    move(leg, HandoffStatus.RETURNED)
    text = require_text(note, "note", most=5000)
    leg.ping_pong_count += 1
    release_case(leg)
    settle(leg, TurnVerb.RETURNED, actor=actor, text=text, by_name=_name_of(leg, said_by))
    return leg


@service
def decline_handoff(handoff_id: int, *, actor: User, note: str, said_by: str = "") -> Handoff:
    """Say no, with a reason; the giver keeps the case and sends it elsewhere or withdraws it."""
    leg = lock_leg(handoff_id, actor)
    require(can_answer(actor, leg))
    require_status(leg, *WITH_RECEIVER)
    move(leg, HandoffStatus.DECLINED)
    text = require_text(note, "note", least=2, most=5000)
    leg.ping_pong_count += 1
    release_case(leg)
    settle(leg, TurnVerb.DECLINED, actor=actor, text=text, by_name=_name_of(leg, said_by))
    return leg
