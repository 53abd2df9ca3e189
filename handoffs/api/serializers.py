"""What the API tells of legs. Every field is named; outsiders' contacts are masked."""

from __future__ import annotations

from rest_framework import serializers

from aftersales.kernel.api import Output
from aftersales.kernel.masking import mask_email, mask_phone
from handoffs.choices import HandoffKind, Part, Side, TurnVerb
from handoffs.models import Handoff
from handoffs.statuses import ExampleStatus, HandoffStatus
from staff.models import DepartmentKind, Language
from tickets.choices import Kind, Party
from tickets.steps import Step


class PartyOutput(Output):
    """An outsider, contacts masked."""

    name = serializers.CharField(source="party_name")
    email = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()
    language = serializers.ChoiceField(Language.choices, source="party_language")

    def get_email(self, leg: Handoff) -> str:
        return mask_email(leg.party_email) if leg.party_email else ""

    def get_phone(self, leg: Handoff) -> str:
        return mask_phone(leg.party_phone) if leg.party_phone else ""


class HandoffSummary(Output):
    """A leg as lists show it."""

    number = serializers.CharField()
    ticket = serializers.CharField(source="ticket.number")
    kind = serializers.ChoiceField(HandoffKind.choices)
    template = serializers.CharField(source="template.code")
    status = serializers.ChoiceField(HandoffStatus.choices)
    side = serializers.ChoiceField(Side.choices)
    from_department = serializers.CharField(source="from_department.code")
    to_department = serializers.CharField(source="to_department.code", allow_null=True)
    to_team = serializers.CharField(source="to_team.code", allow_null=True)
    outsider = PartyOutput(source="external", allow_null=True)
    question = serializers.CharField()
    assignee = serializers.CharField(source="assignee.username", allow_null=True)
    ping_pong_count = serializers.IntegerField()
    pauses_case = serializers.BooleanField()
    holds_case = serializers.BooleanField()
    due_at = serializers.DateTimeField(allow_null=True)
    sent_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class TurnOutput(Output):
    """Something done on a leg."""

    verb = serializers.ChoiceField(TurnVerb.choices)
    status = serializers.ChoiceField(HandoffStatus.choices)
    side = serializers.ChoiceField(Side.choices)
    department = serializers.CharField(source="department.code", allow_null=True)
    text = serializers.CharField()
    by = serializers.CharField(source="by.username")
    by_name = serializers.CharField()
    at = serializers.DateTimeField()


class HandoffFileOutput(Output):
    """A file that goes with a leg; ``attachment`` is its number on the case."""

    attachment = serializers.IntegerField(source="attachment_id")
    file_name = serializers.CharField(source="attachment.file_name")
    field = serializers.CharField()


class HandoffOutput(HandoffSummary):
    """A leg with everything said on it."""

    ask_fields = serializers.JSONField()
    asked = serializers.JSONField()
    answer_fields = serializers.JSONField()
    answered = serializers.JSONField()
    answer = serializers.CharField()
    answered_for = serializers.CharField()
    responsible_party = serializers.ChoiceField(Party.choices, allow_blank=True)
    cost_amount = serializers.DecimalField(14, 2, allow_null=True)
    cost_currency = serializers.CharField()
    turns = TurnOutput(many=True)
    files = HandoffFileOutput(many=True)


class PartyLinkOutput(Output):
    """Where an outsider answers."""

    url = serializers.CharField()


class TemplateOutput(Output):
    """A kind of question with its forms."""

    code = serializers.CharField()
    name = serializers.CharField()
    name_zh = serializers.CharField()
    kind = serializers.ChoiceField(HandoffKind.choices)
    target_kind = serializers.ChoiceField(DepartmentKind.choices, allow_blank=True)
    target_department = serializers.CharField(source="target_department.code", allow_null=True)
    pauses_case = serializers.BooleanField()
    ask_fields = serializers.JSONField()
    answer_fields = serializers.JSONField()


class ResponsibilityOutput(Output):
    """A department's part in a step; without a category it holds for all of them."""

    category = serializers.CharField(source="category.path", allow_null=True)
    step = serializers.ChoiceField(Step.choices)
    part = serializers.ChoiceField(Part.choices)
    department = serializers.CharField(source="department.code")


class ExampleOutput(Output):
    """A closed case without personal data."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    lesson = serializers.CharField()
    body = serializers.CharField()
    kind = serializers.ChoiceField(Kind.choices)
    category = serializers.CharField(source="category.path", allow_null=True)
    status = serializers.ChoiceField(ExampleStatus.choices)
    proposed_at = serializers.DateTimeField()
    approved_at = serializers.DateTimeField(allow_null=True)
