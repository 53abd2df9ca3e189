"""Returns over the API: asking, deciding, parcels, what is owed."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.kernel.api import DeskList, DeskView
from aftersales.kernel.errors import RuleViolated, require
from customers.models import OrderLine
from returns.api.goods import inputs, outputs
from returns.api.goods.base import GoodsVerb, ReturnVerb, RowVerb, shown
from returns.filters import ReturnFilter
from returns.models import CompensationGrant, Reimbursement, ReturnAuthorization
from returns.policies import can_see_costs
from returns.queries.costs import budgets, compensation_costs, period_of
from returns.queries.deal import sheet_of
from returns.services import (
    authorizing,
    compensating,
    exchanging,
    owing,
    parcels,
    requesting,
    settling,
)
from returns.services.authorizing import Ground
from returns.services.requesting import NewReturn, Piece
from staff.models import User
from tickets.api.inputs import NoteInput, ReasonInput
from tickets.api.views.base import actor_of, ticket_id_of
from tickets.models import Ticket


class ReturnListView(DeskList):
    """Returns the caller may see, newest first."""

    serializer_class = outputs.ReturnSummary
    filterset_class = ReturnFilter
    orderings = {"-id": ("-id",), "noticed_at": ("noticed_at", "id")}

    def get_queryset(self) -> QuerySet[ReturnAuthorization]:
        if getattr(self, "swagger_fake_view", False):
            return ReturnAuthorization.objects.none()
        rows = ReturnAuthorization.objects.visible_to(actor_of(self.request))
        return rows.select_related("ticket", "order")


class ReturnView(DeskView):
    """One return with verdict, items and parcels."""

    @extend_schema(responses=outputs.ReturnDetail)
    def get(self, request: Request, number: str) -> Response:
        rows = ReturnAuthorization.objects.visible_to(actor_of(request))
        found = rows.only("pk").get(number=number)
        return Response(outputs.ReturnDetail(shown(found.pk)).data)


class SheetView(DeskView):
    """What is owed for a return as things stand."""

    @extend_schema(responses=outputs.SheetOutput)
    def get(self, request: Request, number: str) -> Response:
        rows = ReturnAuthorization.objects.visible_to(actor_of(request))
        rma = rows.select_related("order__shop", "policy").get(number=number)
        return Response(outputs.SheetOutput(sheet_of(rma)).data)


class AskView(GoodsVerb):
    """Ask for a return on the case's order; the answer carries the verdict."""

    input_class = inputs.ReturnInput
    is_creation = True

    def find(self, actor: User, **ids: Any) -> int:
        return ticket_id_of(ids["number"], actor)

    def act(self, target: int, actor: User, **given: Any) -> Any:
        order_id = Ticket.objects.values_list("order", flat=True).get(pk=target)
        positions = [piece["position"] for piece in given["pieces"]]
        rows = OrderLine.objects.filter(order=order_id, position__in=positions)
        lines = dict(rows.values_list("position", "pk"))
        if order_id and (unknown := set(positions) - set(lines)):
            raise RuleViolated(
                "unknown_line",
                _("The order has no line %(position)s.") % {"position": min(unknown)},
                field="pieces",
            )
        given["pieces"] = [
            Piece(
                line=lines.get(piece["position"], 0),
                quantity=piece["quantity"],
                condition=piece["condition"],
            )
            for piece in given["pieces"]
        ]
        return requesting.request_return(target, NewReturn(**given), actor=actor)


class AuthorizeView(ReturnVerb):
    """Say yes."""

    input_class = inputs.AuthorizeInput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        basis, evidence = given.pop("basis", ""), given.pop("evidence", 0)
        ground = Ground(basis=basis, evidence=evidence) if basis else None
        return authorizing.authorize_return(target, actor=actor, ground=ground, **given)


class DeclineView(ReturnVerb):
    """Say no, with a reason."""

    input_class = inputs.DeclineInput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return authorizing.decline_return(target, actor=actor, **given)


class ReviewView(ReturnVerb):
    """Put a request before a person."""

    input_class = ReasonInput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return authorizing.send_to_review(target, actor=actor, **given)


class AppealView(ReturnVerb):
    """The customer asks for another look at a refusal."""

    input_class = NoteInput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return requesting.appeal_return(target, actor=actor, **given)


class CancelView(ReturnVerb):
    """Withdraw a request before anything was sent."""

    input_class = ReasonInput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return requesting.cancel_return(target, actor=actor, **given)


class ParcelView(ReturnVerb):
    """A parcel was handed in."""

    input_class = inputs.ParcelInput
    is_creation = True

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return parcels.announce_parcel(target, actor=actor, **given)


class SettleView(ReturnVerb):
    """Perform the sheet."""

    input_class = inputs.SettleInput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        note, seen = given.pop("note"), given.pop("seen")
        currency = ReturnAuthorization.objects.values_list("order__currency", flat=True)
        extras = settling.read_extras(given, currency.get(pk=target))
        return settling.settle_return(target, actor=actor, extras=extras, seen=seen, note=note)


class CloseView(ReturnVerb):
    """End a settled return."""

    input_class = NoteInput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return settling.close_return(target, actor=actor, **given)


class ReplaceView(ReturnVerb):
    """Hand the shop an order to send."""

    input_class = inputs.ReplacementInput
    output_class = outputs.InstructionOutput
    is_creation = True

    def act(self, target: int, actor: User, **given: Any) -> Any:
        note = given.pop("note")
        new = exchanging.Replacement(**given)
        return exchanging.order_replacement(target, new, actor=actor, note=note)


class VoidView(RowVerb):
    """Take a sheet back whose refunds came to nothing."""

    rows = Reimbursement
    input_class = ReasonInput
    output_class = outputs.ReimbursementOutput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return settling.void_reimbursement(target, actor=actor, **given)


class AskAgainView(RowVerb):
    """Ask anew for what of a sheet was not paid."""

    rows = Reimbursement
    input_class = ReasonInput
    output_class = outputs.ReimbursementOutput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return owing.ask_again(target, actor=actor, **given)


class GrantView(GoodsVerb):
    """Give a compensation from the catalogue."""

    input_class = inputs.GrantInput
    output_class = outputs.GrantOutput
    is_creation = True

    def find(self, actor: User, **ids: Any) -> int:
        return ticket_id_of(ids["number"], actor)

    def act(self, target: int, actor: User, **given: Any) -> Any:
        code = given.pop("code")
        return compensating.grant_compensation(target, code, actor=actor, **given)


class WithdrawGrantView(RowVerb):
    """Take a compensation back."""

    rows = CompensationGrant
    input_class = ReasonInput
    output_class = outputs.GrantOutput

    def act(self, target: int, actor: User, **given: Any) -> Any:
        return compensating.withdraw_compensation(target, actor=actor, **given)


class CostsView(DeskView):
    """What compensations cost in a period, and what is left of the budgets."""

    @extend_schema(parameters=[inputs.PeriodInput], responses=outputs.CostReport)
    def get(self, request: Request) -> Response:
        actor = actor_of(request)
        require(can_see_costs(actor))
        asked = inputs.PeriodInput(data=request.query_params)
        asked.is_valid(raise_exception=True)
        period = period_of(asked.validated_data.get("since"), asked.validated_data.get("until"))
        report = {
            "since": period.since,
            "until": period.until,
            "costs": compensation_costs(actor, *period.bounds),
            "budgets": budgets(),
        }
        return Response(outputs.CostReport(report).data)
