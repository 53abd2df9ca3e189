"""What the API tells of the trail."""

from __future__ import annotations

from rest_framework import serializers

from aftersales.kernel.api import Output
from aftersales.kernel.context import Source
from compliance import events
from compliance.models import AuditEvent


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
    data = serializers.JSONField()  # type: ignore[assignment]
    source = serializers.ChoiceField(Source.choices)  # type: ignore[assignment]
    request_id = serializers.CharField()
    client_address = serializers.CharField(allow_null=True)
    occurred_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()

    def get_label(self, event: AuditEvent) -> str:
        return events.label(event.code)
