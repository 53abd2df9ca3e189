"""Answers, notes, drafts: what the desk says."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.masking import mask_name
from aftersales.kernel.reading import by_unique
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.models import AuditEvent
from compliance.services import record
from staff.models import User
from staff.services.notices import NewNotice, notify
from tickets.announcements import case_url
from tickets.choices import MailPurpose, MessageKind
from tickets.models import Draft, Mention, Message, Presence, Proposal, Ticket
from tickets.policies import can_hide, can_note, can_reply, can_undo, can_work
from tickets.queries.calling import called_in
from tickets.queries.neighbours import said_on
from tickets.replies import with_name, without_name
from tickets.search import index_text
from tickets.services.finding import lose_words, regain_words
from tickets.services.handling import watch
from tickets.services.letters import NewMail
from tickets.services.opening import add_message
from tickets.services.outbox import queue_mail, recall_mail
from tickets.services.shared import (
    lock_ticket,
    mail_address,
    require_text,
    require_unfinished,
    save,
    start_work,
)
from tickets.statuses import TicketStatus


@service
def reply(
    ticket_id: int,
    *,
    actor: User,
    body: str,
    then: TicketStatus | None = None,
    seen_message_id: int | None = None,
) -> Message:
    """Answer the customer; the mail leaves after ``UNDO_SECONDS``. ``then`` moves the case on.

    ``seen_message_id`` is the newest message the author saw: if somebody wrote since, the answer is
    refused with ``RuleViolated("moved_on")`` and the draft stays.
    """
    ticket = lock_ticket(ticket_id, actor)
    require(can_reply(actor, ticket))
    require_unfinished(ticket)
    text = with_name(require_text(body, "body"), ticket)
    _require_up_to_date(ticket, seen_message_id)
    message = add_message(
        ticket,
        MessageKind.OUTBOUND,
        text,
        channel=ticket.channel,
        author=actor,
        effective_at=now() + timedelta(seconds=settings.UNDO_SECONDS),
    )
    is_first = _answered(ticket, message)
    before = str(ticket.status)
    if then and then != ticket.status:
        move(ticket, then)
    index_text(ticket, [text])
    status = str(ticket.status)
    data = {"status": status, "before": before, "first": is_first, "variant": status}
    record("tickets.replied", message, actor=actor, case=ticket, data=data)
    save(ticket, "status", "first_response_at")
    _mail(ticket, message, actor)
    discard_draft(ticket, MessageKind.OUTBOUND, actor=actor)
    return message


def _mail(ticket: Ticket, message: Message, actor: User) -> None:
    """Queue the answer as a mail, if the customer has an address."""
    if address := mail_address(ticket):
        mail = NewMail(
            MailPurpose.REPLY,
            f"message:{message.pk}",
            message=message,
            send_after=message.effective_at,
        )
        queue_mail(ticket, mail, actor=actor, address=address)


def _answered(ticket: Ticket, message: Message) -> bool:
    """The case is being worked on, in memory; says whether it was the first answer."""
    is_first = ticket.first_response_at is None
    start_work(ticket)
    if is_first:
        ticket.first_response_at = message.created_at
    return is_first


def _require_up_to_date(ticket: Ticket, seen_message_id: int | None) -> None:
    if seen_message_id is None:
        return
    newer = said_on(ticket).filter(pk__gt=seen_message_id).exclude(kind=MessageKind.NOTE)
    if latest := newer.order_by("-pk").first():
        raise RuleViolated(
            "moved_on",
            _("%(name)s wrote while you were typing. Read it, then send again; your text is kept.")
            % {"name": _name_of(latest) or _("Somebody")},
            field="body",
        )


def _name_of(message: Message) -> str:
    """Who wrote it; a customer's name masked."""
    is_customers = message.kind == MessageKind.INBOUND
    return mask_name(message.author_name) if is_customers else message.author_name


@service
def undo_reply(message_id: int, *, actor: User) -> Message:
    """Recall one's own answer before it takes effect; raises ``InvalidTransition`` when too late.

    The case stands where it stood before, unless it was moved since, and its first answer is the
    next one that stands, if this was it.
    """
    found = Message.objects.visible_to(actor).get(pk=message_id)
    ticket = lock_ticket(found.ticket_id, actor)
    message = Message.objects.locked().get(pk=message_id)
    require(can_undo(actor, message))
    if message.kind != MessageKind.OUTBOUND or message.undone_at or message.effective_at <= now():
        raise InvalidTransition(_("It is too late to recall this answer."))
    message.undone_at = now()
    message.save(update_fields=["undone_at"])
    recall_mail(message, actor=actor)
    changed: list[str] = []
    if ticket.first_response_at == message.created_at:
        ticket.first_response_at = first_answer(ticket)
        changed.append("first_response_at")
    answer = AuditEvent.objects.get(
        code="tickets.replied", subject_type=message._meta.label_lower, subject_id=message.pk
    )
    before = TicketStatus(answer.data.get("before", TicketStatus.OPEN))
    if ticket.status == answer.data["status"] != before:
        move(ticket, before)
        changed.append("status")
    record("tickets.reply_undone", message, actor=actor, case=ticket, data={"undoes": answer.pk})
    save(ticket, *changed)
    put_into_draft(ticket.pk, without_name(message.body, ticket), actor=actor)
    return message


def first_answer(ticket: Ticket) -> datetime | None:
    """When the customer was first answered: by words that were not recalled, or by an offer."""
    answers = Message.objects.filter(ticket=ticket, kind=MessageKind.OUTBOUND, undone_at=None)
    found = [
        answers.aggregate(at=Min("created_at"))["at"],
        Proposal.objects.filter(ticket=ticket).aggregate(at=Min("offered_at"))["at"],
    ]
    return min((at for at in found if at is not None), default=None)


@service
def note(ticket_id: int, *, actor: User, body: str) -> Message:
    """Write an internal note. ``@name`` calls a colleague, who follows the case from then on."""
    ticket = lock_ticket(ticket_id, actor)
    require(can_note(actor, ticket))
    text = require_text(body, "body")
    message = add_message(ticket, MessageKind.NOTE, text, channel=ticket.channel, author=actor)
    index_text(ticket, [text])
    named = [person for person in called_in(text).people if person != actor]
    for person in named:
        Mention.objects.create(
            message=message, ticket=ticket, user=person, created_at=message.created_at
        )
        watch(ticket.pk, actor=actor, user=person)
    if named:
        told = NewNotice(
            code="tickets.mentioned",
            source_key=f"mention:{message.pk}",
            url=case_url(ticket),
            params={"by": str(actor), "case": ticket.number},
            case=ticket,
        )
        notify(named, told, actor=actor)
    record("tickets.noted", message, actor=actor, case=ticket)
    save(ticket)
    discard_draft(ticket, MessageKind.NOTE, actor=actor)
    return message


@service
def hide_message(message_id: int, *, actor: User, note: str) -> Message:
    """Take a message out of sight, for the customer too; it stays on record. Needs a reason.

    A mail of it that has not left is recalled.
    """
    found = Message.objects.visible_to(actor).get(pk=message_id)
    ticket = lock_ticket(found.ticket_id, actor)
    message = Message.objects.locked().get(pk=message_id)
    require(can_hide(actor, message))
    if message.hidden_at:
        raise InvalidTransition(_("This message is hidden already."))
    message.hidden_reason = require_text(note, "note", least=4, most=300)
    message.hidden_at, message.hidden_by = now(), actor
    message.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    recall_mail(message, actor=actor)
    lose_words(message)
    record("tickets.message_hidden", message, actor=actor, case=ticket, note=note)
    save(ticket)
    return message


@service
def show_message(message_id: int, *, actor: User, note: str) -> Message:
    """Bring a hidden message back; a mail that was recalled with it stays recalled."""
    found = Message.objects.visible_to(actor).get(pk=message_id)
    ticket = lock_ticket(found.ticket_id, actor)
    message = Message.objects.locked().get(pk=message_id)
    require(can_hide(actor, message))
    if not message.hidden_at:
        raise InvalidTransition(_("This message is not hidden."))
    message.hidden_at = message.hidden_by = None
    message.hidden_reason = ""
    message.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    regain_words(message)
    record("tickets.message_shown", message, actor=actor, case=ticket, note=note)
    save(ticket)
    return message


@service
def save_draft(ticket_id: int, *, actor: User, kind: str, body: str) -> Draft | None:
    """Keep what is being typed; an empty text removes the draft."""
    ticket = Ticket.objects.visible_to(actor).get(pk=ticket_id)
    require(can_note(actor, ticket))
    if not body.strip():
        discard_draft(ticket, kind, actor=actor)
        return None
    draft, _created = Draft.objects.update_or_create(
        ticket=ticket,
        author=actor,
        kind=kind,
        defaults={"body": body[:50_000], "updated_at": now()},
    )
    return draft


@service
def put_into_draft(
    ticket_id: int, text: str, *, actor: User, kind: str = MessageKind.OUTBOUND.value
) -> None:
    """Put words below what is typed already, to be looked at and sent."""
    typed = by_unique(Draft, ticket_id=ticket_id, author_id=actor.pk, kind=kind)
    body = f"{typed.body.rstrip()}\n\n{text}" if typed else text
    save_draft(ticket_id, actor=actor, kind=kind, body=body)


@service
def discard_draft(ticket: Ticket, kind: str, *, actor: User) -> None:
    """Forget a draft, sent or emptied."""
    draft = by_unique(Draft, ticket_id=ticket.pk, author_id=actor.pk, kind=kind)
    if draft is not None:
        draft.delete()


@service
def touch_presence(ticket_id: int, *, actor: User, is_writing: bool) -> None:
    """Say that the actor has the case open; others see it for half a minute."""
    ticket = Ticket.objects.visible_to(actor).get(pk=ticket_id)
    require(can_note(actor, ticket) or can_work(actor, ticket))
    Presence.objects.update_or_create(
        ticket=ticket, user=actor, defaults={"seen_at": now(), "is_writing": is_writing}
    )


@service
def see_mentions(ticket_id: int, *, actor: User) -> int:
    """Opening the case answers the calls by name on it; returns how many."""
    return Mention.objects.filter(ticket_id=ticket_id, user=actor, seen_at=None).update(
        seen_at=now()
    )
