"""The addresses of legs, templates, responsibilities and examples (see ``endpoints``)."""

from __future__ import annotations

from typing import Any

from handoffs.services.receiving import accept_handoff
from staff.models import User
from tests.api.endpoints import WHY, Endpoint, Prepare, of, plain
from tests.factories.handoffs import (
    make_ask,
    make_example,
    make_handoff,
    make_handoff_in,
    make_helper,
)
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket, make_ticket_in
from tickets.statuses import TicketStatus


def leg(path: str, body: Any = None, status: str = "sent", kind: str = "assist") -> Prepare:
    """A call below a leg that customer service sent to logistics, or to a carrier."""

    def prepare(actor: User) -> tuple[str, Any]:
        made = make_handoff_in(status, make_ticket(actor), actor, kind)
        return f"handoffs/{made.number}/{path}", body

    return prepare


def asked(path: str, body: Any = None, status: str = "sent") -> Prepare:
    """A call below a leg that logistics sent to customer service."""

    def prepare(actor: User) -> tuple[str, Any]:
        giver = make_helper()
        made = make_handoff(
            make_ticket(giver, department=giver.department), giver, department=actor.department
        )
        if status == "accepted":
            accept_handoff(made.pk, actor=actor)
        return f"handoffs/{made.number}/{path}", body

    return prepare


def assign_leg(actor: User) -> tuple[str, Any]:
    path, _body = asked("assign/")(actor)
    return path, {"assignee": actor.username}


def send_leg(actor: User) -> tuple[str, Any]:
    ask = make_ask()
    body = {"template": ask.template.code, "question": "Where?", "department": "logistics"}
    return f"tickets/{make_ticket(actor).number}/handoffs/", body


def linked(actor: User) -> tuple[str, Any]:
    path, _body = leg("link/revoke/", kind="external")(actor)
    return path, WHY


def reroute_leg(actor: User) -> tuple[str, Any]:
    make_department("warehouse", kind="warehouse")
    path, _body = leg("reroute/", status="declined")(actor)
    return path, {"department": "warehouse"}


def example(verb_: str) -> Prepare:
    def prepare(actor: User) -> tuple[str, Any]:
        made = make_example(make_user())
        return f"examples/{made.pk}/{verb_}/", {"note": "not useful"}

    return prepare


def closed(actor: User) -> tuple[str, Any]:
    ticket = make_ticket_in(TicketStatus.CLOSED, actor)
    return f"tickets/{ticket.number}/example/", {"title": "Torn", "lesson": "Other knives."}


def on_leg(path: str, prepare: Prepare, **more: Any) -> Endpoint:
    return Endpoint("POST", f"handoffs/{{number}}/{path}", prepare, **more)


HANDOFF_ENDPOINTS = [
    Endpoint("GET", "handoffs/", plain("handoffs/"), stranger=200, without=200),
    Endpoint("GET", "handoffs/{number}/", leg(""), without=200),
    Endpoint("GET", "tickets/{number}/handoffs/", of("handoffs/"), without=200),
    Endpoint("POST", "tickets/{number}/handoffs/", send_leg, 201),
    on_leg("accept/", asked("accept/")),
    on_leg("assign/", assign_leg),
    on_leg("answer/", asked("answer/", {"text": "It is lost."}, "accepted")),
    on_leg("return/", asked("return/", {"note": "Which parcel?"})),
    on_leg("decline/", asked("decline/", {"note": "Not ours."})),
    on_leg("resend/", leg("resend/", {"note": "SF100"}, "returned")),
    on_leg("reroute/", reroute_leg),
    on_leg("withdraw/", leg("withdraw/", {"note": "found it"})),
    on_leg("close/", leg("close/", None, "answered")),
    on_leg("link/", leg("link/", kind="external")),
    on_leg("link/revoke/", linked),
    Endpoint("GET", "handoff-templates/", plain("handoff-templates/"), stranger=200, without=200),
    Endpoint(
        "GET", "responsibility-rules/", plain("responsibility-rules/"), stranger=200, without=200
    ),
    Endpoint("GET", "examples/", plain("examples/"), stranger=200, without=200),
    Endpoint("POST", "tickets/{number}/example/", closed, 201),
    Endpoint("POST", "examples/{example_id}/withdraw/", example("withdraw")),
    Endpoint("POST", "examples/{example_id}/approve/", example("approve")),
]
