"""What the customer may see of a case, in the customer's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from customers.queries import family_of, is_same_person
from tickets.choices import LinkKind, MessageKind
from tickets.models import Attachment, Message, Ticket, TicketLink
from tickets.statuses import TicketStatus
from tickets.steps import Step, loop_of

# Routing is our own business, and the rating has a card of its own.
WORDS = {
    Step.ACKNOWLEDGED: _("Received"),
    Step.ASSESSED: _("Looked at"),
    Step.INVESTIGATED: _("Checked what happened"),
    Step.PROPOSED: _("Solution proposed"),
    Step.ACCEPTED: _("You agreed"),
    Step.CARRIED_OUT: _("Carried out"),
    Step.RESULT_TOLD: _("Settled"),
}
AHEAD = {
    Step.ASSESSED: _("We take a look"),
    Step.INVESTIGATED: _("We check what happened"),
    Step.PROPOSED: _("We propose a solution"),
    Step.ACCEPTED: _("Your answer"),
    Step.CARRIED_OUT: _("We carry it out"),
    Step.RESULT_TOLD: _("Result"),
}


@dataclass(frozen=True, slots=True)
class CustomerStep:
    """One step on the way; ``state`` is done, current or open."""

    label: str
    state: str
    at: datetime | None


def customer_steps(ticket: Ticket) -> list[CustomerStep]:
    """The way of this case: what happened, and what is still to come.

    A step that was passed over is left out: nobody reads “You agreed” who did not.
    """
    times = {step: getattr(ticket, f"{step.value}_at") for step in WORDS}
    times[Step.ACKNOWLEDGED] = ticket.received_at
    done = [step for step in WORDS if times[step]]
    ahead = [*WORDS][[*WORDS].index(done[-1]) + 1 :]
    ahead = [step for step in ahead if step in loop_of(ticket)]
    steps = [CustomerStep(str(WORDS[step]), "done", times[step]) for step in done]
    for step in ahead:
        is_current = step == ahead[0] and not ticket.is_finished
        steps.append(CustomerStep(str(AHEAD[step]), "current" if is_current else "open", None))
    return steps


def shown_messages(ticket: Ticket) -> QuerySet[Message]:
    """What was said between customer and desk and has taken effect; never notes."""
    return ticket.messages.filter(
        kind__in=[MessageKind.INBOUND, MessageKind.OUTBOUND],
        hidden_at=None,
        undone_at=None,
        effective_at__lte=now(),
    )


def shown_files(ticket: Ticket) -> QuerySet[Attachment]:
    """Files of shown messages and of the case itself, unless internal."""
    return ticket.attachments.filter(is_internal=False).filter(
        Q(message=None) | Q(message__in=shown_messages(ticket))
    )


def standing_case(ticket: Ticket) -> Ticket:
    """The case that carries on one that ended in it, as long as it is the same customer's."""
    for _step in range(10):
        links = TicketLink.objects.leading_on().filter(ticket=ticket)
        link = links.select_related("target").first()
        if link is None or not is_same_person(link.target.customer_id, ticket.customer_id):
            break
        ticket = link.target
    return ticket


def successor_of(ticket: Ticket) -> Ticket | None:
    """The newest case of the same customer that continues a finished one."""
    over = (TicketStatus.CLOSED, TicketStatus.CANCELED, TicketStatus.RESOLVED)
    if ticket.status not in over or ticket.customer_id is None:
        return None
    link = (
        ticket.links_in.filter(
            kind=LinkKind.CONTINUES,
            canceled_at=None,
            ticket__customer__in=family_of(ticket.customer_id),
        )
        .select_related("ticket")
        .order_by("-id")
        .first()
    )
    return link.ticket if link else None
