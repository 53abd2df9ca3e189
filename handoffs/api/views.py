"""Legs: reading them, sending them, and their verbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from aftersales.kernel.api import DeskList, DeskView, NoInput
from aftersales.kernel.errors import require
from handoffs.api import inputs
from handoffs.api.serializers import (
    ExampleOutput,
    HandoffOutput,
    HandoffSummary,
    PartyLinkOutput,
    ResponsibilityOutput,
    TemplateOutput,
)
from handoffs.filters import ExampleFilter, HandoffFilter, ResponsibilityFilter
from handoffs.models import CaseExample, Handoff, HandoffTemplate, ResponsibilityRule
from handoffs.services import examples, party_links, receiving, sending
from staff.models import User
from tickets.api.inputs import NoteInput, ReasonInput
from tickets.api.views.base import TicketPart, TicketVerb, actor_of

SHOWN = ("ticket", "template", "from_department", "to_department", "to_team", "assignee")


def leg_id_of(number: str, actor: User) -> int:
    """The key of a leg the caller may see; raises ``Handoff.DoesNotExist``."""
    found = Handoff.objects.visible_to(actor).values_list("pk", flat=True).get(number=number)
    return int(found)


def full(leg_id: int) -> Handoff:
    """A leg with what its representation reads."""
    rows = Handoff.objects.select_related(*SHOWN)
    return rows.prefetch_related("turns__department", "turns__by", "files__attachment").get(
        pk=leg_id
    )


class HandoffListView(DeskList):
    """Legs of the cases the caller sees, newest first or nearest clock first."""

    serializer_class = HandoffSummary
    filterset_class = HandoffFilter
    orderings = {"-id": ("-id",), "due_at": ("due_at", "id")}

    def get_queryset(self) -> QuerySet[Handoff]:
        return Handoff.objects.visible_to(actor_of(self.request)).select_related(*SHOWN)


class HandoffView(DeskView):
    """One leg with everything said on it."""

    output_class = HandoffOutput

    def get(self, request: Request, number: str) -> Response:
        return Response(HandoffOutput(full(leg_id_of(number, actor_of(request)))).data)


class TicketHandoffsView(TicketPart, TicketVerb):
    """Legs of a case; POST sends one."""

    serializer_class = HandoffSummary
    input_class = inputs.SendInput
    output_class = HandoffOutput
    is_creation = True

    def rows(self, ticket_id: int, actor: User) -> QuerySet[Handoff]:
        rows = Handoff.objects.visible_to(actor).filter(ticket=ticket_id)
        return rows.select_related(*SHOWN)

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return full(sending.send_handoff(ticket_id, actor=actor, **given).pk)


class HandoffVerb(DeskView):
    """One verb of a leg; answers with the leg as it stands now."""

    input_class: ClassVar[type[BaseSerializer[Any]]] = NoInput
    output_class: ClassVar[type[BaseSerializer[Any]]] = HandoffOutput
    service: ClassVar[Callable[..., Any]]

    def post(self, request: Request, number: str) -> Response:
        actor = actor_of(request)
        leg_id = leg_id_of(number, actor)
        given = self.input_class(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        result = type(self).service(leg_id, actor=actor, **given.validated_data)
        return Response(self.output_class(self.shown(leg_id, result)).data)

    def shown(self, leg_id: int, result: Any) -> Any:
        """What is told of it; who declined is told, too, though it is out of sight then."""
        return full(leg_id)


class AcceptHandoffView(HandoffVerb):
    """Take it on; accepting a transfer moves the case."""

    input_class = NoteInput
    service = staticmethod(receiving.accept_handoff)


class AssignHandoffView(HandoffVerb):
    """Give it to a colleague of the asked department."""

    input_class = inputs.AssignLegInput
    service = staticmethod(receiving.assign_handoff)


class AnswerHandoffView(HandoffVerb):
    """Answer with the template's own fields."""

    input_class = inputs.AnswerInput
    service = staticmethod(receiving.answer_handoff)


class ReturnHandoffView(HandoffVerb):
    """Ask back: more information is needed."""

    input_class = inputs.WordsInput
    service = staticmethod(receiving.return_handoff)


class DeclineHandoffView(HandoffVerb):
    """Say no, with a reason."""

    input_class = inputs.WordsInput
    service = staticmethod(receiving.decline_handoff)


class ResendHandoffView(HandoffVerb):
    """Give what was asked for, or ask again."""

    input_class = inputs.ResendInput
    service = staticmethod(sending.resend_handoff)


class RerouteHandoffView(HandoffVerb):
    """Send a declined question to another department."""

    input_class = inputs.RerouteInput
    service = staticmethod(sending.reroute_handoff)


class WithdrawHandoffView(HandoffVerb):
    """Take it back, with a reason."""

    input_class = ReasonInput
    service = staticmethod(sending.withdraw_handoff)


class CloseHandoffView(HandoffVerb):
    """Accept the answer."""

    input_class = inputs.CloseInput
    service = staticmethod(sending.close_handoff)


class LinkView(HandoffVerb):
    """The address of the outsider's page."""

    output_class = PartyLinkOutput
    service = staticmethod(party_links.give_party_link)

    def shown(self, leg_id: int, result: Any) -> Any:
        return {"url": result}


class RevokeLinkView(HandoffVerb):
    """End every live link of the outsider."""

    input_class = ReasonInput
    service = staticmethod(party_links.revoke_party_links)


class TemplateListView(DeskList):
    """What can be asked, with the forms; templates in use only."""

    serializer_class = TemplateOutput
    orderings = {"position": ("position", "code")}
    queryset = HandoffTemplate.objects.active().select_related("target_department")


class ResponsibilityListView(DeskList):
    """Who has which part in which step of which topic."""

    serializer_class = ResponsibilityOutput
    filterset_class = ResponsibilityFilter
    queryset = ResponsibilityRule.objects.select_related("category", "department")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require(request.user.has_perm("handoffs.view_responsibilityrule"))


class ExampleListView(DeskList):
    """Closed cases shown as examples, newest first."""

    serializer_class = ExampleOutput
    filterset_class = ExampleFilter
    orderings = {"-id": ("-id",)}

    def get_queryset(self) -> QuerySet[CaseExample]:
        return CaseExample.objects.visible_to(actor_of(self.request)).select_related("category")


class ProposeExampleView(TicketVerb):
    """Copy a closed case, masked, for colleagues; a lead decides."""

    input_class = inputs.ExampleInput
    output_class = ExampleOutput
    is_creation = True

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return examples.propose_example(ticket_id, actor=actor, **given)


class ExampleVerb(DeskView):
    """One verb of an example."""

    input_class: ClassVar[type[BaseSerializer[Any]]] = ReasonInput
    output_class = ExampleOutput
    service: ClassVar[Callable[..., Any]]

    def post(self, request: Request, example_id: int) -> Response:
        given = self.input_class(data=request.data)
        given.is_valid(raise_exception=True)
        actor = actor_of(request)
        result = type(self).service(example_id, actor=actor, **given.validated_data)
        return Response(ExampleOutput(result).data)


class ApproveExampleView(ExampleVerb):
    """Let colleagues see it."""

    input_class = NoteInput
    service = staticmethod(examples.approve_example)


class WithdrawExampleView(ExampleVerb):
    """Take it out of sight."""

    service = staticmethod(examples.withdraw_example)
