"""What was promised on a case."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.kernel.api import DeskView
from clocks.api.promise_serializers import ExplainedClockOutput
from clocks.models import Clock
from clocks.queries.explain import explain_all
from tickets.api.views.base import actor_of, ticket_id_of


class ClocksView(DeskView):
    """Every promise of the case with its story, the newest first."""

    @extend_schema(responses=ExplainedClockOutput(many=True))
    def get(self, request: Request, number: str) -> Response:
        """Promises, each with what started, paused, moved and ended it."""
        ticket_id = ticket_id_of(number, actor_of(request))
        rows = Clock.objects.filter(case_id=ticket_id).select_related("rule__calendar")
        clocks = list(rows.order_by("-id"))
        told = {"explanations": explain_all(clocks)}
        return Response(ExplainedClockOutput(clocks, many=True, context=told).data)
