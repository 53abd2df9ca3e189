"""What each verb takes, checked for shape; whether it may happen is the service's business."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from aftersales.kernel.api import LARGEST_ID, CodeField, Input
from aftersales.kernel.money import MINOR_UNITS
from customers.models import Shop
from staff.models import Department, Language, Team, User
from tickets.choices import (
    Channel,
    Complexity,
    EvidenceKind,
    FollowUpKind,
    Kind,
    LinkKind,
    Party,
    Priority,
    Remedy,
    Sentiment,
    Severity,
)
from tickets.models import Category, Ticket
from tickets.statuses import TicketStatus

LONGEST_TEXT = 50_000
WAITING = [(status.value, status.label) for status in (TicketStatus.PENDING, TicketStatus.ON_HOLD)]


class IdField(serializers.IntegerField):
    """The number of a row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)


class PhraseField(serializers.CharField):
    """A line of text."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 500)
        super().__init__(**kwargs)


class NoteInput(Input):
    """A remark, if there is one to make."""

    note = PhraseField(required=False, allow_blank=True, default="")


class ReasonInput(Input):
    """Why."""

    note = PhraseField()


class TextInput(Input):
    """Words."""

    body = serializers.CharField(max_length=LONGEST_TEXT)


class CallerInput(Input):
    """The customer: a known ``id``, or a mail address or phone number, added when nobody has it."""

    id = IdField(required=False)
    email = PhraseField(required=False, max_length=254)
    phone = PhraseField(required=False, max_length=40)
    name = PhraseField(required=False, allow_blank=True, max_length=120)
    language = serializers.ChoiceField(Language.choices, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len({"id", "email", "phone"} & attrs.keys()) != 1:
            raise serializers.ValidationError(
                _("Give exactly one of: id, email, phone."), code="invalid"
            )
        return attrs


class OrderKeyInput(Input):
    """An order by its shop and the shop's number."""

    source = PhraseField(max_length=40)  # type: ignore[assignment]
    number = PhraseField(max_length=64)


class TicketInput(Input):
    """Feedback as it came. ``external_id`` is the caller's own number: the same number again is the
    same case."""

    body = serializers.CharField(max_length=LONGEST_TEXT)
    subject = PhraseField(required=False, allow_blank=True, default="")
    kind = serializers.ChoiceField(Kind.choices, default=Kind.CONSULTATION)
    channel = serializers.ChoiceField(Channel.choices, default=Channel.API)
    priority = serializers.ChoiceField(Priority.choices, default=Priority.NORMAL)
    customer = CallerInput(required=False)
    order = OrderKeyInput(required=False)
    shop = CodeField(lambda: Shop.objects.filter(is_active=True), slug_field="code", required=False)
    category = CodeField(
        lambda: Category.objects.filter(is_active=True).select_related("department"),
        slug_field="path",
        required=False,
    )
    department = CodeField(
        lambda: Department.objects.filter(is_active=True), slug_field="code", required=False
    )
    language = serializers.ChoiceField(Language.choices, required=False)
    requested_remedy = serializers.ChoiceField(Remedy.choices, required=False)
    external_id = PhraseField(required=False, allow_blank=True, max_length=100, default="")
    author_name = PhraseField(required=False, allow_blank=True, max_length=120, default="")
    tags = serializers.ListField(child=PhraseField(max_length=40), required=False, max_length=30)


class CustomerMessageInput(TextInput):
    """What the customer said. ``external_id`` is the caller's own number: the same number again is
    the same message."""

    channel = serializers.ChoiceField(Channel.choices, default=Channel.API)
    external_id = PhraseField(required=False, allow_blank=True, max_length=100, default="")
    author_name = PhraseField(required=False, allow_blank=True, max_length=120, default="")


class AssessInput(NoteInput):
    """A judgment; what is left out stays as it is, ``null`` or an empty text takes it away."""

    priority = serializers.ChoiceField(Priority.choices, required=False)
    severity = serializers.ChoiceField(Severity.choices, required=False, allow_blank=True)
    complexity = serializers.ChoiceField(Complexity.choices, required=False, allow_blank=True)
    kind = serializers.ChoiceField(Kind.choices, required=False)
    category = CodeField(
        lambda: Category.objects.filter(is_active=True),
        slug_field="path",
        required=False,
        allow_null=True,
    )
    requested_remedy = serializers.ChoiceField(Remedy.choices, required=False, allow_blank=True)
    sentiment = serializers.ChoiceField(Sentiment.choices, required=False, allow_blank=True)
    is_green_channel = serializers.BooleanField(required=False)


class DetailsInput(NoteInput):
    """Plain facts; what is left out stays as it is, ``null`` or an empty text takes it away."""

    subject = PhraseField(required=False, max_length=200)
    language = serializers.ChoiceField(Language.choices, required=False)
    order = OrderKeyInput(required=False, allow_null=True)
    tags = serializers.ListField(child=PhraseField(max_length=40), required=False, max_length=30)
    root_cause = PhraseField(required=False, allow_blank=True, max_length=300)
    responsible_party = serializers.ChoiceField(Party.choices, required=False, allow_blank=True)


class NameCustomerInput(CallerInput, ReasonInput):
    """Whose the case is: a known ``id``, a mail address or phone number; and how that is known."""


class RouteInput(NoteInput):
    """Where to."""

    department = CodeField(lambda: Department.objects.filter(is_active=True), slug_field="code")
    team = CodeField(lambda: Team.objects.filter(is_active=True), slug_field="code", required=False)


class AssignInput(NoteInput):
    """To whom; ``null`` takes the case away from everybody."""

    assignee = CodeField(lambda: User.objects.people(), slug_field="username", allow_null=True)


class WaitInput(NoteInput):
    """For whom we wait."""

    status = serializers.ChoiceField(WAITING)


class ReplyInput(TextInput):
    """An answer. ``seen_message_id`` is the newest message its author had read."""

    then = serializers.ChoiceField(WAITING, required=False)
    seen_message_id = IdField(required=False)


class ResultInput(TextInput):
    """The decision in words for the customer."""

    resolve = serializers.BooleanField(default=True)


class ProposeInput(Input):
    """A remedy and its terms. ``is_sure``: more than was paid for the order is meant."""

    remedy = serializers.ChoiceField(Remedy.choices)
    terms = serializers.CharField(max_length=5000)
    amount = serializers.DecimalField(14, 2, required=False, allow_null=True)
    currency = serializers.ChoiceField(sorted(MINOR_UNITS), required=False)
    is_sure = serializers.BooleanField(required=False)


class QuestionInput(Input):
    """What to find out."""

    question = PhraseField(max_length=300)


class EvidenceInput(Input):
    """What a finding will rest on; ``attachment`` is a file of the case."""

    kind = serializers.ChoiceField(EvidenceKind.choices)
    text = serializers.CharField(max_length=5000)
    attachment = IdField(required=False)


class ConcludeInput(Input):
    """What happened, why, and who is responsible."""

    findings = serializers.CharField(max_length=10_000)
    root_cause = PhraseField(max_length=300)
    responsible_party = serializers.ChoiceField(Party.choices)


class RateInput(Input):
    """What the customer said."""

    score = serializers.IntegerField(min_value=1, max_value=5)
    comment = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class LearnInput(Input):
    """What to change so that it does not happen again."""

    lesson = PhraseField()


class FollowUpInput(Input):
    """A promise; without ``assignee`` the caller's own."""

    kind = serializers.ChoiceField(FollowUpKind.choices)
    text = PhraseField(max_length=300)
    due_at = serializers.DateTimeField()
    assignee = CodeField(lambda: User.objects.people(), slug_field="username", required=False)


class OutcomeInput(Input):
    """How it went."""

    outcome = PhraseField(max_length=300)


class MergeInput(NoteInput):
    """The case that goes on; another customer's is refused unless the caller ``is_sure``."""

    into = CodeField(lambda: Ticket.objects.all(), slug_field="number", is_scoped=True)
    is_sure = serializers.BooleanField(default=False)


class SplitInput(NoteInput):
    """What becomes a case of its own."""

    messages = serializers.ListField(child=IdField(), min_length=1, max_length=500)
    subject = PhraseField(max_length=200)


class LinkInput(NoteInput):
    """The other case, and how they belong together."""

    target = CodeField(lambda: Ticket.objects.all(), slug_field="number", is_scoped=True)
    kind = serializers.ChoiceField(
        [(kind.value, kind.label) for kind in (LinkKind.RELATED, LinkKind.CHILD)]
    )


class WatchInput(Input):
    """Who; without a name the caller."""

    user = CodeField(lambda: User.objects.people(), slug_field="username", required=False)


class UploadInput(Input):
    """A file, on the case or on one of its messages."""

    file = serializers.FileField(allow_empty_file=True)
    message = IdField(required=False)
    is_internal = serializers.BooleanField(default=False)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, QueryDict) and len(data.getlist("file")) > 1:
            refusal = serializers.ErrorDetail(str(_("Send one file at a time.")), code="invalid")
            raise serializers.ValidationError({"file": [refusal]})
        return super().to_internal_value(data)
