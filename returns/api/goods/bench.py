"""The bench over the API: receiving, inspecting, repairs, orders to the shop, carriers' news."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.kernel.api import DeskList, DeskView
from aftersales.kernel.clock import now
from aftersales.kernel.errors import NotPermitted
from returns.api.goods import inputs, outputs
from returns.api.goods.base import ReturnVerb, RowVerb
from returns.carriers import BadNotice, carrier
from returns.filters import InstructionFilter
from returns.models import Repair, ReturnItem, ShopInstruction, UnexpectedItem
from returns.services import exchanging, inspecting, parcels, receiving, repairing
from returns.services.inspecting import Look
from returns.services.receiving import Found, Receipt
from staff.models import User
from staff.services import system_actor
from tickets.api.inputs import NoteInput, ReasonInput
from tickets.api.views.base import actor_of


class ReceiveView(ReturnVerb):
    """Write down what arrived."""

    input_class = inputs.ReceiveInput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        receipts = [Receipt(**receipt) for receipt in given["receipts"]]
        return receiving.receive_items(target, receipts, actor=actor, note=given["note"])


class UnexpectedView(ReturnVerb):
    """Write down goods nobody announced."""

    input_class = inputs.UnexpectedInput
    output_class = outputs.UnexpectedOutput
    is_creation = True

    def act(self, target: int, actor: User, **given: Any) -> Any:
        note = given.pop("note")
        return receiving.record_unexpected(target, Found(**given), actor=actor, note=note)


class DecideUnexpectedView(RowVerb):
    """Say what becomes of goods nobody announced."""

    rows = UnexpectedItem
    input_class = inputs.DispositionInput
    output_class = outputs.UnexpectedOutput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return receiving.decide_unexpected(target, actor=actor, **given)


class InspectView(RowVerb):
    """Record a look at an item and decide it."""

    rows = ReturnItem
    input_class = inputs.LookInput
    output_class = outputs.InspectionOutput
    is_creation = True

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return inspecting.inspect_item(target, Look(**given), actor=actor)


class WaiveView(RowVerb):
    """Let an article stay where it is."""

    rows = ReturnItem
    input_class = ReasonInput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return receiving.waive_item(target, actor=actor, **given)


class MissingView(RowVerb):
    """Decide an article that did not come back."""

    rows = ReturnItem
    input_class = inputs.MissingInput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return inspecting.decide_missing(target, actor=actor, **given)


class PlanRepairView(RowVerb):
    """Give an article to a repairer."""

    rows = ReturnItem
    input_class = inputs.RepairInput
    output_class = outputs.RepairOutput
    is_creation = True

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return repairing.plan_repair(target, actor=actor, **given)


class RepairVerb(RowVerb):
    """A verb of one repair."""

    rows = Repair
    output_class = outputs.RepairOutput


class QuoteView(RepairVerb):
    """The repairer's price."""

    input_class = inputs.QuoteInput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return repairing.quote_repair(target, actor=actor, **given)


class ConsentView(RepairVerb):
    """The customer's answer to the price."""

    input_class = inputs.ConsentInput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return repairing.answer_quote(target, actor=actor, **given)


class StartRepairView(RepairVerb):
    """Hand the article in."""

    input_class = NoteInput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return repairing.start_repair(target, actor=actor, **given)


class PartsView(RepairVerb):
    """Parts are missing."""

    input_class = ReasonInput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return repairing.wait_for_parts(target, actor=actor, **given)


class FinishRepairView(RepairVerb):
    """It works again, or it could not be repaired."""

    input_class = inputs.FinishInput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return repairing.finish_repair(target, actor=actor, **given)


class InstructionListView(DeskList):
    """What the shop is to do, oldest first; narrow by ``status=pending``."""

    serializer_class = outputs.InstructionOutput
    filterset_class = InstructionFilter

    def get_queryset(self) -> QuerySet[ShopInstruction]:
        if getattr(self, "swagger_fake_view", False):
            return ShopInstruction.objects.none()
        actor = actor_of(self.request)
        if not actor.has_perm("returns.view_shopinstruction"):
            raise NotPermitted
        return ShopInstruction.objects.visible_to(actor).select_related("rma__order")


class InstructionVerb(RowVerb):
    """A verb of one instruction."""

    rows = ShopInstruction
    output_class = outputs.InstructionOutput


class ConfirmView(InstructionVerb):
    """The shop took it over."""

    input_class = inputs.ConfirmInput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return exchanging.confirm_instruction(target, actor=actor, **given)


class CompleteView(InstructionVerb):
    """The shop has done it."""

    input_class = NoteInput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return exchanging.complete_instruction(target, actor=actor, **given)


class DifferencePaidView(InstructionVerb):
    """The customer paid the higher price."""

    input_class = ReasonInput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return exchanging.record_difference_paid(target, actor=actor, **given)


class CancelInstructionView(InstructionVerb):
    """Take an order back."""

    input_class = ReasonInput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return exchanging.cancel_instruction(target, actor=actor, **given)


class CarrierNewsView(DeskView):
    """A carrier's signed notification; forged, stale and repeated ones change nothing."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, code: str) -> Response:
        try:
            news = carrier(code).read(request.body, request.headers, now())
        except (BadNotice, LookupError):
            raise NotPermitted from None
        parcels.record_scan(code, news, actor=system_actor())
        return Response(status=204)
