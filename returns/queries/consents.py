"""What on a case can show that the customer agreed to something."""

from __future__ import annotations

from django.db.models import QuerySet

from aftersales.kernel.context import Source
from tickets.choices import MessageKind
from tickets.models import Message, Proposal
from tickets.statuses import ProposalStatus


def words_of_customer(ticket_id: int | None) -> QuerySet[Message]:
    """Messages from the customer that anybody may still read, the newest first."""
    rows = Message.objects.filter(ticket=ticket_id, kind=MessageKind.INBOUND, hidden_at=None)
    return rows.exclude(is_automatic=True).order_by("-created_at", "-id")


def accepted_proposals(ticket_id: int | None) -> QuerySet[Proposal]:
    """Proposals the customer accepted on the status page, not through an agent's words."""
    agreed = [ProposalStatus.ACCEPTED, ProposalStatus.CARRIED_OUT]
    rows = Proposal.objects.filter(ticket=ticket_id, status__in=agreed)
    return rows.filter(answered_via=Source.PORTAL).order_by("-id")
