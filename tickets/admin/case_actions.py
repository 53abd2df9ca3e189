"""What a verb of the case page is, and the calls behind those that need more than one line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext

from aftersales.kernel.errors import Text
from customers.models import ContactPoint
from customers.policies import can_identify_customers
from customers.services import add_contact_point
from staff.models import User
from tickets import forms, policies
from tickets.models import Macro, Message, OutboundMail, Proposal, Ticket
from tickets.queries.calling import called_in
from tickets.queries.tools import steps_of
from tickets.replies import render_reply
from tickets.services import (
    conversation,
    files,
    handling,
    macros,
    naming,
    outbox,
    outcome,
    proposals,
)
from tickets.services.recording import Caller
from tickets.statuses import TicketStatus

WORKING = ("new", "open", "pending", "on_hold")
BEFORE_CLOSED = (*WORKING, "resolved")


@dataclass(frozen=True, slots=True)
class Act:
    """A form filled in: who does what to which case, and to which of its rows."""

    ticket: Ticket
    actor: User
    data: dict[str, Any]
    target: int = 0


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing to do to a case. ``statuses`` is when the button shows; the service decides.

    ``intro`` is a partial above the fields; ``leads_to`` says where to go but to the case. One that
    ``tells`` the customer something does so by mail; ``doubt`` says what of it had no effect.
    """

    code: str
    label: Text
    may: Callable[[User, Ticket], bool]
    run: Callable[[Act], object]
    done: Text | Callable[[Act], str]
    form: type[forms.VerbForm] = forms.RemarkForm
    statuses: tuple[str, ...] = tuple(TicketStatus.values)
    model: type[models.Model] | None = None
    tab: str = ""
    is_direct: bool = False
    is_dangerous: bool = False
    tells: bool = False
    hint: Text = ""
    intro: str = ""
    leads_to: Callable[[Act, object], str] | None = None
    doubt: Callable[[Act], str] | None = None


def note_of(act: Act) -> str:
    return str(act.data.get("note", ""))


def reply(act: Act) -> Message:
    """Answer and its files: all or nothing (the view holds the transaction)."""
    message = conversation.reply(
        act.ticket.pk,
        actor=act.actor,
        body=act.data["body"],
        then=TicketStatus(act.data["then"]) if act.data["then"] else None,
        seen_message_id=act.data["seen"],
    )
    keep_files(act, message=message)
    return message


def write_note(act: Act) -> Message:
    message = conversation.note(act.ticket.pk, actor=act.actor, body=act.data["body"])
    keep_files(act, message=message, is_internal=True)
    return message


def not_called(act: Act) -> str:
    """Names in a note that nobody has: their bearers will not hear of it."""
    names = called_in(act.data["body"]).unknown
    if not names:
        return ""
    said = ", ".join(f"@{name}" for name in names[:5])
    return gettext("Nobody here is called %(names)s; nobody was told.") % {"names": said}


def keep_files(act: Act, *, message: Message | None = None, is_internal: bool = False) -> None:
    for new in act.data["files"]:
        files.add_file(
            act.ticket.pk, new, actor=act.actor, message=message, is_internal=is_internal
        )


def tell_result(act: Act) -> Message:
    message = outcome.tell_result(
        act.ticket.pk, actor=act.actor, body=act.data["body"], resolve=act.data["resolve"]
    )
    conversation.discard_draft(act.ticket, "result", actor=act.actor)
    return message


def propose(act: Act) -> Proposal:
    offer = proposals.Offer(
        remedy=act.data["remedy"],
        terms=act.data["terms"],
        amount=act.data["amount"] or None,
        currency=act.data["currency"] if act.data["amount"] else "",
        is_sure=act.data["is_sure"],
    )
    proposal = proposals.propose(act.ticket.pk, offer, actor=act.actor)
    conversation.discard_draft(act.ticket, "proposal", actor=act.actor)
    return proposal


def assess(act: Act) -> Ticket:
    assessment = handling.Assessment(**act.data["touched"])
    return handling.assess(
        act.ticket.pk, assessment, actor=act.actor, note=note_of(act), seen=act.data["seen"]
    )


def change_details(act: Act) -> Ticket:
    details = handling.Details(**act.data["touched"])
    return handling.change_details(
        act.ticket.pk, details, actor=act.actor, note=note_of(act), seen=act.data["seen"]
    )


def name_customer(act: Act) -> Ticket:
    """By an address, or by an order that is then the one of the case."""
    if order := act.data["order"]:
        return handling.change_details(
            act.ticket.pk, handling.Details(order=order), actor=act.actor, note=note_of(act)
        )
    kind = "email" if "@" in act.data["caller"] else "phone"
    caller = Caller(**{kind: act.data["caller"]}, name=act.data["name"])
    return naming.name_customer(act.ticket.pk, caller, actor=act.actor, note=note_of(act))


def add_address(act: Act) -> ContactPoint:
    """Noted with the customer, told on the case."""
    customer = act.ticket.customer_id or 0
    return add_contact_point(customer, **act.data, actor=act.actor, case=act.ticket)


def can_add_address(actor: User, ticket: Ticket) -> bool:
    return ticket.customer_id is not None and can_identify_customers(actor)


def mail_again(act: Act) -> OutboundMail:
    point = act.data["point"]
    address = point.address if point else ""
    return outbox.retry_mail(act.target, actor=act.actor, note=note_of(act), address=address)


def can_retry_mail(actor: User, ticket: Ticket) -> bool:
    return policies.can_retry_mail(actor)


def can_name_customer(actor: User, ticket: Ticket) -> bool:
    return ticket.customer_id is None and policies.can_name_customer(actor, ticket)


def waiting(status: TicketStatus) -> Callable[[Act], Ticket]:
    return lambda act: handling.wait(
        act.ticket.pk, actor=act.actor, status=status, note=note_of(act)
    )


def on_case(service: Callable[..., object]) -> Callable[[Act], object]:
    """A verb of the case that says a reason or remark and nothing else."""
    return lambda act: service(act.ticket.pk, actor=act.actor, note=note_of(act))


def on_row(service: Callable[..., object]) -> Callable[[Act], object]:
    """The same of one of its rows."""
    return lambda act: service(act.target, actor=act.actor, note=note_of(act))


def into_draft(act: Act, text: str) -> None:
    """Put prepared words below what is typed already, for the agent to look at and send."""
    if text:
        conversation.put_into_draft(act.ticket.pk, text, actor=act.actor)


def apply_macro(act: Act) -> macros.Prepared:
    prepared = macros.apply_macro(act.ticket.pk, act.data["tool"].pk, actor=act.actor)
    into_draft(act, prepared.reply)
    return prepared


def what_macro_did(act: Act) -> str:
    """An answer waits for its author's look; without one, what the macro is for."""
    macro: Macro = act.data["tool"]
    if macro.reply is not None and render_reply(macro.reply, act.ticket, act.actor).strip():
        return gettext("Macro applied; look at the answer before you send it.")
    done = steps_of(macro)
    if not done:
        return gettext("Macro applied.")
    return gettext("Macro applied: %(steps)s.") % {"steps": gettext("; ").join(done)}


def insert_reply(act: Act) -> None:
    into_draft(act, render_reply(act.data["tool"], act.ticket, act.actor))


def can_take(actor: User, ticket: Ticket) -> bool:
    return ticket.assignee_id is None and _may_have(actor, ticket)


def can_take_over(actor: User, ticket: Ticket) -> bool:
    return ticket.assignee_id not in (None, actor.pk) and _may_have(actor, ticket)


def _may_have(actor: User, ticket: Ticket) -> bool:
    mine = actor.department_id == ticket.department_id
    return mine and policies.can_assign(actor, ticket, actor)


def can_drop(actor: User, ticket: Ticket) -> bool:
    return ticket.assignee_id == actor.pk and policies.can_assign(actor, ticket, None)


def can_hand_out(actor: User, ticket: Ticket) -> bool:
    return policies.may(actor, "assign")


def can_hide(actor: User, ticket: Ticket) -> bool:
    return policies.can_hide(actor, Message(ticket=ticket))


def can_write(actor: User, ticket: Ticket) -> bool:
    """Undo asks who wrote it, once the message is at hand."""
    return policies.can_reply(actor, ticket)
