"""What every address of a case shares: finding it, and the shape of a verb."""

from __future__ import annotations

from typing import Any, ClassVar, Final, cast

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from aftersales.kernel.api import DeskList, DeskView, NoInput
from aftersales.kernel.prepared import plain_rows, prepared
from compliance.api.once import create_once, respond
from compliance.idempotency import Answer
from staff.models import User
from tickets.api.serializers import TicketDetail
from tickets.models import Ticket
from tickets.querysets import is_key_seen

SHOWN = ("category", "department", "team", "assignee", "customer", "order__shop", "shop")
HELD_BY: Final = (
    "SELECT id, department_id, assignee_id, created_by_id FROM tickets_ticket WHERE number = %s"
)


def actor_of(request: Request) -> User:
    return cast(User, request.user)


def ticket_id_of(number: str, actor: User) -> int:
    """The key of a case the caller may see; raises ``Ticket.DoesNotExist``."""
    for key, *held_by in plain_rows(HELD_BY, [number]):
        if is_key_seen(actor, key, *held_by):
            return int(key)
    raise Ticket.DoesNotExist


def shown(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """With what the representation of a case reads."""
    return rows.select_related(*SHOWN)


class TicketVerb(DeskView):
    """One verb of a case. ``is_creation`` answers 201 and honours ``Idempotency-Key``."""

    input_class: ClassVar[type[BaseSerializer[Any]]] = NoInput
    output_class: ClassVar[type[BaseSerializer[Any]]] = TicketDetail
    is_creation: ClassVar[bool] = False

    @prepared()
    def post(self, request: Request, number: str, **ids: int) -> Response:
        ticket_id = ticket_id_of(number, actor_of(request))
        given = self.input_class(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)

        def perform() -> Answer:
            result = self.act(ticket_id, actor_of(request), **given.validated_data, **ids)
            return Answer(201 if self.is_creation else 200, self.render(ticket_id, result))

        return create_once(request, perform) if self.is_creation else respond(perform())

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        """Call the one service."""
        raise NotImplementedError

    def render(self, ticket_id: int, result: Any) -> Any:
        """What the verb made, or the case as it stands now."""
        if self.output_class is TicketDetail:
            result = shown(Ticket.objects.select_related("created_by")).get(pk=ticket_id)
        return self.output_class(result, context={"request": self.request}).data


class TicketPart(DeskList):
    """A list of what hangs on one case."""

    def get_queryset(self) -> QuerySet[Any]:
        actor = actor_of(self.request)
        if getattr(self, "swagger_fake_view", False):
            return self.rows(0, actor)
        return self.rows(ticket_id_of(self.kwargs["number"], actor), actor)

    def rows(self, ticket_id: int, actor: User) -> QuerySet[Any]:
        raise NotImplementedError
