"""Every address of the API with a good call, and what others get who make the same call.

Longer than other files because it is one table: what is missing shows when it stands together.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aftersales.kernel.clock import now
from staff.models import Team, User
from staff.roles import Role
from tests.api import goods_endpoints
from tests.factories.clocks import clock_of
from tests.factories.customers import make_order, make_shop, order_payload
from tests.factories.notices import make_finding
from tests.factories.people import make_department
from tests.factories.tickets import (
    make_customer,
    make_investigation,
    make_proposal,
    make_ticket,
    make_ticket_in,
)
from tickets.models import Macro, Ticket
from tickets.services import conversation, follow_ups, joining, proposals, status_links
from tickets.services.files import NewFile, add_file
from tickets.statuses import TicketStatus

Prepare = Callable[[User], tuple[str, Any]]


@dataclass(frozen=True)
class Endpoint:
    """``prepare`` makes what the call needs and gives its path and body. ``ok``: the right person;
    ``stranger``: a lead of another department; ``without``: a role that sees but may not."""

    method: str
    route: str
    prepare: Prepare
    ok: int = 200
    stranger: int = 404
    without: int = 403
    right: str = "lead"
    weak: str = "auditor"
    anonymous: int = 401
    tags: tuple[str, ...] = field(default=())

    @property
    def id(self) -> str:
        return f"{self.method} {self.route}"


def of(path: str, body: Any = None, status: str = TicketStatus.NEW) -> Prepare:
    """A call below a fresh case."""

    def prepare(actor: User) -> tuple[str, Any]:
        ticket = make_ticket_in(status, actor)
        return f"tickets/{ticket.number}/{path}", body

    return prepare


def read(path: str, route: str) -> Endpoint:
    return Endpoint("GET", f"tickets/{{number}}/{route}", of(path), without=200)


def verb(path: str, body: Any = None, status: str = TicketStatus.NEW, ok: int = 200) -> Endpoint:
    return Endpoint("POST", f"tickets/{{number}}/{path}", of(path, body, status), ok=ok)


def plain(path: str, body: Any = None) -> Prepare:
    return lambda actor: (path, body)


def without_customer(actor: User) -> tuple[str, Any]:
    ticket = make_ticket(actor, customer=None)
    said = {"email": "li@example.com", "name": "Li", "note": "signed the review"}
    return f"tickets/{ticket.number}/name-customer/", said


RULE, USUAL = "clock-rules/{code}/", "clock-rules/first-response-usual/"


def one_clock(actor: User) -> tuple[str, Any]:
    return f"clocks/{clock_of(make_ticket(actor), 'first_response').pk}/", None


def finding(verb_: str, body: Any = None) -> Prepare:
    return lambda actor: (f"findings/{make_finding(actor).pk}/{verb_}", body)


def with_message(verb_: str, body: Any = None, hidden: bool = False) -> Prepare:
    def prepare(actor: User) -> tuple[str, Any]:
        ticket = make_ticket(actor)
        message = conversation.reply(ticket.pk, actor=actor, body="We look into it.")
        if hidden:
            conversation.hide_message(message.pk, actor=actor, note="private number")
        return f"tickets/{ticket.number}/messages/{message.pk}/{verb_}/", body

    return prepare


def with_investigation(verb_: str, body: Any) -> Prepare:
    def prepare(actor: User) -> tuple[str, Any]:
        ticket = make_ticket(actor)
        found = make_investigation(ticket, actor)
        return f"tickets/{ticket.number}/investigations/{found.pk}/{verb_}/", body

    return prepare


def with_proposal(verb_: str, body: Any, accepted: bool = False) -> Prepare:
    def prepare(actor: User) -> tuple[str, Any]:
        ticket = make_ticket(actor)
        offer = make_proposal(ticket, actor)
        if accepted:
            proposals.accept_proposal(offer.pk, actor=actor)
        return f"tickets/{ticket.number}/proposals/{offer.pk}/{verb_}/", body

    return prepare


def with_follow_up(verb_: str, body: Any) -> Prepare:
    def prepare(actor: User) -> tuple[str, Any]:
        ticket = make_ticket(actor)
        planned = follow_ups.plan_follow_up(
            ticket.pk,
            actor=actor,
            kind="call_back",
            text="Call",
            due_at=now() + timedelta(days=1),
        )
        return f"tickets/{ticket.number}/follow-ups/{planned.pk}/{verb_}/", body

    return prepare


def with_file(actor: User) -> tuple[str, Any]:
    ticket = make_ticket(actor)
    kept = add_file(ticket.pk, NewFile("照片 1.txt", b"torn sleeve"), actor=actor)
    return f"tickets/{ticket.number}/attachments/{kept.pk}/", None


def upload(actor: User) -> tuple[str, Any]:
    file = io.BytesIO(b"a photo, in words")
    file.name = "photo.txt"
    return f"tickets/{make_ticket(actor).number}/attachments/", {"file": file}


def route_there(actor: User) -> tuple[str, Any]:
    warehouse = make_department("warehouse", kind="warehouse")
    Team(department=warehouse, code="floor", name="Floor", name_zh="仓").save()
    body = {"department": "warehouse", "team": "floor"}
    return f"tickets/{make_ticket(actor).number}/route/", body


def assign_me(actor: User) -> tuple[str, Any]:
    return f"tickets/{make_ticket(actor).number}/assign/", {"assignee": actor.username}


def apply_macro(actor: User) -> tuple[str, Any]:
    macro = Macro(name="Hurry", set_priority="high")
    macro.save()
    return f"tickets/{make_ticket(actor).number}/macros/{macro.pk}/apply/", None


def relayed(actor: User) -> tuple[str, Any]:
    """On a case that the shop's program recorded and the department works on."""
    ticket = make_ticket(User.objects.get(roles=[Role.SERVICE_ACCOUNT]))
    return f"tickets/{ticket.number}/customer-messages/", {"body": "The collar, too."}


def unwatch(actor: User) -> tuple[str, Any]:
    from tickets.services.handling import watch  # noqa: PLC0415 -- only here

    ticket = make_ticket(actor)
    watch(ticket.pk, actor=actor, user=actor)
    return f"tickets/{ticket.number}/unwatch/", {"user": actor.username}


def revoke(actor: User) -> tuple[str, Any]:
    ticket = make_ticket(actor)
    status_links.ensure_status_link(ticket, actor=actor)
    return f"tickets/{ticket.number}/status-link/revoke/", {"note": "sent to the wrong person"}


def two(path: str, body: Callable[[Ticket], Any]) -> Prepare:
    def prepare(actor: User) -> tuple[str, Any]:
        ticket = make_ticket(actor)
        other = make_ticket(actor, customer=ticket.customer)
        return f"tickets/{ticket.number}/{path}", body(other)

    return prepare


def unmerge(actor: User) -> tuple[str, Any]:
    ticket, other = make_ticket(actor), make_ticket(actor)
    joining.merge_tickets(ticket.pk, other.pk, actor=actor, is_sure=True)
    return f"tickets/{ticket.number}/unmerge/", {"note": "two problems"}


def two_messages(actor: User) -> tuple[Ticket, int]:
    ticket = make_ticket(actor)
    answer = conversation.reply(ticket.pk, actor=actor, body="And the other thing?")
    return ticket, answer.pk


def split(actor: User) -> tuple[str, Any]:
    ticket, message_id = two_messages(actor)
    body = {"messages": [message_id], "subject": "The other thing"}
    return f"tickets/{ticket.number}/split/", body


def unsplit(actor: User) -> tuple[str, Any]:
    ticket, message_id = two_messages(actor)
    part = joining.split_ticket(
        ticket.pk, actor=actor, message_ids=[message_id], subject="The other thing"
    )
    return f"tickets/{part.number}/unsplit/", {"note": "one problem after all"}


def unlink(actor: User) -> tuple[str, Any]:
    ticket, other = make_ticket(actor), make_ticket(actor)
    link = joining.link_tickets(ticket.pk, other.pk, actor=actor, kind="related")
    return f"tickets/{ticket.number}/links/{link.pk}/unlink/", None


def customer(path: str, body: Any = None) -> Prepare:
    return lambda actor: (f"customers/{make_customer(actor).pk}/{path}", body)


ADDRESS = {"channel": "email", "address": "new@example.com", "note": "said on the phone"}


def customer_by_mail(actor: User) -> tuple[str, Any]:
    return f"customers/?email={make_customer(actor).contact_points.get().address}", None


def one_order(actor: User) -> tuple[str, Any]:
    return f"orders/cn/{make_order().external_id}/", None


def push(actor: User) -> tuple[str, Any]:
    make_shop()
    return "orders/cn/NEW-1/", order_payload()


def push_batch(actor: User) -> tuple[str, Any]:
    make_shop()
    entry = {"source": "cn", "number": "NEW-2", "order": order_payload()}
    return "orders/batch/", {"orders": [entry]}


FINDING = {"findings": "Cut.", "root_cause": "Knife", "responsible_party": "warehouse"}
OFFER = {"remedy": "refund", "terms": "We refund it.", "amount": "9.90", "currency": "CNY"}
LATER = {"kind": "call_back", "text": "Call", "due_at": "2100-01-01T00:00:00Z"}
WHY = {"note": "the customer asked"}
TOOLS = "tickets/{number}/"
SHOP = {"right": "shop_system", "weak": "lead", "stranger": 403}

ENDPOINTS = [
    Endpoint(
        "POST",
        "auth/token/",
        lambda actor: (
            "auth/token/",
            {"username": actor.username, "password": "correct horse battery"},
        ),
        ok=201,
        stranger=201,
        without=201,
        anonymous=201,
    ),
    Endpoint("POST", "auth/logout/", plain("auth/logout/"), 204, 204, 204),
    Endpoint("GET", "me/", plain("me/"), stranger=200, without=200),
    Endpoint("GET", "schema/", plain("schema/"), stranger=200, without=200),
    Endpoint("GET", "docs/", plain("docs/"), stranger=200, without=200),
    Endpoint("GET", "tickets/", plain("tickets/"), stranger=200, without=200),
    Endpoint("POST", "tickets/", plain("tickets/", {"body": "It is torn."}), 201, stranger=201),
    Endpoint("GET", "macros/", plain("macros/"), stranger=200, without=200),
    read("", ""),
    *(
        read(f"{part}/", f"{part}/")
        for part in (
            "steps",
            "gates",
            "events",
            "messages",
            "attachments",
            "investigations",
            "proposals",
            "follow-ups",
            "links",
        )
    ),
    Endpoint("POST", TOOLS + "customer-messages/", relayed, 201, right="shop_system", weak="lead"),
    Endpoint("GET", TOOLS + "attachments/{attachment_id}/", with_file, without=200),
    Endpoint("POST", TOOLS + "attachments/", upload, 201),
    Endpoint("POST", TOOLS + "messages/{message_id}/undo/", with_message("undo"), right="lead"),
    Endpoint("POST", TOOLS + "messages/{message_id}/hide/", with_message("hide", WHY)),
    Endpoint("POST", TOOLS + "messages/{message_id}/show/", with_message("show", WHY, True)),
    verb("reply/", {"body": "We look into it.", "then": "pending"}, ok=201),
    verb("note/", {"body": "Seen before."}, ok=201),
    verb("acknowledge/"),
    verb("assess/", {"severity": "critical", "complexity": "simple"}),
    verb("details/", {"root_cause": "Knife", "responsible_party": "warehouse"}),
    Endpoint("POST", TOOLS + "name-customer/", without_customer),
    Endpoint("POST", TOOLS + "route/", route_there),
    Endpoint("POST", TOOLS + "assign/", assign_me),
    verb("wait/", {"status": "on_hold", "note": "carrier"}),
    verb("resume/"),
    verb("result/", {"body": "You get a new one."}, ok=201),
    Endpoint("POST", TOOLS + "resolve/", lambda actor: (told(actor), None)),
    verb("reopen/", WHY, TicketStatus.RESOLVED),
    Endpoint("POST", TOOLS + "close/", lambda actor: closable(actor)),
    verb("cancel/", WHY),
    verb("urge/"),
    verb("learn/", {"lesson": "Other knives."}),
    verb("rate/", {"score": 5, "comment": "Fine"}, TicketStatus.RESOLVED),
    verb("watch/"),
    Endpoint("POST", TOOLS + "unwatch/", unwatch),
    Endpoint("POST", TOOLS + "macros/{macro_id}/apply/", apply_macro),
    verb("status-link/"),
    Endpoint("POST", TOOLS + "status-link/revoke/", revoke),
    verb("investigations/", {"question": "Who cut it?"}, ok=201),
    Endpoint(
        "POST",
        TOOLS + "investigations/{investigation_id}/evidence/",
        with_investigation("evidence", {"kind": "statement", "text": "I saw it."}),
        201,
    ),
    Endpoint(
        "POST",
        TOOLS + "investigations/{investigation_id}/conclude/",
        with_investigation("conclude", FINDING),
    ),
    Endpoint(
        "POST",
        TOOLS + "investigations/{investigation_id}/drop/",
        with_investigation("drop", WHY),
    ),
    verb("propose/", OFFER, ok=201),
    Endpoint("POST", TOOLS + "proposals/{proposal_id}/accept/", with_proposal("accept", WHY)),
    Endpoint("POST", TOOLS + "proposals/{proposal_id}/decline/", with_proposal("decline", WHY)),
    Endpoint("POST", TOOLS + "proposals/{proposal_id}/withdraw/", with_proposal("withdraw", WHY)),
    Endpoint(
        "POST",
        TOOLS + "proposals/{proposal_id}/carry-out/",
        with_proposal("carry-out", WHY, accepted=True),
    ),
    verb("follow-ups/", LATER, ok=201),
    Endpoint(
        "POST",
        TOOLS + "follow-ups/{follow_up_id}/complete/",
        with_follow_up("complete", {"outcome": "Reached, glad."}),
    ),
    Endpoint("POST", TOOLS + "follow-ups/{follow_up_id}/cancel/", with_follow_up("cancel", WHY)),
    Endpoint("POST", TOOLS + "links/{link_id}/unlink/", unlink),
    Endpoint(
        "POST",
        TOOLS + "link/",
        two("link/", lambda other: {"target": other.number, "kind": "related"}),
        201,
    ),
    Endpoint("POST", TOOLS + "merge/", two("merge/", lambda other: {"into": other.number})),
    Endpoint("POST", TOOLS + "unmerge/", unmerge),
    Endpoint("POST", TOOLS + "split/", split, 201),
    Endpoint("POST", TOOLS + "unsplit/", unsplit),
    Endpoint("GET", "customers/", customer_by_mail, stranger=200, without=200),
    Endpoint("GET", "customers/{customer_id}/", customer(""), stranger=200, without=200),
    Endpoint(
        "POST",
        "customers/{customer_id}/disclose/",
        customer("disclose/", {"note": "caller asks for it"}),
        stranger=200,
    ),
    Endpoint(
        "POST",
        "customers/{customer_id}/contact-points/",
        customer("contact-points/", ADDRESS),
        409,  # the lead elsewhere was first
        stranger=201,
    ),
    Endpoint("GET", "orders/", plain("orders/"), stranger=200, without=200),
    Endpoint("GET", "orders/{source}/{external_id}/", one_order, stranger=200, without=200),
    Endpoint("PUT", "orders/{source}/{external_id}/", push, 201, **SHOP),
    Endpoint("POST", "orders/batch/", push_batch, **SHOP),
    Endpoint("GET", "events/", plain("events/"), stranger=403, right="auditor", weak="lead"),
    Endpoint("GET", "findings/", plain("findings/"), stranger=200, weak="shop_system"),
    Endpoint("GET", "findings/{finding_id}/", finding(""), weak="shop_system"),
    Endpoint("POST", "findings/{finding_id}/take/", finding("take/", {})),
    Endpoint("POST", "findings/{finding_id}/resolve/", finding("resolve/", {"note": "put right"})),
    Endpoint(
        "POST", "findings/{finding_id}/accept-risk/", finding("accept-risk/", {"note": "accepted"})
    ),
    Endpoint("GET", TOOLS + "clocks/", of("clocks/"), without=200),
    Endpoint("GET", "clocks/", plain("clocks/"), stranger=200, without=200),
    Endpoint("GET", "clocks/{clock_id}/", one_clock, without=200),
    Endpoint("GET", "clock-rules/", plain("clock-rules/"), stranger=200, weak="shop_system"),
    Endpoint("GET", RULE, plain(USUAL), stranger=200, weak="shop_system"),
    # Rules belong to no department: the other lead has made the change before.
    Endpoint(
        "POST",
        RULE + "revise/",
        plain(USUAL + "revise/", {"amount": 90, "note": "Faster from now on"}),
        ok=422,
        stranger=200,
    ),
    Endpoint("POST", RULE + "preview/", plain(USUAL + "preview/", {"amount": 90}), stranger=200),
    Endpoint("GET", "calendars/", plain("calendars/"), stranger=200, weak="shop_system"),
    Endpoint(
        "GET",
        "calendars/{code}/days/",
        plain("calendars/office-cn/days/?year=2026"),
        stranger=200,
        weak="shop_system",
    ),
    *(
        Endpoint("GET", route, prepare, stranger=stranger, without=without)
        for route, prepare, stranger, without in goods_endpoints.READS
    ),
    *(
        Endpoint("POST", route, prepare, ok, right=right)
        for route, prepare, ok, right in goods_endpoints.VERBS
    ),
    # Without the carrier's signature nobody gets in; with it see tests/returns/goods.
    Endpoint(
        "POST",
        "carriers/{code}/notify/",
        plain("carriers/sandbox/notify/"),
        403,
        403,
        403,
        anonymous=403,
    ),
]


def told(actor: User) -> str:
    """A case whose result was told but which is not resolved yet."""
    from tickets.services.outcome import tell_result  # noqa: PLC0415 -- only here

    ticket = make_ticket(actor)
    tell_result(ticket.pk, actor=actor, body="You get a new one.", resolve=False)
    return f"tickets/{ticket.number}/resolve/"


def closable(actor: User) -> tuple[str, Any]:
    from tests.factories.tickets import deliver_mails  # noqa: PLC0415 -- only here

    ticket = make_ticket_in(TicketStatus.RESOLVED, actor)
    deliver_mails(ticket)
    return f"tickets/{ticket.number}/close/", None
