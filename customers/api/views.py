"""Customers are looked up, never leafed through; orders are pushed by shops and read by all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.kernel.api import DeskList, DeskView
from customers.api.payload import OrderPayload
from customers.api.serializers import (
    BatchInput,
    BatchOutput,
    ContactPointInput,
    ContactPointOutput,
    CustomerOutput,
    DisclosedCustomer,
    DiscloseInput,
    OrderOutput,
    OrderSummary,
    ReceiptOutput,
)
from customers.filters import CustomerFilter, OrderFilter
from customers.models import Customer, Order
from customers.services import (
    Incoming,
    Received,
    Result,
    add_contact_point,
    receive_order,
    receive_orders_batch,
)
from customers.services.disclosing import disclose_customer
from staff.models import User


def actor_of(request: Request) -> User:
    return cast(User, request.user)


class CustomerListView(DeskList):
    """The customer with exactly this phone, mail address or number, masked."""

    serializer_class = CustomerOutput
    filterset_class = CustomerFilter
    orderings = {"-id": ("-id",)}

    def get_queryset(self) -> QuerySet[Customer]:
        rows = Customer.objects.visible_to(actor_of(self.request))
        return rows.select_related("shop").prefetch_related("contact_points")


class CustomerView(DeskView):
    """One customer, masked."""

    output_class = CustomerOutput

    def get(self, request: Request, customer_id: int) -> Response:
        rows = Customer.objects.visible_to(actor_of(request)).select_related("shop")
        customer = rows.prefetch_related("contact_points").get(pk=customer_id)
        return Response(CustomerOutput(customer).data)


class DiscloseView(DeskView):
    """One customer in full, with the addresses of all records merged with it; the reason and who
    asked are kept with each."""

    input_class = DiscloseInput
    output_class = DisclosedCustomer

    def post(self, request: Request, customer_id: int) -> Response:
        given = DiscloseInput(data=request.data)
        given.is_valid(raise_exception=True)
        people = disclose_customer(
            customer_id, actor=actor_of(request), note=given.validated_data["note"]
        )
        return Response(DisclosedCustomer(people[0], context={"people": people}).data)


class ContactPointListView(DeskView):
    """Another address of a customer, with the reason; answered masked."""

    input_class = ContactPointInput

    @extend_schema(responses={201: ContactPointOutput})
    def post(self, request: Request, customer_id: int) -> Response:
        given = ContactPointInput(data=request.data)
        given.is_valid(raise_exception=True)
        point = add_contact_point(customer_id, **given.validated_data, actor=actor_of(request))
        return Response(ContactPointOutput(point).data, status=201)


class OrderListView(DeskList):
    """Orders, the newest first."""

    serializer_class = OrderSummary
    filterset_class = OrderFilter
    orderings = {"-placed_at": ("-placed_at", "-id"), "placed_at": ("placed_at", "id")}

    def get_queryset(self) -> QuerySet[Order]:
        return Order.objects.visible_to(actor_of(self.request)).select_related("shop")


class OrderView(DeskView):
    """One order, by shop and number."""

    input_class = OrderPayload

    @extend_schema(responses=OrderOutput)
    def get(self, request: Request, source: str, external_id: str) -> Response:
        """The order as the shop reported it last."""
        rows = Order.objects.visible_to(actor_of(request)).select_related("shop")
        order = rows.prefetch_related("lines", "payments", "shipments__events").get(
            shop__code=source, external_id=external_id
        )
        return Response(OrderOutput(order).data)

    @extend_schema(responses={200: ReceiptOutput, 201: ReceiptOutput})
    def put(self, request: Request, source: str, external_id: str) -> Response:
        """Store an order whole: 201 when it is new, 200 when it changed or stayed the same.

        An order that says when it changed (`source_updated_at`) and is older than what is stored
        is answered with 200 and the outcome `stale`: nothing was changed.
        """
        order, outcome = receive_order(source, external_id, request.data, actor=actor_of(request))
        body = {"source": source, "number": order.external_id, "outcome": outcome.value}
        return Response(body, status=201 if outcome == Received.CREATED else 200)


class OrderBatchView(DeskView):
    """Up to 500 orders; one refused stops no other."""

    input_class = BatchInput
    output_class = BatchOutput

    def post(self, request: Request) -> Response:
        given = BatchInput(data=request.data)
        given.is_valid(raise_exception=True)
        batch = [incoming(entry) for entry in given.validated_data["orders"]]
        lines = [told(result) for result in receive_orders_batch(batch, actor=actor_of(request))]
        counts = Counter(line["outcome"] or "refused" for line in lines)
        return Response({"results": lines, "counts": counts})


ENTRY = frozenset({"source", "number", "order"})


def incoming(entry: Any) -> Incoming:
    """One entry of a batch; what is no entry is refused later, at its place."""
    values = entry if isinstance(entry, Mapping) else {}
    source, number = values.get("source"), values.get("number")
    return Incoming(
        shop_code=source if isinstance(source, str) else "",
        external_id=number if isinstance(number, str) else "",
        payload=values.get("order"),
        unknown=next((str(name)[:60] for name in values if name not in ENTRY), ""),
    )


def told(result: Result) -> dict[str, Any]:
    """One result as JSON."""
    error = result.error
    return {
        "source": result.incoming.shop_code,
        "number": result.incoming.external_id,
        "outcome": result.outcome.value if result.outcome else None,
        "error": {"code": error.code, "message": str(error), "field": error.field}
        if error
        else None,
    }
