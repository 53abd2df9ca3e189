"""Promises that run and the rules behind them."""

from __future__ import annotations

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.kernel.api import DeskList, DeskView
from aftersales.kernel.context import Person
from aftersales.kernel.errors import require
from clocks.api.promise_serializers import (
    ChangesInput,
    ClockOutput,
    ExplainedClockOutput,
    PreviewOutput,
    RevisionInput,
    RuleOutput,
)
from clocks.checks import warnings_of
from clocks.filters import ClockFilter, RuleFilter
from clocks.models import Clock, ClockRule
from clocks.policies import can_change_kind
from clocks.queries.explain import explain_all
from clocks.queries.preview import preview
from clocks.rulebook import bound
from clocks.services.checking import check_rule
from clocks.services.rules import draft, revise_rule, steps_of

RULES = ClockRule.objects.select_related("calendar").prefetch_related("steps")


class ClockListView(DeskList):
    """Promises of the cases the caller sees, nearest first; what is paused has no due time."""

    serializer_class = ClockOutput
    filterset_class = ClockFilter
    orderings = {"due_at": ("due_at", "id"), "-started_at": ("-started_at", "-id")}

    def get_queryset(self) -> Any:
        user: Any = self.request.user
        rows = Clock.objects.visible_to(user).select_related("rule")
        if self.request.query_params.get("ordering", "due_at") == "due_at":
            rows = rows.filter(due_at__isnull=False)
        return rows


class ClockView(DeskView):
    """One promise with its explanation."""

    @extend_schema(responses=ExplainedClockOutput)
    def get(self, request: Request, clock_id: int) -> Response:
        """The promise and what started, paused, moved and ended it."""
        seen = Clock.objects.visible_to(request.user).select_related("rule__calendar")
        clock = seen.get(pk=clock_id)
        told = {"explanations": explain_all([clock])}
        return Response(ExplainedClockOutput(clock, context=told).data)


class RuleListView(DeskList):
    """Versions of rules; the current ones unless asked otherwise."""

    serializer_class = RuleOutput
    filterset_class = RuleFilter
    queryset = RULES
    orderings = {"code": ("code", "-version", "id")}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require(request.user.has_perm("clocks.view_clockrule"))


class RuleVerb(DeskView):
    """What every address of one rule shares; it is named by its code, the current version meant."""

    def current(self, request: Request, code: str) -> ClockRule:
        require(request.user.has_perm("clocks.view_clockrule"))
        return RULES.get(code=code, is_current=True)


class RuleView(RuleVerb):
    """The current version of a rule."""

    @extend_schema(responses=RuleOutput)
    def get(self, request: Request, code: str) -> Response:
        """The rule as it counts now."""
        return Response(RuleOutput(self.current(request, code)).data)


class ReviseRuleView(RuleVerb):
    """Make the next version; clocks that run keep theirs."""

    @extend_schema(request=RevisionInput, responses=RuleOutput)
    def post(self, request: Request, code: str) -> Response:
        """The next version of the rule."""
        rule = self.current(request, code)
        given = RevisionInput(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        changes = dict(given.validated_data)
        note, steps = changes.pop("note"), changes.pop("steps", None)
        actor = cast(Person, request.user)
        made = revise_rule(rule.pk, changes, actor=actor, note=note, steps=steps)
        return Response(RuleOutput(RULES.get(pk=made.pk)).data)


class PreviewRuleView(RuleVerb):
    """What the next version would mean; nothing is stored."""

    @extend_schema(request=ChangesInput, responses=PreviewOutput)
    def post(self, request: Request, code: str) -> Response:
        """Which open objects it would cover and how their due times would move."""
        rule = self.current(request, code)
        require(can_change_kind(cast(Person, request.user), rule.kind))
        given = ChangesInput(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        following = draft(rule, given.validated_data)
        check_rule(following, steps_of(rule))
        shown = preview(following)
        answer = {
            "looked_at": shown.looked_at,
            "matching": shown.matching,
            "moving": shown.moving,
            "is_capped": shown.is_capped,
            "sample": shown.sample,
            "warnings": warnings_of(bound(following)),
        }
        return Response(PreviewOutput(answer).data)
