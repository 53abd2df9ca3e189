"""What the API tells of its caller, and of errors."""

from __future__ import annotations

from rest_framework import serializers

from aftersales.kernel.api import Input, Output
from staff.models import User


class LoginInput(Input):
    """A login name and its password."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class MeOutput(Output):
    """Who is calling, and what they may do."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    display_name = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    department = serializers.CharField(source="department.code", allow_null=True)
    team = serializers.CharField(source="team.code", allow_null=True)
    language = serializers.CharField()
    permissions = serializers.SerializerMethodField()

    def get_permissions(self, user: User) -> list[str]:
        return sorted(user.get_all_permissions())


class TokenOutput(Output):
    """A key; it is not shown again."""

    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class ErrorBody(Output):
    """What went wrong, in the caller's language; `code` never changes."""

    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(help_text="The input at fault, e.g. `lines.0.quantity`.")
    request_id = serializers.CharField()
    allowed = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="For a verb that does not fit: what the object may become now.",
    )
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="For bad input: every field at fault.",
    )


class ErrorOutput(Output):
    """Every refusal looks like this."""

    error = ErrorBody()
