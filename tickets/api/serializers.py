"""What the API tells of a case. Every field is named; people's data is masked."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from aftersales.kernel.api import Output, ToldField
from compliance import events
from customers.models import Customer
from tickets.choices import (
    Channel,
    Complexity,
    EvidenceKind,
    FollowUpKind,
    Kind,
    LinkKind,
    MessageKind,
    Party,
    Priority,
    Remedy,
    Sentiment,
    Severity,
)
from tickets.models import Message
from tickets.querysets import reads_hidden
from tickets.statuses import (
    FollowUpStatus,
    IntakeOutcome,
    InvestigationStatus,
    ProposalStatus,
    SurveyStatus,
    TicketStatus,
)


class CustomerRef(Output):
    """Enough to recognise a customer."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="masked_name")


class OrderRef(Output):
    """An order by its shop and number."""

    source = serializers.CharField(source="shop.code")  # type: ignore[assignment]
    number = serializers.CharField(source="external_id")


class TicketSummary(Output):
    """A case as lists show it."""

    number = serializers.CharField()
    subject = serializers.CharField()
    kind = serializers.ChoiceField(Kind.choices)
    category = serializers.CharField(source="category.path", allow_null=True)
    channel = serializers.ChoiceField(Channel.choices)
    status = serializers.ChoiceField(TicketStatus.choices)
    priority = serializers.ChoiceField(Priority.choices)
    is_green_channel = serializers.BooleanField()
    department = serializers.CharField(source="department.code")
    team = serializers.CharField(source="team.code", allow_null=True)
    assignee = serializers.CharField(source="assignee.username", allow_null=True)
    customer = CustomerRef(allow_null=True)
    order = OrderRef(allow_null=True)
    shop = serializers.CharField(source="shop.code", allow_null=True)
    language = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    external_id = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    received_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    last_inbound_at = serializers.DateTimeField(allow_null=True)


class TicketDetail(TicketSummary):
    """A case in full."""

    severity = serializers.ChoiceField(Severity.choices, allow_blank=True)
    complexity = serializers.ChoiceField(Complexity.choices, allow_blank=True)
    sentiment = serializers.ChoiceField(Sentiment.choices, allow_blank=True)
    requested_remedy = serializers.ChoiceField(Remedy.choices, allow_blank=True)
    responsible_party = serializers.ChoiceField(Party.choices, allow_blank=True)
    root_cause = serializers.CharField()
    lesson = serializers.CharField()
    reopened_count = serializers.IntegerField()
    urged_count = serializers.IntegerField()
    created_by = serializers.CharField(source="created_by.username")
    first_response_at = serializers.DateTimeField(allow_null=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    assessed_at = serializers.DateTimeField(allow_null=True)
    routed_at = serializers.DateTimeField(allow_null=True)
    investigated_at = serializers.DateTimeField(allow_null=True)
    proposed_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    carried_out_at = serializers.DateTimeField(allow_null=True)
    result_told_at = serializers.DateTimeField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    rated_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


class MessageOutput(Output):
    """Something said. The text of a hidden one is shown to those who may hide only."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(MessageKind.choices)
    channel = serializers.ChoiceField(Channel.choices)
    author = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()
    quoted = serializers.SerializerMethodField()
    is_automatic = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    effective_at = serializers.DateTimeField()
    undone_at = serializers.DateTimeField(allow_null=True)
    hidden_at = serializers.DateTimeField(allow_null=True)
    hidden_reason = serializers.CharField()

    def get_author(self, message: Message) -> str:
        """Colleagues by name, customers masked."""
        from_customer = message.kind == MessageKind.INBOUND and message.author_id is None
        return (
            Customer(name=message.author_name).masked_name
            if from_customer
            else (message.author_name)
        )

    def get_body(self, message: Message) -> str:
        return "" if self._is_withheld(message) else message.body

    def get_quoted(self, message: Message) -> str:
        return "" if self._is_withheld(message) else message.quoted

    def _is_withheld(self, message: Message) -> bool:
        return message.hidden_at is not None and not reads_hidden(self.context["request"].user)


class MessageReceiptOutput(Output):
    """What became of a customer's words: the message and the case where they landed, or why they
    wait for a person."""

    outcome = serializers.ChoiceField(IntakeOutcome.choices)
    reason = serializers.CharField()
    ticket = serializers.CharField(source="ticket.number", allow_null=True)
    message = MessageOutput(source="intake.message", allow_null=True)


class AttachmentOutput(Output):
    """A file of a case; its bytes are at ``attachments/{id}/``."""

    id = serializers.IntegerField()
    message = serializers.IntegerField(source="message_id", allow_null=True)
    file_name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField(source="digest")
    is_internal = serializers.BooleanField()
    added_by = serializers.CharField(source="added_by.username")
    added_at = serializers.DateTimeField()


class EventOutput(Output):
    """Something done on a case."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    label = serializers.SerializerMethodField()  # type: ignore[assignment]
    subject = serializers.CharField(source="subject_label")
    actor = serializers.CharField(source="actor_name")
    note = serializers.CharField()
    data = ToldField()  # type: ignore[assignment]
    source = serializers.CharField()  # type: ignore[assignment]
    occurred_at = serializers.DateTimeField()

    def get_label(self, event: Any) -> str:
        return events.label(event.code)


class StepOutput(Output):
    """One step of the loop."""

    step = serializers.CharField(source="step.value")
    label = serializers.CharField()  # type: ignore[assignment]
    state = serializers.ChoiceField(["done", "current", "open"])
    at = serializers.DateTimeField(allow_null=True)


class GateOutput(Output):
    """One condition for closing, and what to do while it does not hold."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    how_to = serializers.CharField()
    is_open = serializers.BooleanField()


class EvidenceOutput(Output):
    """What a finding rests on."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(EvidenceKind.choices)
    text = serializers.CharField()
    attachment = serializers.IntegerField(source="attachment_id", allow_null=True)
    added_by = serializers.CharField(source="added_by.username")
    added_at = serializers.DateTimeField()


class InvestigationOutput(Output):
    """Finding out what happened."""

    id = serializers.IntegerField()
    question = serializers.CharField()
    status = serializers.ChoiceField(InvestigationStatus.choices)
    findings = serializers.CharField()
    root_cause = serializers.CharField()
    responsible_party = serializers.ChoiceField(Party.choices, allow_blank=True)
    opened_by = serializers.CharField(source="opened_by.username")
    opened_at = serializers.DateTimeField()
    concluded_by = serializers.CharField(source="concluded_by.username", allow_null=True)
    concluded_at = serializers.DateTimeField(allow_null=True)
    evidence = EvidenceOutput(many=True)


class ProposalOutput(Output):
    """An offered remedy."""

    id = serializers.IntegerField()
    remedy = serializers.ChoiceField(Remedy.choices)
    terms = serializers.CharField()
    amount = serializers.DecimalField(14, 2, allow_null=True)
    currency = serializers.CharField()
    status = serializers.ChoiceField(ProposalStatus.choices)
    offered_by = serializers.CharField(source="offered_by.username")
    offered_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    answered_via = serializers.CharField()
    answer_note = serializers.CharField()
    carried_out_at = serializers.DateTimeField(allow_null=True)
    outcome_note = serializers.CharField()


class FollowUpOutput(Output):
    """Something promised for later."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(FollowUpKind.choices)
    text = serializers.CharField()
    due_at = serializers.DateTimeField()
    assignee = serializers.CharField(source="assignee.username")
    status = serializers.ChoiceField(FollowUpStatus.choices)
    outcome = serializers.CharField()
    done_at = serializers.DateTimeField(allow_null=True)


class RatingOutput(Output):
    """The customer's rating of one resolution."""

    round = serializers.IntegerField()
    status = serializers.ChoiceField(SurveyStatus.choices)
    score = serializers.IntegerField(allow_null=True)
    comment = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class LinkOutput(Output):
    """Two cases that belong together: «ticket is <kind> target»."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(LinkKind.choices)
    ticket = serializers.CharField(source="ticket.number")
    target = serializers.CharField(source="target.number")
    created_at = serializers.DateTimeField()


class WatcherOutput(Output):
    """Somebody who follows a case."""

    username = serializers.CharField(source="user.username")
    since = serializers.DateTimeField()


class MacroOutput(Output):
    """Several steps in one."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="__str__")


class PreparedOutput(Output):
    """What a macro leaves to look at and send."""

    reply = serializers.CharField()
    remedy = serializers.CharField()


class StatusLinkOutput(Output):
    """The address of the customer's status page."""

    url = serializers.URLField()


class RevokedOutput(Output):
    """How many links were ended."""

    revoked = serializers.IntegerField()
