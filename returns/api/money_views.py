"""Refunds and what belongs to them. Every verb honors ``Idempotency-Key``."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, cast

from django.contrib.auth import authenticate
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from aftersales.kernel.api import DeskList, DeskView
from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated
from compliance.api.once import create_once
from compliance.idempotency import Answer
from customers.models import Order, Payment
from returns.api import money_serializers as io
from returns.filters_money import DifferenceFilter, RefundFilter
from returns.models import ReconciliationItem, Refund
from returns.services.money import approving, by_hand, differences, guarding, requesting
from returns.services.money.approving import Voice
from returns.services.money.by_hand import OutsideRefund
from returns.services.money.consenting import Consent
from returns.services.money.requesting import Line, NewRefund
from staff.models import User
from tickets.models import Ticket


def actor_of(request: Request) -> User:
    return cast(User, request.user)


def seen_by(actor: User) -> QuerySet[Refund]:
    rows = Refund.objects.visible_to(actor)
    return rows.select_related("payment__order", "ticket", "requested_by")


def shown(refund_id: int, actor: User) -> Any:
    rows = seen_by(actor).prefetch_related("lines", "approval_requests")
    return io.RefundOutput(rows.get(pk=refund_id)).data


def payment_of(actor: User, source: str, order: str, payment: str) -> Payment:
    """The payment by shop, order and number; raises ``DoesNotExist``."""
    found = Order.objects.visible_to(actor).get(shop__code=source, external_id=order)
    return found.payments.get(external_id=payment)


def wish_of(given: dict[str, Any], payment: Payment) -> NewRefund:
    """The input as the service takes it; articles are named by their position."""
    articles = dict(payment.order.lines.values_list("position", "pk"))
    lines = []
    for line in given.get("lines", ()):
        position = line.get("article")
        if position is not None and position not in articles:
            raise RuleViolated("foreign_line", _("There is no such article."), field="lines")
        lines.append(
            Line(
                label=line["label"],
                amount=line["amount"],
                order_line=articles[position] if position is not None else None,
                quantity=line.get("quantity"),
            )
        )
    return NewRefund(
        amount=given["amount"],
        currency=given["currency"],
        reason=given["reason"],
        kind=given["kind"],
        means=given["means"],
        consent=Consent(**given.get("consent", {})),
        parcel=given["parcel"],
        lines=tuple(lines),
        evidence=tuple(given.get("evidence", ())),
    )


class RefundListView(DeskList):
    """Refunds the caller may see, the newest first; POST asks for one."""

    serializer_class = io.RefundSummary
    filterset_class = RefundFilter
    orderings = {"-id": ("-id",), "id": ("id",)}
    input_class = io.RequestInput
    output_class = io.RefundOutput
    is_creation = True

    def get_queryset(self) -> QuerySet[Refund]:
        return seen_by(actor_of(self.request))

    def post(self, request: Request) -> Response:
        """Ask for a refund; it is a draft until it is submitted."""
        given = io.RequestInput(data=request.data)
        given.is_valid(raise_exception=True)
        values, actor = given.validated_data, actor_of(request)

        def perform() -> Answer:
            payment = payment_of(actor, values["shop"], values["order"], values["payment"])
            number = values.get("case")
            ticket = Ticket.objects.visible_to(actor).get(number=number) if number else None
            refund = requesting.request_refund(
                payment.pk,
                wish_of(values, payment),
                actor=actor,
                note=values["note"],
                ticket=ticket,
            )
            return Answer(201, shown(refund.pk, actor))

        return create_once(request, perform)


class RefundView(DeskView):
    """One refund."""

    output_class = io.RefundOutput

    def get(self, request: Request, number: str) -> Response:
        actor = actor_of(request)
        refund = Refund.objects.visible_to(actor).only("pk").get(number=number)
        return Response(shown(refund.pk, actor))


class RefundVerb(DeskView):
    """One verb of a refund; answers with the refund as it stands then."""

    input_class: ClassVar[type[BaseSerializer[Any]]] = io.RefundNoteInput
    output_class: ClassVar[type[BaseSerializer[Any]]] = io.RefundOutput
    takes_key = True

    def post(self, request: Request, number: str) -> Response:
        actor = actor_of(request)
        refund = Refund.objects.visible_to(actor).select_related("payment").get(number=number)
        given = self.input_class(data=request.data)
        given.is_valid(raise_exception=True)

        def perform() -> Answer:
            self.act(refund, actor, **given.validated_data)
            return Answer(200, shown(refund.pk, actor))

        return create_once(request, perform)

    def act(self, refund: Refund, actor: User, **given: Any) -> Any:
        """Call the one service."""
        raise NotImplementedError


class ChangeView(RefundVerb):
    """Correct a refund; what was submitted or approved becomes a draft again."""

    input_class = io.WishInput

    def act(self, refund: Refund, actor: User, **given: Any) -> Any:
        wanted = wish_of(given, refund.payment)
        return requesting.change_refund(refund.pk, wanted, actor=actor, note=given["note"])


class SubmitView(RefundVerb):
    """Reserve the money and ask for approval."""

    def act(self, refund: Refund, actor: User, **given: Any) -> Any:
        return requesting.submit_refund(refund.pk, actor=actor, **given)


class ApproveView(RefundVerb):
    """Agree, in one's own name or somebody's who delegated it."""

    input_class = io.ApproveInput

    def act(self, refund: Refund, actor: User, **given: Any) -> Any:
        giver = given.get("on_behalf_of")
        voice = Voice(
            principal=User.objects.people().get(username=giver) if giver else None,
            reauthenticated_at=self.proof(actor, given.get("password", "")),
            seen_digest=given["digest"],
        )
        return approving.approve_refund(refund.pk, actor=actor, note=given["note"], voice=voice)

    def proof(self, actor: User, password: str) -> datetime | None:
        """Now, if the right password came along; wrong ones are counted as at sign-in."""
        if not password:
            return None
        if authenticate(self.request, username=actor.username, password=password) != actor:
            raise RuleViolated("wrong_password", _("This password is wrong."), field="password")
        return now()


class DeclineView(RefundVerb):
    """Refuse; the refund is over."""

    input_class = io.RefundReasonInput

    def act(self, refund: Refund, actor: User, **given: Any) -> Any:
        return approving.decline_refund(refund.pk, actor=actor, **given)


class AskBackView(RefundVerb):
    """Send it back with a question."""

    input_class = io.RefundReasonInput

    def act(self, refund: Refund, actor: User, **given: Any) -> Any:
        return approving.ask_back(refund.pk, actor=actor, **given)


class CancelView(RefundVerb):
    """Give it up before it is sent."""

    input_class = io.RefundReasonInput

    def act(self, refund: Refund, actor: User, **given: Any) -> Any:
        return requesting.cancel_refund(refund.pk, actor=actor, **given)


class ReleaseView(RefundVerb):
    """Say why what looked odd is fine."""

    input_class = io.RefundReasonInput

    def act(self, refund: Refund, actor: User, **given: Any) -> Any:
        return guarding.release_hold(refund.pk, actor=actor, **given)


class TransferView(RefundVerb):
    """State the bank's reference of a transfer made by hand."""

    input_class = io.ReferenceInput

    def act(self, refund: Refund, actor: User, **given: Any) -> Any:
        return by_hand.enter_transfer(refund.pk, actor=actor, **given)


class ConfirmView(RefundVerb):
    """Confirm a transfer somebody else made."""

    input_class = io.ReferenceInput

    def act(self, refund: Refund, actor: User, **given: Any) -> Any:
        return by_hand.confirm_manual_refund(refund.pk, actor=actor, **given)


class RejectView(RefundVerb):
    """State that the bank did not take a transfer."""

    input_class = io.RefundReasonInput

    def act(self, refund: Refund, actor: User, **given: Any) -> Any:
        return by_hand.reject_transfer(refund.pk, actor=actor, **given)


class OutsideView(DeskView):
    """Book money that left past this desk."""

    input_class = io.OutsideInput
    output_class = io.RefundOutput
    is_creation = True

    def post(self, request: Request) -> Response:
        given = io.OutsideInput(data=request.data)
        given.is_valid(raise_exception=True)
        values, actor = dict(given.validated_data), actor_of(request)

        def perform() -> Answer:
            where = (values.pop("shop"), values.pop("order"), values.pop("payment"))
            note = values.pop("note")
            refund = by_hand.record_outside_refund(
                payment_of(actor, *where).pk, OutsideRefund(**values), actor=actor, note=note
            )
            return Answer(201, shown(refund.pk, actor))

        return create_once(request, perform)


class DifferenceListView(DeskList):
    """Differences between books, statements and payments."""

    serializer_class = io.DifferenceOutput
    filterset_class = DifferenceFilter
    orderings = {"-id": ("-id",), "id": ("id",)}

    def get_queryset(self) -> QuerySet[ReconciliationItem]:
        rows = ReconciliationItem.objects.visible_to(actor_of(self.request))
        return rows.select_related("refund", "owner")


class ResolveView(DeskView):
    """State how a difference was cleared up."""

    input_class = io.RefundReasonInput
    output_class = io.DifferenceOutput
    takes_key = True

    def post(self, request: Request, item_id: int) -> Response:
        given = io.RefundReasonInput(data=request.data)
        given.is_valid(raise_exception=True)

        def perform() -> Answer:
            item = differences.resolve_item(
                item_id, actor=actor_of(request), note=given.validated_data["note"]
            )
            return Answer(200, io.DifferenceOutput(item).data)

        return create_once(request, perform)


class RedeemView(DeskView):
    """Use a customer's store credit for an order."""

    input_class = io.RedeemInput
    output_class = io.RedeemedOutput
    is_creation = True

    def post(self, request: Request, customer_id: int) -> Response:
        given = io.RedeemInput(data=request.data)
        given.is_valid(raise_exception=True)

        def perform() -> Answer:
            entry = by_hand.redeem_store_credit(
                customer_id, actor=actor_of(request), **given.validated_data
            )
            return Answer(201, io.RedeemedOutput(entry).data)

        return create_once(request, perform)
