"""Cases made the way the product makes them: through its services."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from aftersales.kernel.clock import now
from customers.models import Customer
from customers.services import identify_customer
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_user
from tickets.models import FollowUp, Investigation, Proposal, Ticket
from tickets.services import follow_ups, handling, investigation, outcome, proposals
from tickets.services.opening import NewCase, open_ticket
from tickets.services.proposals import Offer
from tickets.statuses import TicketStatus

_serial = count(1)


def make_customer(actor: User | None = None, **overrides: Any) -> Customer:
    """A customer with a mail address of its own."""
    number = next(_serial)
    return identify_customer(
        "email",
        overrides.pop("email", f"customer{number}@example.com"),
        actor=actor or make_user(),
        name=overrides.pop("name", f"Customer {number}"),
        **overrides,
    )


def make_ticket(actor: User | None = None, **overrides: Any) -> Ticket:
    """A new complaint taken on the phone, in English."""
    actor = actor or make_user()
    values: dict[str, Any] = {
        "subject": "Jacket arrived torn",
        "body": "The left sleeve of the jacket is torn.",
        "channel": "phone",
        "kind": "complaint",
        "language": "en",
    } | overrides
    if "customer" not in values:
        values["customer"] = make_customer(actor)
    return open_ticket(NewCase(**values), actor=actor)


def make_investigation(ticket: Ticket, actor: User) -> Investigation:
    return investigation.open_investigation(ticket.pk, actor=actor, question="Why is it torn?")


def make_proposal(ticket: Ticket, actor: User) -> Proposal:
    offer = Offer(remedy="refund", terms="We refund the jacket.", amount="99.00", currency="CNY")
    return proposals.propose(ticket.pk, offer, actor=actor)


def make_ticket_in(status: str, actor: User | None = None, **overrides: Any) -> Ticket:
    """A case brought to a status by its own verbs."""
    actor = actor or make_user(Role.LEAD)
    ticket = make_ticket(actor, **overrides)
    match status:
        case TicketStatus.OPEN:
            handling.resume(ticket.pk, actor=actor)
        case TicketStatus.PENDING | TicketStatus.ON_HOLD:
            handling.wait(ticket.pk, actor=actor, status=TicketStatus(status), note="carrier")
        case TicketStatus.RESOLVED | TicketStatus.CLOSED:
            found = make_investigation(ticket, actor)
            investigation.conclude_investigation(
                found.pk,
                actor=actor,
                findings="Torn while packing.",
                root_cause="Packing knife",
                responsible_party="warehouse",
            )
            outcome.tell_result(ticket.pk, actor=actor, body="We send a new jacket.")
            if status == TicketStatus.CLOSED:
                deliver_mails(ticket)
                outcome.close_ticket(ticket.pk, actor=actor)
        case TicketStatus.CANCELED:
            outcome.cancel_ticket(ticket.pk, actor=actor, note="taken twice")
    ticket.refresh_from_db()
    return ticket


def deliver_mails(ticket: Ticket) -> None:
    """Let every queued mail of the case leave, as the job would."""
    from tickets.jobs import send_mail  # noqa: PLC0415 -- jobs import Django's mail machinery

    for pk in ticket.mails.filter(status="queued").values_list("pk", flat=True):
        send_mail(pk)


def make_follow_up(ticket: Ticket, actor: User, **overrides: Any) -> FollowUp:
    """A call back promised for tomorrow."""
    values = {"kind": "call_back", "text": "Call", "due_at": now() + timedelta(days=1)} | overrides
    return follow_ups.plan_follow_up(ticket.pk, actor=actor, **values)
