"""Background duties of the case: load by id, call one service, return. Each may run twice."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage

from aftersales.kernel import jobs
from aftersales.kernel.errors import DomainError, InvalidTransition
from aftersales.kernel.failures import in_words
from aftersales.kernel.refs import in_each_language
from staff.services import system_actor
from tickets import files as store
from tickets.mail.classify import LOOP_HEADER
from tickets.models import Attachment, OutboundMail, Ticket
from tickets.services import files, handling, outbox, ratings


def send_mail(mail_id: int) -> None:
    """Send one mail of the outbox: claim, hand over outside any transaction, record."""
    actor = system_actor()
    try:
        mail = outbox.claim_mail(mail_id, actor=actor)
    except OutboundMail.DoesNotExist:
        return
    if mail is None:
        return
    problem: Exception | None = None
    try:
        as_email(mail).send()
    except Exception as error:
        problem = error
    try:
        if problem:
            outbox.record_mail_failed(
                mail_id,
                actor=actor,
                note=in_each_language(in_words(problem).__str__),
                error=outbox.technical(problem),
            )
        else:
            outbox.record_mail_sent(mail_id, actor=actor)
    except InvalidTransition:  # it came back faster than that
        return


def as_email(mail: OutboundMail) -> EmailMessage:
    """The mail as Django sends it, marked so that our own loop guard knows it again."""
    headers = {"Message-ID": mail.mail_id, LOOP_HEADER: settings.MAIL_DOMAIN}
    if mail.in_reply_to:
        headers["In-Reply-To"] = headers["References"] = mail.in_reply_to
    if mail.purpose not in outbox.WRITTEN_BY_PEOPLE:
        headers["Auto-Submitted"] = "auto-generated"
        headers["X-Auto-Response-Suppress"] = "All"
    shop = mail.ticket.shop
    return EmailMessage(
        subject=mail.subject,
        body=mail.body,
        from_email=(shop.support_mail if shop else "") or settings.DEFAULT_FROM_EMAIL,
        to=[mail.to_address],
        headers=headers,
    )


def acknowledge(ticket_id: int) -> None:
    """Acknowledge a case that came while the customer was away."""
    try:
        handling.acknowledge_by_mail(ticket_id, actor=system_actor())
    except (InvalidTransition, Ticket.DoesNotExist):
        return


def invite_rating(ticket_id: int) -> None:
    """Ask for a rating if the rules allow."""
    try:
        ratings.invite_rating(ticket_id, actor=system_actor())
    except (DomainError, Ticket.DoesNotExist):
        return


def draw_thumbnail(attachment_id: int) -> None:
    """Draw a picture anew outside any transaction, then say that it is drawn."""
    attachment = Attachment.objects.filter(pk=attachment_id, has_thumbnail=False).first()
    if attachment is None:
        return
    try:
        content = store.read(attachment.digest)
    except FileNotFoundError:
        return
    if not files.draw_thumbnail(content, attachment.digest):
        return
    try:
        files.note_thumbnail(attachment_id, actor=system_actor())
    except InvalidTransition:
        return


def register_all() -> None:
    jobs.register("tickets.send_mail", send_mail)
    jobs.register("tickets.acknowledge", acknowledge)
    jobs.register("tickets.invite_rating", invite_rating)
    jobs.register("tickets.draw_thumbnail", draw_thumbnail)
