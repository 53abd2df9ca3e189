"""What is said on a case, and its files."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.kernel.api import DeskView
from aftersales.kernel.bodies import BoundedFormParser
from compliance.api.once import create_once
from compliance.idempotency import Answer
from staff.models import User
from tickets import files
from tickets.api import inputs
from tickets.api.serializers import AttachmentOutput, MessageOutput, MessageReceiptOutput
from tickets.api.views.base import TicketPart, TicketVerb, actor_of, ticket_id_of
from tickets.models import Attachment, Message
from tickets.services import conversation
from tickets.services.files import NewFile, add_file
from tickets.services.intake import Relayed, relay
from tickets.statuses import IntakeOutcome, TicketStatus

CODES = {IntakeOutcome.DUPLICATE: 200, IntakeOutcome.QUARANTINED: 202}
OLDEST_FIRST = {"created_at": ("created_at", "id"), "-created_at": ("-created_at", "-id")}


class MessageListView(TicketPart):
    """Everything said, oldest first."""

    serializer_class = MessageOutput
    orderings = OLDEST_FIRST

    def rows(self, ticket_id: int, actor: User) -> QuerySet[Message]:
        return Message.objects.filter(ticket=ticket_id)


class CustomerMessageView(DeskView):
    """Pass on what the customer said elsewhere, for programs.

    Answers 201 with the case where the words landed, which may be another one; 200 for an
    `external_id` used before; 202 when too many came within an hour and a person decides.
    """

    input_class = inputs.CustomerMessageInput
    output_class = MessageReceiptOutput
    is_creation = True
    other_codes = (200, 202)

    def post(self, request: Request, number: str) -> Response:
        actor = actor_of(request)
        ticket_id = ticket_id_of(number, actor)
        given = inputs.CustomerMessageInput(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        said = Relayed(**given.validated_data)

        def perform() -> Answer:
            receipt = relay(ticket_id, said, actor=actor)
            body = MessageReceiptOutput(receipt, context={"request": request}).data
            return Answer(CODES.get(receipt.outcome, 201), body)

        return create_once(request, perform)


class ReplyView(TicketVerb):
    """Answer the customer; can be undone for some seconds."""

    input_class = inputs.ReplyInput
    output_class = MessageOutput
    is_creation = True

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        if then := given.pop("then", None):
            given["then"] = TicketStatus(then)
        return conversation.reply(ticket_id, actor=actor, **given)


class NoteView(TicketVerb):
    """Write an internal note; `@name` calls a colleague."""

    input_class = inputs.TextInput
    output_class = MessageOutput
    is_creation = True

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return conversation.note(ticket_id, actor=actor, **given)


class MessageVerb(TicketVerb):
    """A verb of one message of the case."""

    output_class = MessageOutput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        message_id = given.pop("message_id")
        rows = Message.objects.visible_to(actor).filter(ticket=ticket_id)
        return self.act_on(rows.only("pk").get(pk=message_id).pk, actor, **given)

    def act_on(self, message_id: int, actor: User, **given: Any) -> Any:
        """Call the one service."""
        raise NotImplementedError


class UndoView(MessageVerb):
    """Recall one's own answer before it takes effect."""

    def act_on(self, message_id: int, actor: User, **given: Any) -> Any:
        return conversation.undo_reply(message_id, actor=actor)


class HideView(MessageVerb):
    """Take a message out of sight."""

    input_class = inputs.ReasonInput

    def act_on(self, message_id: int, actor: User, **given: Any) -> Any:
        return conversation.hide_message(message_id, actor=actor, **given)


class ShowView(MessageVerb):
    """Bring a hidden message back."""

    input_class = inputs.ReasonInput

    def act_on(self, message_id: int, actor: User, **given: Any) -> Any:
        return conversation.show_message(message_id, actor=actor, **given)


class AttachmentListView(TicketPart, TicketVerb):
    """Files of a case."""

    serializer_class = AttachmentOutput
    input_class = inputs.UploadInput
    output_class = AttachmentOutput
    is_creation = True

    def get_parsers(self) -> list[BaseParser]:
        return [BoundedFormParser()]

    def rows(self, ticket_id: int, actor: User) -> QuerySet[Attachment]:
        rows = Attachment.objects.readable_by(actor).filter(ticket=ticket_id)
        return rows.select_related("added_by")

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        upload, message_id = given["file"], given.get("message")
        message = None
        if message_id is not None:
            message = Message.objects.filter(ticket=ticket_id).get(pk=message_id)
        new = NewFile(upload.name, upload.read())
        return add_file(
            ticket_id, new, actor=actor, message=message, is_internal=given["is_internal"]
        )


class AttachmentView(DeskView):
    """The bytes of a file, always to be saved, never to be shown."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, number: str, attachment_id: int) -> FileResponse:
        actor = actor_of(request)
        rows = Attachment.objects.readable_by(actor).filter(ticket=ticket_id_of(number, actor))
        attachment = rows.get(pk=attachment_id)
        try:
            content = files.path_of(attachment.digest).open("rb")
        except FileNotFoundError:
            raise Http404 from None
        return FileResponse(
            content,
            as_attachment=True,
            filename=attachment.file_name,
            content_type="application/octet-stream",
            headers={"X-Content-Type-Options": "nosniff"},
        )
