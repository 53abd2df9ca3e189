"""The side that asks: send, send again, re-route, withdraw, accept the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated, require
from aftersales.kernel.numbers import draw
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from customers.contacts import normalize
from customers.models import ContactChannel
from handoffs.choices import FieldType, HandoffKind, TurnVerb
from handoffs.fields import Field, clean_answers
from handoffs.models import Handoff, HandoffTemplate
from handoffs.policies import can_manage, can_send
from handoffs.services.party_links import mail_party
from handoffs.services.shared import (
    Charge,
    GivenFile,
    apply_charge,
    hold_case,
    keep_files,
    lock_leg,
    release_case,
    require_status,
    settle,
)
from handoffs.statuses import LIVE, HandoffStatus
from staff.models import Department, Language, Team, User
from tickets.models import Ticket
from tickets.services.shared import lock_ticket, require_text, require_unfinished


@dataclass(frozen=True, slots=True, kw_only=True)
class Outsider:
    """A carrier or supplier: a name, and a way to reach them if we are to write."""

    name: str
    email: str = ""
    phone: str = ""
    language: str = Language.ZH


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked of whom. ``answers`` are those to the template's own fields."""

    template: HandoffTemplate
    question: str
    department: Department | None = None
    team: Team | None = None
    outsider: Outsider | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    files: Sequence[GivenFile] = ()


@service
def send_handoff(ticket_id: int, ask: Ask, *, actor: User) -> Handoff:
    """Ask a department or an outsider, or offer the case to a department, which must accept.

    Raises ``RuleViolated`` for a wrong target, a field the template refuses, or while another
    transfer is under way.
    """
    ticket = lock_ticket(ticket_id, actor)
    template = ask.template
    require(can_send(actor, ticket, template.kind))
    require_unfinished(ticket)
    if not template.is_active:
        raise RuleViolated("template_retired", _("This template is out of use."), field="template")
    leg = _new_leg(ticket, ask, actor)
    leg.asked = clean_answers(template.ask_fields, ask.answers)
    files = with_fields(template.ask_fields, leg.asked, ask.files)
    hold_case(leg)
    leg.save(force_insert=True)
    turn = settle(leg, TurnVerb.SENT, actor=actor, text=leg.question)
    keep_files(turn, files, actor=actor)
    mail_party(leg, turn, actor=actor)
    return leg


def with_fields(
    fields: Sequence[Field], answers: dict[str, Any], others: Sequence[GivenFile]
) -> list[tuple[str, GivenFile]]:
    """Take the files out of cleaned answers; what stays there is how many were given."""
    files: list[tuple[str, GivenFile]] = [("", one) for one in others]
    for one in fields:
        name = one["name"]
        if one["type"] == FieldType.FILE and name in answers:
            given = answers[name] if isinstance(answers[name], (list, tuple)) else [answers[name]]
            files += [(name, item) for item in given]
            answers[name] = len(given)
    return files


def _new_leg(ticket: Ticket, ask: Ask, actor: User) -> Handoff:
    template = ask.template
    origin = ticket.department
    if template.kind != HandoffKind.TRANSFER and actor.department:
        origin = actor.department
    leg = Handoff(
        ticket=ticket,
        kind=template.kind,
        template=template,
        from_department=origin,
        question=require_text(ask.question, "question", most=5000),
        ask_fields=template.ask_fields,
        answer_fields=template.answer_fields,
        pauses_case=template.pauses_case,
        sent_by=actor,
        sent_at=now(),
    )
    if template.kind == HandoffKind.EXTERNAL:
        _set_outsider(leg, ask)
    else:
        set_target(leg, ask.department, ask.team)
    if leg.is_transfer and ticket.handoffs.filter(kind=leg.kind, status__in=LIVE).exists():
        raise RuleViolated("transfer_open", _("The case is offered to another department already."))
    leg.number = draw("H")
    return leg


def _set_outsider(leg: Handoff, ask: Ask) -> None:
    party = ask.outsider
    if party is None or not party.name.strip():
        raise RuleViolated("no_outsider", _("Say who is asked."), field="party_name")
    if ask.department or ask.team:
        raise RuleViolated(
            "two_targets", _("Ask a department or an outsider, not both."), field="department"
        )
    if party.language not in Language.values:
        raise RuleViolated("unknown_language", _("Unknown language."), field="party_language")
    leg.party_name = require_text(party.name, "party_name", least=1, most=120)
    leg.party_email = _address(ContactChannel.EMAIL, party.email, "party_email")
    leg.party_phone = _address(ContactChannel.PHONE, party.phone, "party_phone")
    leg.party_language = party.language


def _address(channel: str, text: str, at: str) -> str:
    try:
        return normalize(channel, text) if text.strip() else ""
    except RuleViolated as error:
        raise RuleViolated(error.code, error.message, field=at) from None


def set_target(leg: Handoff, department: Department | None, team: Team | None) -> None:
    """Aim the leg at a department in use, other than the one that asks."""
    if department is None:
        raise RuleViolated("no_target", _("Choose a department."), field="department")
    if not department.is_active:
        raise RuleViolated(
            "department_retired", _("This department is out of use."), field="department"
        )
    taken = {leg.from_department_id}
    if leg.is_transfer:
        taken.add(leg.ticket.department_id)
    if department.pk in taken:
        raise RuleViolated(
            "same_department",
            _("Choose another department than the one asking."),
            field="department",
        )
    if team and team.department_id != department.pk:
        raise RuleViolated(
            "foreign_team", _("This team belongs to another department."), field="team"
        )
    leg.to_department, leg.to_team = department, team


@service
def resend_handoff(
    handoff_id: int, *, actor: User, note: str, files: Sequence[GivenFile] = ()
) -> Handoff:
    """Give what was asked for, or ask again after an answer that does not do.

    The leg goes back to where it was: to whoever had accepted it, else to the department.
    """
    leg = lock_leg(handoff_id, actor)
    require(can_manage(actor, leg))
    require_status(leg, HandoffStatus.RETURNED, HandoffStatus.ANSWERED)
    text = require_text(note, "note", most=5000)
    move(leg, HandoffStatus.ACCEPTED if leg.accepted_at else HandoffStatus.SENT)
    leg.ping_pong_count += 1
    hold_case(leg)
    turn = settle(leg, TurnVerb.RESENT, actor=actor, text=text)
    keep_files(turn, [("", one) for one in files], actor=actor)
    mail_party(leg, turn, actor=actor)
    return leg


@service
def reroute_handoff(
    handoff_id: int,
    *,
    actor: User,
    department: Department,
    team: Team | None = None,
    note: str = "",
) -> Handoff:
    """Send a declined question to another department; it is the same question and number."""
    leg = lock_leg(handoff_id, actor)
    require(can_manage(actor, leg))
    require_status(leg, HandoffStatus.DECLINED)
    if leg.is_external:
        raise RuleViolated("is_external", _("Ask another outsider with a question of its own."))
    if department.pk == leg.to_department_id:
        raise RuleViolated(
            "declined_there", _("This department has just declined."), field="department"
        )
    set_target(leg, department, team)
    move(leg, HandoffStatus.SENT)
    leg.assignee = leg.accepted_by = leg.accepted_at = None
    leg.ping_pong_count += 1
    hold_case(leg)
    settle(leg, TurnVerb.REROUTED, actor=actor, text=note.strip()[:5000])
    return leg


@service
def withdraw_handoff(handoff_id: int, *, actor: User, note: str) -> Handoff:
    """Take a question or an offer back, with a reason; outsiders' links end with it."""
    leg = lock_leg(handoff_id, actor)
    require(can_manage(actor, leg))
    move(leg, HandoffStatus.WITHDRAWN)
    text = require_text(note, "note", least=2, most=500)
    leg.ended_by, leg.ended_at = actor, now()
    release_case(leg)
    settle(leg, TurnVerb.WITHDRAWN, actor=actor, text=text)
    return leg


@service
def close_handoff(
    handoff_id: int, *, actor: User, note: str = "", charge: Charge | None = None
) -> Handoff:
    """Accept the answer; the leg is done. ``charge`` says who is responsible and what it costs."""
    leg = lock_leg(handoff_id, actor)
    require(can_manage(actor, leg))
    require_status(leg, HandoffStatus.ANSWERED)
    move(leg, HandoffStatus.CLOSED)
    apply_charge(leg, charge)
    leg.ended_by, leg.ended_at = actor, now()
    settle(leg, TurnVerb.CLOSED, actor=actor, text=note.strip()[:5000])
    return leg
