"""What the API tells of the trail and of findings."""

from __future__ import annotations

from rest_framework import serializers

from aftersales.kernel.api import Input, Output, ToldField
from aftersales.kernel.context import Source
from compliance import events
from compliance.models import AuditEvent, Finding, Severity
from compliance.statuses import FindingStatus


class AuditEventOutput(Output):
    """One thing that was done."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    label = serializers.SerializerMethodField()  # type: ignore[assignment]
    subject_type = serializers.CharField()
    subject_id = serializers.IntegerField()
    subject = serializers.CharField(source="subject_label")
    case = serializers.CharField(source="case_label")
    actor_id = serializers.IntegerField()
    actor = serializers.CharField(source="actor_name")
    on_behalf_of = serializers.CharField(source="on_behalf_of_name")
    note = serializers.CharField()
    data = ToldField()  # type: ignore[assignment]
    source = serializers.ChoiceField(Source.choices)  # type: ignore[assignment]
    request_id = serializers.CharField()
    client_address = serializers.CharField(allow_null=True)
    occurred_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()

    def get_label(self, event: AuditEvent) -> str:
        return events.label(event.code)


class FindingOutput(Output):
    """Something that should hold and did not."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    severity = serializers.ChoiceField(Severity.choices)
    title = serializers.CharField()
    subject_type = serializers.CharField()
    subject_id = serializers.IntegerField()
    subject = serializers.CharField(source="subject_label")
    case = serializers.CharField(source="case_label")
    evidence = ToldField()
    exposure = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    owner = serializers.SerializerMethodField()
    due_at = serializers.DateTimeField(allow_null=True)
    status = serializers.ChoiceField(FindingStatus.choices)
    hit_count = serializers.IntegerField()
    opened_at = serializers.DateTimeField()
    last_hit_at = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField()

    def get_owner(self, finding: Finding) -> str | None:
        return finding.owner.username if finding.owner else None


class RemarkInput(Input):
    """A remark, if there is one to make."""

    note = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class SettlementInput(Input):
    """How it was settled."""

    note = serializers.CharField(max_length=5000)
