"""Calendars, read."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.kernel.api import DeskList, DeskView
from aftersales.kernel.clock import now
from aftersales.kernel.errors import require
from clocks.api.serializers import CalendarOutput, YearOutput
from clocks.models import Calendar
from clocks.queries.year_page import year_page

VIEW = "clocks.view_calendar"
YEARS = range(2000, 2101)


class CalendarListView(DeskList):
    """The calendars of the house."""

    serializer_class = CalendarOutput
    queryset = Calendar.objects.all()
    orderings = {"code": ("code",)}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require(request.user.has_perm(VIEW))


class DaysView(DeskView):
    """Every day of one year."""

    output_class = YearOutput

    @extend_schema(
        responses=YearOutput,
        parameters=[OpenApiParameter("year", int, description="2000 to 2100; this year if absent")],
    )
    def get(self, request: Request, code: str) -> Response:
        """The year's days with their marks, words and open hours."""
        require(request.user.has_perm(VIEW))
        calendar = Calendar.objects.get(code=code)
        shown = year_page(calendar, asked_year(request))
        days = [cell for month in shown.months for week in month.weeks for cell in week if cell]
        answer = {
            "calendar": calendar.code,
            "year": shown.year,
            "status": shown.status,
            "source_notice": shown.source_notice,
            "days": days,
        }
        return Response(YearOutput(answer).data)


def asked_year(request: Request) -> int:
    """The year of the query; raises ``ValidationError`` for another one than 2000 to 2100."""
    text = request.query_params.get("year", str(now().year))
    if not (text.isdecimal() and len(text) == 4 and int(text) in YEARS):
        message = _("Between %(least)s and %(most)s.") % {"least": YEARS[0], "most": YEARS[-1]}
        raise ValidationError({"year": [message]})
    return int(text)
