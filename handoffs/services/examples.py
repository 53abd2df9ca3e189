"""Closed cases shown to colleagues: proposed, looked at by a lead, shared, withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.refs import in_each_language
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.models import AuditEvent
from compliance.services import record
from handoffs.masking import mask_text
from handoffs.models import CaseExample
from handoffs.policies import can_approve_example, can_propose_example, can_withdraw_example
from handoffs.statuses import ExampleStatus
from staff.models import User
from tickets.choices import MessageKind
from tickets.models import Ticket
from tickets.services.shared import lock_ticket, require_text
from tickets.statuses import TicketStatus

LONGEST_BODY = 20_000
SPEAKERS = {
    MessageKind.INBOUND: _("Customer"),
    MessageKind.OUTBOUND: pgettext_lazy("speaker", "Desk"),
}
CAUSE = _("Root cause")
HIDDEN = _("A message of the case was hidden.")


@service
def propose_example(ticket_id: int, *, actor: User, title: str, lesson: str) -> CaseExample:
    """Copy a closed case, masked, for colleagues to learn from; a lead decides.

    Raises ``RuleViolated`` for a case that is not closed, ``InvalidTransition`` if it is proposed
    or shared already.
    """
    ticket = lock_ticket(ticket_id, actor)
    require(can_propose_example(actor, ticket))
    if ticket.status != TicketStatus.CLOSED:
        raise RuleViolated("not_closed", _("Only a closed case can be an example."))
    if ticket.examples.exclude(status=ExampleStatus.WITHDRAWN).exists():
        raise InvalidTransition(_("This case is an example already."))
    known = list(personal_values(ticket))
    example = CaseExample(
        ticket=ticket,
        title=mask_text(require_text(title, "title", most=200), known),
        lesson=mask_text(require_text(lesson, "lesson", most=1000), known),
        body=masked_case(ticket, known),
        kind=ticket.kind,
        category=ticket.category,
        proposed_by=actor,
        proposed_at=now(),
    )
    example.save(force_insert=True)
    record("handoffs.example_proposed", example, actor=actor, case=ticket)
    return example


def personal_values(ticket: Ticket) -> Iterator[tuple[str, str]]:
    """What the records know of the people behind a case, each with the word that replaces it."""
    yield ticket.number, "case"
    if customer := ticket.customer:
        yield customer.name, "name"
        # Parts of a name written in letters are said alone; a Chinese surname is a common word.
        yield from ((part, "name") for part in customer.name.split() if len(part) > 2)
        for address in customer.contact_points.values_list("address", flat=True):
            yield address, "contact"
    if order := ticket.order:
        yield order.external_id, "order"
        yield order.recipient, "name"
        yield order.recipient_phone, "phone"
        yield order.address, "address"
        for number in order.shipments.values_list("tracking_number", flat=True):
            yield number, "tracking"
    names = ticket.messages.exclude(author_name="").values_list("author_name", flat=True)
    yield from ((name, "name") for name in names.distinct().order_by("author_name"))


def masked_case(ticket: Ticket, known: list[tuple[str, str]]) -> str:
    """The conversation in order, who speaks as a role; recalled and hidden words left out."""
    speakers = {kind: in_each_language(words.__str__) for kind, words in SPEAKERS.items()}
    said = ticket.messages.filter(kind__in=speakers, undone_at=None, hidden_at=None).order_by("id")
    lines = [ticket.subject, ""]
    for message in said:
        lines += [f"{speakers[MessageKind(message.kind)]}:", message.body, ""]
    if ticket.root_cause:
        lines.append(f"{in_each_language(CAUSE.__str__)}: {ticket.root_cause}")
    return mask_text("\n".join(lines).strip(), known)[:LONGEST_BODY]


@service
def approve_example(example_id: int, *, actor: User, note: str = "") -> CaseExample:
    """Let colleagues see it; whoever proposed it cannot."""
    example = CaseExample.objects.visible_to(actor).locked().get(pk=example_id)
    require(can_approve_example(actor, example))
    move(example, ExampleStatus.APPROVED)
    example.approved_by, example.approved_at = actor, now()
    example.save(update_fields=["status", "approved_by", "approved_at"])
    record("handoffs.example_approved", example, actor=actor, case=example.ticket, note=note)
    return example


@service
def withdraw_example(example_id: int, *, actor: User, note: str) -> CaseExample:
    """Take it out of sight, with a reason; its author may take back a proposal."""
    example = CaseExample.objects.visible_to(actor).locked().get(pk=example_id)
    require(can_withdraw_example(actor, example))
    _withdraw(example, actor, require_text(note, "note", least=4, most=500))
    return example


def _withdraw(example: CaseExample, actor: User, reason: str) -> None:
    move(example, ExampleStatus.WITHDRAWN)
    example.withdrawn_by, example.withdrawn_at = actor, now()
    example.save(update_fields=["status", "withdrawn_by", "withdrawn_at"])
    record("handoffs.example_withdrawn", example, actor=actor, case=example.ticket, note=reason)


def hear(event: AuditEvent, subject: Any, case: Any) -> None:
    """Words were hidden: an example of that case may repeat them, so it is out of sight as well.

    Runs in the transaction that hid them, which holds the case's lock.
    """
    if event.code != "tickets.message_hidden":
        return
    for example in CaseExample.objects.locked().filter(ticket=case).order_by("pk"):
        if example.status != ExampleStatus.WITHDRAWN:
            actor = User.objects.get(pk=event.actor_id)
            _withdraw(example, actor, in_each_language(HIDDEN.__str__))
