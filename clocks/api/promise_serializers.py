"""What the API tells of promises and rules, and takes for a new version."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from aftersales.kernel.api import CodeField, Input, Output
from clocks.choices import Confidence, Mode, RuleKind, StepTarget
from clocks.counting import Roll, Unit
from clocks.models import Calendar, Clock
from clocks.queries.explain import Line
from clocks.rules import StepSpec
from clocks.statuses import ClockState


class ClockOutput(Output):
    """A promise on one object; ``due_at`` is null while it is paused."""

    id = serializers.IntegerField(source="pk")
    promise = serializers.CharField()
    rule = serializers.CharField(source="rule.code")
    version = serializers.IntegerField(source="rule.version")
    name = serializers.CharField(source="rule")
    kind = serializers.ChoiceField(RuleKind.choices, source="rule.kind")
    mode = serializers.ChoiceField(Mode.choices, source="rule.mode")
    subject_type = serializers.CharField()
    subject = serializers.CharField(source="subject_label")
    case = serializers.CharField(source="case_label")
    state = serializers.ChoiceField(ClockState.choices)
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    is_provisional = serializers.BooleanField()
    paused_at = serializers.DateTimeField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)
    stopped_at = serializers.DateTimeField(allow_null=True)


class StoryLine(Output):
    """One sentence of an explanation."""

    kind = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    text = serializers.CharField()


class ExplainedClockOutput(ClockOutput):
    """A promise with its story, oldest first; the view puts ``explanations`` into the context."""

    explanation = serializers.SerializerMethodField()

    @extend_schema_field(StoryLine(many=True))
    def get_explanation(self, clock: Clock) -> list[dict[str, Any]]:
        told: dict[int, list[Line]] = self.context["explanations"]
        return StoryLine(told[clock.pk], many=True).data  # type: ignore[return-value]


class LadderStepOutput(Output):
    """A step of the ladder."""

    at_percent = serializers.IntegerField(allow_null=True)
    after_due_minutes = serializers.IntegerField(allow_null=True)
    action = serializers.CharField()
    target = serializers.CharField()
    role = serializers.CharField()


class RuleOutput(Output):
    """One version of a rule; the tokens are event codes, with a variant after a colon."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    is_current = serializers.BooleanField()
    name = serializers.CharField()
    name_zh = serializers.CharField()
    promise = serializers.CharField()
    position = serializers.IntegerField()
    kind = serializers.ChoiceField(RuleKind.choices)
    mode = serializers.ChoiceField(Mode.choices)
    subject_type = serializers.CharField()
    starts_on = serializers.ListField(child=serializers.CharField())
    stops_on = serializers.ListField(child=serializers.CharField())
    pauses_on = serializers.ListField(child=serializers.CharField())
    resumes_on = serializers.ListField(child=serializers.CharField())
    cancels_on = serializers.ListField(child=serializers.CharField())
    conditions = serializers.JSONField()
    amount = serializers.IntegerField()
    unit = serializers.ChoiceField(Unit.choices)
    roll = serializers.ChoiceField(Roll.choices)
    calendar = serializers.CharField(source="calendar.code")
    legal_basis = serializers.CharField()
    source_note = serializers.CharField()
    confidence = serializers.ChoiceField(Confidence.choices, allow_blank=True)
    counts_for_due = serializers.BooleanField()
    effective_from = serializers.DateTimeField(allow_null=True)
    effective_to = serializers.DateTimeField(allow_null=True)
    is_active = serializers.BooleanField()
    note = serializers.CharField()
    steps = LadderStepOutput(many=True)


class LadderStepInput(Input):
    """A step of the ladder; ``at_percent`` or ``after_due_minutes``."""

    at_percent = serializers.IntegerField(min_value=1, max_value=100, required=False)
    after_due_minutes = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False)
    action = serializers.CharField(max_length=40)
    target = serializers.ChoiceField(StepTarget.choices, required=False)
    role = serializers.CharField(max_length=20, required=False)


def tokens() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, max_length=40
    )


class ChangesInput(Input):
    """Fields of the next version; what is left out stays. ``steps`` replaces the whole ladder."""

    name = serializers.CharField(max_length=120, required=False)
    name_zh = serializers.CharField(max_length=120, required=False)
    position = serializers.IntegerField(min_value=0, max_value=100_000, required=False)
    kind = serializers.ChoiceField(RuleKind.choices, required=False)
    mode = serializers.ChoiceField(Mode.choices, required=False)
    starts_on = tokens()
    stops_on = tokens()
    pauses_on = tokens()
    resumes_on = tokens()
    cancels_on = tokens()
    conditions = serializers.JSONField(required=False)
    amount = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False)
    unit = serializers.ChoiceField(Unit.choices, required=False)
    roll = serializers.ChoiceField(Roll.choices, required=False)
    calendar = CodeField(Calendar.objects.all, slug_field="code", required=False)
    legal_basis = serializers.CharField(max_length=300, required=False, allow_blank=True)
    source_note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    confidence = serializers.ChoiceField(Confidence.choices, required=False, allow_blank=True)
    counts_for_due = serializers.BooleanField(required=False)
    effective_from = serializers.DateTimeField(required=False, allow_null=True)
    effective_to = serializers.DateTimeField(required=False, allow_null=True)
    is_active = serializers.BooleanField(required=False)


class RevisionInput(ChangesInput):
    """The next version and why."""

    note = serializers.CharField(max_length=500)
    steps = LadderStepInput(many=True, required=False)

    def validate_steps(self, given: list[dict[str, Any]]) -> list[StepSpec]:
        return [StepSpec(**step) for step in given]


class MovedOutput(Output):
    """An open object and its due times, now and under the draft."""

    about = serializers.CharField(source="label")
    now_due = serializers.DateTimeField(allow_null=True)
    new_due = serializers.DateTimeField(allow_null=True)


class PreviewOutput(Output):
    """What the next version would mean for what is open; running clocks keep their version."""

    looked_at = serializers.IntegerField()
    matching = serializers.IntegerField()
    moving = serializers.IntegerField()
    is_capped = serializers.BooleanField()
    sample = MovedOutput(many=True)
    warnings = serializers.ListField(child=serializers.CharField())
