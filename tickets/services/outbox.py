"""Mails to customers: a row first, sent later by a job that may run twice but sends once.

Claim, commit, send outside any transaction, record. A crash between sending and recording sends the
mail again under the same Message-ID, which mail programs show once; it never loses one.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import failures
from aftersales.kernel.clock import now
from aftersales.kernel.errors import (
    TRANSIENT,
    InvalidTransition,
    RuleViolated,
    Text,
    require,
    require_reason,
)
from aftersales.kernel.jobs import enqueue
from aftersales.kernel.masking import mask_contacts
from aftersales.kernel.refs import for_reader, in_each_language
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.services import record
from customers.contacts import normalize
from customers.models import ContactChannel, ContactPoint
from customers.queries import is_same_person
from staff.models import User
from staff.services.deliveries import SENDER_ENDED
from tickets.choices import MailPurpose
from tickets.links import new_mail_id, thread_root
from tickets.models import Message, OutboundMail, Ticket
from tickets.policies import can_retry_mail
from tickets.querysets import is_system
from tickets.services.letters import NewMail, one_line, write_letter
from tickets.services.shared import due_kept, mail_address
from tickets.statuses import STUCK, MailStatus

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 6
# Automatic mails per address and day (reference/reliability.md 6: loops and relay spam).
AUTOMATIC_PER_DAY = 5
UNWRITTEN = _("The text of the mail could not be put together.")
NOW_A_PERSON = _("It is not tried again by itself: send it again, or settle it otherwise.")
WRITTEN_BY_PEOPLE = (
    MailPurpose.REPLY,
    MailPurpose.PROPOSAL,
    MailPurpose.WITHDRAWAL,
    MailPurpose.RESULT,
    MailPurpose.OUTSIDER,
)


@service
def queue_mail(
    ticket: Ticket, mail: NewMail, *, actor: User, address: str = ""
) -> OutboundMail | None:
    """Put a mail to the case's customer into the outbox and ring the job.

    Returns ``None`` without an address, for an automatic mail whose effect key is queued, and for
    one the machine sends to an address that had its share today. What a person wrote is never held
    back. Whoever records that the customer was told asks for the mail first.
    """
    address = address or mail_address(ticket)
    if not address or _is_held_back(mail, address, actor):
        return None
    row = OutboundMail(
        ticket=ticket,
        message=mail.message,
        purpose=mail.purpose,
        effect_key=mail.effect_key,
        to_address=address,
        subject=one_line(mail.subject),
        body=mail.body,
        language=ticket.language,
        mail_id=new_mail_id(ticket.pk),
        in_reply_to=thread_root(ticket.pk),
        send_after=mail.send_after or now(),
        created_at=now(),
    )
    row.save()
    record("tickets.mail_queued", row, actor=actor, case=ticket, data={"purpose": mail.purpose})
    enqueue("tickets.send_mail", row.pk, delay=row.send_after - now())
    return row


def unmailable(ticket: Ticket) -> Text:
    """Why the machine cannot mail the case's customer now; '' when it can."""
    address = mail_address(ticket)
    if not address:
        return _("The customer has no mail address.")
    return _("The address had its share of automatic mail today.") if _had_share(address) else ""


def _is_held_back(mail: NewMail, address: str, actor: User) -> bool:
    """Automatic mail goes once per effect, the machine's in moderation; what people write always
    goes."""
    if mail.purpose in WRITTEN_BY_PEOPLE:
        return False
    if OutboundMail.objects.filter(effect_key=mail.effect_key).exists():
        return True
    return is_system(actor) and _had_share(address)


def _had_share(address: str) -> bool:
    """Whether as many automatic mails as a day allows went to an address."""
    return (
        OutboundMail.objects.filter(to_address=address, created_at__gte=now() - timedelta(days=1))
        .exclude(purpose__in=WRITTEN_BY_PEOPLE)
        .count()
        >= AUTOMATIC_PER_DAY
    )


@service
def claim_mail(mail_id: int, *, actor: User) -> OutboundMail | None:
    """Lease a due mail to the caller, an answer put into words; ``None`` if gone, not due, leased
    to somebody else, withdrawn, or if words for it failed, which counts as an attempt.

    An attempt counts from here, so a mail that kills its sender each time is parked like any other.

    The words of an answer wait until here: one recalled in time is never written, and its author
    does not wait for templates.
    """
    mail = lock_mail(mail_id)
    lapsed = mail.status == MailStatus.SENDING and mail.leased_until and mail.leased_until <= now()
    if not lapsed and (mail.status != MailStatus.QUEUED or mail.send_after > now()):
        return None
    if _is_withdrawn(mail):
        _recall(mail)
        return None
    if lapsed and mail.attempts >= MOST_ATTEMPTS:
        _put_off(mail, in_each_language(SENDER_ENDED.__str__), actor)
        return None
    mail.attempts += 1
    try:
        with transaction.atomic():
            words = _put_into_words(mail, actor)
    except TRANSIENT:
        raise
    except Exception as error:
        log.exception("mail %s could not be written", mail_id)
        _put_off(mail, in_each_language(UNWRITTEN.__str__), actor, technical(error))
        return None
    if not lapsed:
        move(mail, MailStatus.SENDING)
    mail.leased_until = now() + LEASE
    mail.save(update_fields=["status", "attempts", "leased_until", *words])
    return mail


def technical(error: Exception) -> str:
    """An error as it may be kept where nobody can erase it: mail hosts name the customer's address.
    It stays with the mail, for those who run the desk."""
    return mask_contacts(failures.technical(error))[:500]


def lock_mail(mail_id: int) -> OutboundMail:
    """The mail with its case, both locked, the case first as everywhere."""
    (ticket_id,) = OutboundMail.objects.values_list("ticket_id").get(pk=mail_id)
    ticket = Ticket.objects.locked().get(pk=ticket_id)
    mail = OutboundMail.objects.locked().select_related("message").get(pk=mail_id)
    mail.ticket = ticket
    return mail


def _is_withdrawn(mail: OutboundMail) -> bool:
    """Whether its words are not to be read any more; they may have been taken back while it was
    being sent, when nothing could be recalled."""
    message = mail.message
    return message is not None and bool(message.hidden_at or message.undone_at)


def _recall(mail: OutboundMail) -> None:
    move(mail, MailStatus.RECALLED)
    mail.leased_until = None
    mail.save(update_fields=["status", "leased_until", "last_error"])


def _put_into_words(mail: OutboundMail, actor: User) -> tuple[str, ...]:
    """Write what has no text yet; returns the fields to save."""
    if mail.body:
        return ()
    purpose = MailPurpose(mail.purpose)
    mail.subject, mail.body = write_letter(mail.ticket, purpose, actor=actor, message=mail.message)
    return "subject", "body"


@service
def record_mail_sent(mail_id: int, *, actor: User) -> OutboundMail:
    """The mail server took it."""
    mail = lock_mail(mail_id)
    move(mail, MailStatus.SENT)
    mail.sent_at, mail.leased_until, mail.last_error = now(), None, ""
    mail.save(update_fields=["status", "sent_at", "leased_until", "last_error"])
    with due_kept(mail.ticket):
        record("tickets.mail_sent", mail, actor=actor, case=mail.ticket)
    return mail


@service
def record_mail_failed(mail_id: int, *, actor: User, note: str, error: str = "") -> OutboundMail:
    """Not taken, because of ``note``, in words; ``error`` is what the mail host said.
    Tried again with growing pauses, parked for a person after ``MOST_ATTEMPTS``;
    recalled if its words were taken back meanwhile. Raises ``InvalidTransition`` if it came back,
    so that a sender who hears of it late does not send it again."""
    mail = lock_mail(mail_id)
    if mail.status == MailStatus.BOUNCED:
        raise InvalidTransition(_("This mail came back."))
    _put_off(mail, note, actor, error)
    return mail


def _put_off(mail: OutboundMail, note: str, actor: User, error: str = "") -> None:
    mail.last_error, mail.leased_until = failures.kept(note, error, most=500), None
    if _is_withdrawn(mail):
        _recall(mail)
        return
    if mail.attempts >= MOST_ATTEMPTS:
        move(mail, MailStatus.PARKED)
        with due_kept(mail.ticket):
            told = in_each_language(lambda: failures.and_next(for_reader(note), NOW_A_PERSON))
            data = {"error": mail.last_error} if error else None
            record("tickets.mail_parked", mail, actor=actor, case=mail.ticket, note=told, data=data)
    else:
        if mail.status != MailStatus.QUEUED:
            move(mail, MailStatus.QUEUED)
        mail.send_after = now() + timedelta(minutes=2 ** (mail.attempts - 1))
    mail.save(update_fields=["status", "attempts", "last_error", "leased_until", "send_after"])


@service
def recall_mail(message: Message, *, actor: User) -> None:
    """Keep back the mail of a message that is not to be read; what has left has left, what is just
    being sent is not tried again.

    The caller holds the case's lock.
    """
    waiting = OutboundMail.objects.locked().filter(
        message=message, status__in=(MailStatus.QUEUED, *STUCK)
    )
    for mail in waiting:
        _recall(mail)


@service
def rehome_mails(messages: list[Message], *, actor: User) -> None:
    """Have the mails of messages that went to another case belong to it; one that has not left yet
    gets an id of the new case, so that its answer comes there.

    The caller holds the locks of both cases.
    """
    for mail in OutboundMail.objects.locked().filter(message__in=messages).order_by("pk"):
        mail.ticket_id = next(one.ticket_id for one in messages if one.pk == mail.message_id)
        changed = ["ticket"]
        if mail.status in (MailStatus.QUEUED, *STUCK):
            mail.mail_id = new_mail_id(mail.ticket_id)
            mail.in_reply_to = thread_root(mail.ticket_id)
            changed += ["mail_id", "in_reply_to"]
        mail.save(update_fields=changed)


@service
def retry_mail(mail_id: int, *, actor: User, note: str = "", address: str = "") -> OutboundMail:
    """Send again what is parked or came back, under the same Message-ID, to another ``address`` of
    the customer if one is given.

    Raises ``InvalidTransition`` for any other mail, ``RuleViolated("foreign_address")`` for an
    address that is not the customer's.
    """
    mail = _lock_visible(mail_id, actor)
    if mail.status not in STUCK:
        raise InvalidTransition(_("Only a mail that is parked or came back can be sent again."))
    if address.strip():
        mail.to_address = _own_address(mail, address)
    move(mail, MailStatus.QUEUED)
    mail.attempts, mail.send_after, mail.sent_at = 0, now(), None
    mail.save(update_fields=["status", "attempts", "send_after", "sent_at", "to_address"])
    data = {"readdressed": bool(address.strip())}
    with due_kept(mail.ticket):
        record("tickets.mail_retried", mail, actor=actor, case=mail.ticket, note=note, data=data)
    enqueue("tickets.send_mail", mail.pk)
    return mail


@service
def settle_mail(mail_id: int, *, actor: User, note: str) -> OutboundMail:
    """Do without a mail that is parked or came back; the reason says how it was settled, as by a
    call. Raises ``InvalidTransition`` for any other mail."""
    mail = _lock_visible(mail_id, actor)
    require_reason(note)
    move(mail, MailStatus.SETTLED)
    mail.save(update_fields=["status"])
    with due_kept(mail.ticket):
        record("tickets.mail_settled", mail, actor=actor, case=mail.ticket, note=note)
    return mail


def _lock_visible(mail_id: int, actor: User) -> OutboundMail:
    """A mail the actor sees and may deal with, locked with its case."""
    if not OutboundMail.objects.visible_to(actor).filter(pk=mail_id).exists():
        raise OutboundMail.DoesNotExist
    mail = lock_mail(mail_id)
    require(can_retry_mail(actor))
    return mail


def _own_address(mail: OutboundMail, address: str) -> str:
    """The address as it is stored, if it is the customer's; a question to an outsider is never
    turned to the customer."""
    found = normalize(ContactChannel.EMAIL, address)
    point = ContactPoint.objects.filter(channel=ContactChannel.EMAIL, address=found).first()
    is_own = point is not None and is_same_person(point.customer_id, mail.ticket.customer_id)
    if mail.purpose == MailPurpose.OUTSIDER or not is_own:
        raise RuleViolated(
            "foreign_address",
            _("This is no mail address of the customer. Note it with the customer first."),
            field="address",
        )
    return found
