"""Merge, split and link."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from staff.models import User
from tickets.api import inputs
from tickets.api.serializers import LinkOutput, TicketDetail
from tickets.api.views.base import TicketPart, TicketVerb, shown
from tickets.models import Ticket, TicketLink
from tickets.services import joining


class LinkListView(TicketPart):
    """Cases that belong to this one; only those the caller sees."""

    serializer_class = LinkOutput

    def rows(self, ticket_id: int, actor: User) -> QuerySet[TicketLink]:
        visible = Ticket.objects.visible_to(actor).values("pk")
        return TicketLink.objects.filter(
            Q(ticket=ticket_id, target__in=visible) | Q(target=ticket_id, ticket__in=visible),
            canceled_at=None,
        ).select_related("ticket", "target")


class MergeView(TicketVerb):
    """Join the case to another."""

    input_class = inputs.MergeInput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        target = given.pop("into")
        return joining.merge_tickets(ticket_id, target.pk, actor=actor, **given)


class UnmergeView(TicketVerb):
    """Undo a merge."""

    input_class = inputs.ReasonInput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return joining.unmerge_ticket(ticket_id, actor=actor, **given)


class SplitView(TicketVerb):
    """Move messages to a case of their own; answers with the new case."""

    input_class = inputs.SplitInput
    is_creation = True

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        ids = given.pop("messages")
        return joining.split_ticket(ticket_id, actor=actor, message_ids=ids, **given)

    def render(self, ticket_id: int, result: Any) -> Any:
        part = shown(Ticket.objects.select_related("created_by")).get(pk=result.pk)
        return TicketDetail(part).data


class UnsplitView(TicketVerb):
    """Undo the split that made this case."""

    input_class = inputs.ReasonInput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return joining.unsplit_ticket(ticket_id, actor=actor, **given)


class LinkView(TicketVerb):
    """Say that two cases belong together."""

    input_class = inputs.LinkInput
    output_class = LinkOutput
    is_creation = True

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        target = given.pop("target")
        return joining.link_tickets(ticket_id, target.pk, actor=actor, **given)


class UnlinkView(TicketVerb):
    """Take a link off."""

    input_class = inputs.NoteInput
    output_class = LinkOutput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        either = Q(ticket=ticket_id) | Q(target=ticket_id)
        link = TicketLink.objects.filter(either).get(pk=given.pop("link_id"))
        return joining.unlink_tickets(link.pk, actor=actor, **given)
