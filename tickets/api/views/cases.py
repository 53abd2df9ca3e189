"""Cases: the list, one case, recording one."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.kernel.api import DeskList, DeskView
from compliance.api.once import create_once
from compliance.idempotency import Answer
from compliance.models import AuditEvent
from staff.models import User
from tickets import gates, steps
from tickets.api.inputs import TicketInput
from tickets.api.serializers import (
    EventOutput,
    GateOutput,
    MacroOutput,
    StepOutput,
    TicketDetail,
    TicketSummary,
)
from tickets.api.views.base import TicketPart, actor_of, shown
from tickets.filters import TicketFilter
from tickets.models import Macro, Ticket
from tickets.services.opening import NewCase
from tickets.services.recording import Caller, OrderKey, record_feedback


class TicketListView(DeskList):
    """Cases the caller may see, the last active first; by due date only those with a promise.

    Recording a case with an `external_id` used before answers 200 with the case of then, unchanged.
    """

    serializer_class = TicketSummary
    input_class = TicketInput
    output_class = TicketDetail
    is_creation = True
    other_codes = (200,)
    filterset_class = TicketFilter
    orderings = {
        "-updated_at": ("-updated_at", "-id"),
        "updated_at": ("updated_at", "id"),
        "-received_at": ("-received_at", "-id"),
        "received_at": ("received_at", "id"),
        "due_at": ("due_at", "id"),
    }

    def get_queryset(self) -> QuerySet[Ticket]:
        rows = shown(Ticket.objects.visible_to(actor_of(self.request)))
        if self.request.query_params.get("ordering") == "due_at":
            rows = rows.filter(due_at__isnull=False)
        return rows

    def post(self, request: Request) -> Response:
        """Record a case with the customer's first words."""
        given = TicketInput(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        return create_once(request, lambda: self.record(given.validated_data))

    def record(self, given: dict[str, Any]) -> Answer:
        caller, order = given.pop("customer", None), given.pop("order", None)
        case = NewCase(**given | {"tags": tuple(given.get("tags", ()))})
        ticket, is_new = record_feedback(
            case,
            actor=actor_of(self.request),
            raw=json.dumps(self.request.data, ensure_ascii=False, default=str).encode(),
            caller=Caller(**caller) if caller else None,
            order=OrderKey(**order) if order else None,
        )
        return Answer(201 if is_new else 200, TicketDetail(ticket).data)


class TicketView(DeskView):
    """One case in full."""

    output_class = TicketDetail

    def get(self, request: Request, number: str) -> Response:
        rows = shown(Ticket.objects.visible_to(actor_of(request))).select_related("created_by")
        return Response(TicketDetail(rows.get(number=number)).data)


class StepsView(DeskView):
    """The steps of the loop: done, current, or still open."""

    output_class = StepOutput
    is_list = True

    def get(self, request: Request, number: str) -> Response:
        ticket = Ticket.objects.visible_to(actor_of(request)).get(number=number)
        return Response(StepOutput(steps.steps(ticket), many=True).data)


class GatesView(DeskView):
    """Why a case cannot be closed yet."""

    output_class = GateOutput
    is_list = True

    def get(self, request: Request, number: str) -> Response:
        ticket = Ticket.objects.visible_to(actor_of(request)).get(number=number)
        return Response(GateOutput(gates.states(ticket), many=True).data)


class EventsView(TicketPart):
    """What was done on a case, newest first."""

    serializer_class = EventOutput
    orderings = {"-id": ("-id",), "id": ("id",)}

    def rows(self, ticket_id: int, actor: User) -> QuerySet[AuditEvent]:
        return AuditEvent.objects.filter(case_id=ticket_id)


class MacroListView(DeskList):
    """Macros the caller may apply."""

    serializer_class = MacroOutput

    def get_queryset(self) -> QuerySet[Macro]:
        if getattr(self, "swagger_fake_view", False):
            return Macro.objects.none()
        return Macro.objects.visible_to(actor_of(self.request)).filter(is_active=True)
