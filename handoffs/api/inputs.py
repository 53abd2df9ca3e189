"""What each verb takes, checked for shape; whether it may happen is the service's business."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from aftersales.kernel.api import CodeField, Input
from aftersales.kernel.money import MINOR_UNITS
from handoffs.models import HandoffTemplate
from handoffs.services.receiving import Reply
from handoffs.services.sending import Ask, Outsider
from handoffs.services.shared import Charge
from staff.models import Department, Language, Team, User
from tickets.api.inputs import IdField, NoteInput, PhraseField
from tickets.choices import Party


def files_field() -> serializers.ListField:
    """Files of the case by their numbers."""
    return serializers.ListField(child=IdField(), required=False, default=list, max_length=10)


def department_field(**options: Any) -> CodeField:
    return CodeField(
        lambda: Department.objects.filter(is_active=True), slug_field="code", **options
    )


def team_field() -> CodeField:
    return CodeField(lambda: Team.objects.filter(is_active=True), slug_field="code", required=False)


class OutsiderInput(Input):
    """Who is asked outside the firm."""

    name = PhraseField(max_length=120)
    email = PhraseField(required=False, allow_blank=True, max_length=254)
    phone = PhraseField(required=False, allow_blank=True, max_length=40)
    language = serializers.ChoiceField(Language.choices, required=False)


class SendInput(Input):
    """A question to a department or an outsider, or the case offered to a department."""

    template = CodeField(lambda: HandoffTemplate.objects.active(), slug_field="code")
    question = serializers.CharField(max_length=5000)
    department = department_field(required=False)
    team = team_field()
    outsider = OutsiderInput(required=False)
    answers = serializers.DictField(required=False, default=dict)
    files = files_field()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "outsider" in attrs:
            attrs["outsider"] = Outsider(**attrs["outsider"])
        return {"ask": Ask(**attrs)}


class ChargeInput(Input):
    """Who is responsible, and what it costs them."""

    responsible_party = serializers.ChoiceField(Party.choices)
    amount = serializers.DecimalField(14, 2, required=False)
    currency = serializers.ChoiceField(sorted(MINOR_UNITS), required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {"charge": Charge(**attrs)}


class AnswerInput(Input):
    """The answer; ``said_by`` is the outsider's person, if one spoke."""

    text = serializers.CharField(max_length=10_000)
    answers = serializers.DictField(required=False, default=dict)
    files = files_field()
    charge = ChargeInput(required=False)
    said_by = PhraseField(required=False, allow_blank=True, max_length=100)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        charge: dict[str, Any] = attrs.pop("charge", {})
        return {"reply": Reply(**attrs | charge)}


class WordsInput(Input):
    """Words to the other side."""

    note = serializers.CharField(max_length=5000)


class ResendInput(WordsInput):
    """What was asked for."""

    files = files_field()


class RerouteInput(NoteInput):
    """Where to instead."""

    department = department_field()
    team = team_field()


class CloseInput(NoteInput):
    """The answer is accepted."""

    charge = ChargeInput(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        charge: dict[str, Any] = attrs.pop("charge", {})
        return attrs | charge


class AssignLegInput(NoteInput):
    """To whom; ``null`` gives it back to the department."""

    assignee = CodeField(lambda: User.objects.people(), slug_field="username", allow_null=True)


class ExampleInput(Input):
    """What a closed case teaches."""

    title = PhraseField(max_length=200)
    lesson = serializers.CharField(max_length=1000)
