"""What every address of a return shares: finding it, and the shape of a verb."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from aftersales.kernel.api import DeskView, NoInput
from compliance.api.once import create_once
from compliance.idempotency import Answer
from returns.api.goods.outputs import ReturnDetail
from returns.models import ReturnAuthorization
from staff.models import User
from tickets.api.views.base import actor_of

SHOWN = ("ticket", "order", "return_address")


def shown(pk: int) -> ReturnAuthorization:
    """A return with what its representation reads."""
    rows = ReturnAuthorization.objects.select_related(*SHOWN)
    return rows.prefetch_related("items__order_line", "parcels").get(pk=pk)


class GoodsVerb(DeskView):
    """One verb; honours ``Idempotency-Key`` and answers with what was done."""

    input_class: ClassVar[type[BaseSerializer[Any]]] = NoInput
    output_class: ClassVar[type[BaseSerializer[Any]]] = ReturnDetail
    is_creation: ClassVar[bool] = False
    takes_key = True

    def post(self, request: Request, **ids: Any) -> Response:
        actor = actor_of(request)
        target = self.find(actor, **ids)
        given = self.input_class(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)

        def perform() -> Answer:
            result = self.act(target, actor, **given.validated_data)
            if self.output_class is ReturnDetail:
                rma = result if isinstance(result, ReturnAuthorization) else result.rma
                result = shown(rma.pk)
            body = self.output_class(result, context={"request": request}).data
            return Answer(201 if self.is_creation else 200, body)

        return create_once(request, perform)

    def find(self, actor: User, **ids: Any) -> int:
        """The key of what the verb is about; raises ``DoesNotExist`` out of scope."""
        raise NotImplementedError

    def act(self, target: int, actor: User, **given: Any) -> Any:
        """Call the one service."""
        raise NotImplementedError


class ReturnVerb(GoodsVerb):
    """A verb of a return, found by its number."""

    def find(self, actor: User, **ids: Any) -> int:
        rows = ReturnAuthorization.objects.visible_to(actor)
        return int(rows.values_list("pk", flat=True).get(number=ids["number"]))


class RowVerb(GoodsVerb):
    """A verb of a row found by its key in ``rows``."""

    rows: ClassVar[Any]

    def find(self, actor: User, **ids: Any) -> int:
        found = self.rows.objects.visible_to(actor).values_list("pk", flat=True)
        return int(found.get(pk=ids["row_id"]))
