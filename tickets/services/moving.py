"""What hangs on one case goes to another. The caller holds the locks of both."""

from __future__ import annotations

from compliance.models import AuditEvent
from compliance.services import record
from staff.models import User
from tickets.models import Attachment, Draft, FollowUp, Message, Ticket
from tickets.policies import can_note
from tickets.querysets import is_seen
from tickets.services.conversation import put_into_draft
from tickets.services.outbox import rehome_mails
from tickets.statuses import FollowUpStatus

PLANNED = "tickets.follow_up_planned"


def move_messages(messages: list[Message], ticket: Ticket, *, actor: User) -> None:
    """Messages go to another case with their files and mails."""
    for message in messages:
        message.ticket = ticket
        message.save(update_fields=["ticket"])
    for file in Attachment.objects.locked().filter(message__in=messages).order_by("pk"):
        _rehome(file, ticket)
    rehome_mails(messages, actor=actor)


def move_loose_files(origin: Ticket, ticket: Ticket) -> None:
    """Files that belong to no message."""
    for file in origin.attachments.locked().filter(message=None).order_by("pk"):
        _rehome(file, ticket)


def _rehome(file: Attachment, ticket: Ticket) -> None:
    file.ticket = ticket
    file.save(update_fields=["ticket"])


def move_follow_ups(origin: Ticket, ticket: Ticket, *, actor: User) -> None:
    """What was promised for later is promised by the other case; to be called when the promises of
    the first have ended."""
    planned = FollowUp.objects.filter(ticket=origin, status=FollowUpStatus.PLANNED)
    if not planned.exists():
        return
    for row in planned.locked().order_by("pk"):
        row.ticket = ticket
        row.save(update_fields=["ticket"])
        record(
            PLANNED,
            row,
            actor=actor,
            case=ticket,
            note=row.text,
            data={"moved_from": origin.number},
        )


def give_back_follow_ups(origin: Ticket, *cases: Ticket, actor: User) -> None:
    """What came from ``origin`` and is on one of these cases now goes back, done or not; to be
    called before the promises of ``origin`` are owed again.

    The clock of what is still planned ends where it is: its beginning there did not happen.
    """
    by_id = {case.pk: case for case in cases}
    came = AuditEvent.objects.filter(
        case_id__in=by_id, code=PLANNED, data__moved_from=origin.number
    ).values("subject_id")
    rows = FollowUp.objects.locked().filter(pk__in=came, ticket__in=by_id)
    for row in rows.order_by("pk"):
        case = by_id[row.ticket_id]
        told: dict[str, object] = {"into": origin.number}
        if row.status == FollowUpStatus.PLANNED:
            begun = AuditEvent.objects.filter(case_id=case.pk, code=PLANNED, subject_id=row.pk)
            told |= {"undoes": begun.latest("id").pk}
        row.ticket = origin
        row.save(update_fields=["ticket"])
        record("tickets.follow_up_moved", row, actor=actor, case=case, note=row.text, data=told)


def move_drafts(origin: Ticket, ticket: Ticket) -> None:
    """What people were typing goes along, below what they type there; it stays with those who may
    not write there."""
    drafts = Draft.objects.filter(ticket=origin).select_related("author").order_by("pk")
    for draft in drafts:
        if is_seen(ticket, draft.author) and can_note(draft.author, ticket):
            put_into_draft(ticket.pk, draft.body, actor=draft.author, kind=draft.kind)
            draft.delete()
