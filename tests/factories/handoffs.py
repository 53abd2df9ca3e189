"""Legs between departments, made by the services. The desk here asks logistics."""

from __future__ import annotations

from typing import Any

from handoffs.models import CaseExample, Handoff, HandoffTemplate
from handoffs.services import examples, receiving, sending
from handoffs.services.receiving import Reply
from handoffs.services.sending import Ask, Outsider
from handoffs.statuses import HandoffStatus
from staff.models import Department, User
from staff.roles import Role
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket_in
from tickets.models import Ticket
from tickets.statuses import TicketStatus


def logistics() -> Department:
    return make_department("logistics", kind="logistics")


def make_helper(role: str = Role.LEAD, **overrides: Any) -> User:
    """Somebody in logistics."""
    return make_user(role, **({"department": logistics()} | overrides))


def make_template(code: str = "ask", kind: str = "assist", **overrides: Any) -> HandoffTemplate:
    """A template of that code without fields, made on first use."""
    existing = HandoffTemplate.objects.filter(code=code).first()
    if existing:
        return existing
    values = {"name": code.title(), "name_zh": f"{code}模板"} | overrides
    template = HandoffTemplate(code=code, kind=kind, **values)
    template.save()
    return template


def make_ask(kind: str = "assist", **overrides: Any) -> Ask:
    """A question to logistics, or to SF Express, or the case itself offered to logistics."""
    values: dict[str, Any] = {
        "template": make_template(f"plain-{kind}", kind),
        "question": "Where is the parcel?",
    }
    if kind == "external":
        values["outsider"] = Outsider(name="SF Express", email="trace@sf.example", language="en")
    else:
        values["department"] = logistics()
    return Ask(**(values | overrides))


def make_handoff(ticket: Ticket, actor: User, kind: str = "assist", **overrides: Any) -> Handoff:
    return sending.send_handoff(ticket.pk, make_ask(kind, **overrides), actor=actor)


def make_handoff_in(
    status: str, ticket: Ticket, actor: User, kind: str = "assist", **overrides: Any
) -> Handoff:
    """A leg brought to a status by its own verbs; logistics' side is played by its lead."""
    leg = make_handoff(ticket, actor, kind, **overrides)
    other = actor if kind == "external" else make_helper()
    match status:
        case HandoffStatus.ACCEPTED:
            receiving.accept_handoff(leg.pk, actor=other)
        case HandoffStatus.RETURNED:
            receiving.return_handoff(leg.pk, actor=other, note="Which parcel?")
        case HandoffStatus.DECLINED:
            receiving.decline_handoff(leg.pk, actor=other, note="Not ours.")
        case HandoffStatus.ANSWERED | HandoffStatus.CLOSED:
            if kind != "external":
                receiving.accept_handoff(leg.pk, actor=other)
            if kind != "transfer":
                receiving.answer_handoff(leg.pk, Reply(text="It is lost."), actor=other)
                if status == HandoffStatus.CLOSED:
                    sending.close_handoff(leg.pk, actor=actor)
        case HandoffStatus.WITHDRAWN:
            sending.withdraw_handoff(leg.pk, actor=actor, note="asked twice")
    leg.refresh_from_db()
    return leg


def make_example(actor: User, **overrides: Any) -> CaseExample:
    """A closed case proposed as an example."""
    ticket = overrides.pop("ticket", None) or make_ticket_in(TicketStatus.CLOSED)
    values = {"title": "Torn sleeve", "lesson": "Cut the box, not the jacket."} | overrides
    return examples.propose_example(ticket.pk, actor=actor, **values)
