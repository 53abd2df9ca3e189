"""What a person makes of a quarantined message."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _

from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.services import service
from staff.models import User
from staff.services import system_actor
from tickets.choices import Channel
from tickets.mail.parse import ParsedMail, parse_mail
from tickets.models import Message, RawIntake, Ticket
from tickets.policies import can_create, can_resolve_intake
from tickets.services.intake.forms_handling import keep_along, open_from_form
from tickets.services.intake.keeping import MOST_TEXT, keep_files
from tickets.services.intake.mail import (
    author_of,
    begin,
    body_of,
    claimed_number,
    cut_note,
    doubt_about,
    files_of,
)
from tickets.services.intake.raw import raw_of
from tickets.services.intake.verdicts import Verdict, is_first_message, settle
from tickets.services.opening import NewCase, Words, open_with_words, receive_message
from tickets.services.shared import require_text
from tickets.statuses import IntakeOutcome


def lock_quarantined(intake_id: int, actor: User) -> RawIntake:
    """The row, locked; raises unless it waits for a decision and the actor may take it."""
    intake = RawIntake.objects.visible_to(actor).locked().get(pk=intake_id)
    require(can_resolve_intake(actor))
    if intake.outcome != IntakeOutcome.QUARANTINED:
        raise InvalidTransition(
            _("This message is “%(outcome)s”; only quarantined ones are decided on.")
            % {"outcome": IntakeOutcome(intake.outcome).label}
        )
    return intake


def content_of(intake: RawIntake) -> bytes:
    """What arrived; raises ``RuleViolated`` when the store lost it."""
    try:
        return raw_of(intake)
    except FileNotFoundError:
        raise RuleViolated(
            "lost", _("The message itself is lost; it can only be ignored.")
        ) from None


@service
def open_case(intake_id: int, *, actor: User, note: str = "") -> RawIntake:
    """Make a case of a quarantined message; it names no customer if the sender is in doubt."""
    intake = lock_quarantined(intake_id, actor)
    opener = actor if can_create(actor) else system_actor()
    if intake.channel == Channel.MAIL:
        verdict = case_of_mail(content_of(intake), opener)
    else:
        verdict = open_from_form(json.loads(content_of(intake)))
    settle(intake, verdict, actor=actor, note=note)
    return intake


def case_of_mail(raw: bytes, opener: User) -> Verdict:
    """A case of any mail; an address that failed a check is not made a customer's."""
    mail = parse_mail(raw)
    if not doubt_about(mail):
        return begin(mail, opener, claimed_number(mail))
    body = body_of(mail.text, mail)
    message = open_with_words(
        NewCase(
            subject=mail.subject if len(mail.subject.strip()) > 1 else body[:80],
            body=body[:MOST_TEXT],
            channel=Channel.MAIL,
            author_name=author_of(mail),
        ),
        actor=opener,
    )
    keep_files(message, files_of(mail), actor=opener, cut=cut_note(mail, mail.text))
    return Verdict(
        outcome=IntakeOutcome.TICKET,
        sender=mail.from_address,
        subject=mail.subject,
        ticket=message.ticket,
        message=message,
    )


@service
def put_on_case(intake_id: int, *, actor: User, number: str, note: str = "") -> RawIntake:
    """Put a quarantined message on a case the actor sees; ``RuleViolated`` for another number."""
    intake = lock_quarantined(intake_id, actor)
    ticket = Ticket.objects.visible_to(actor).filter(number=number.strip().upper()).first()
    if ticket is None:
        raise RuleViolated("unknown_case", _("There is no such case."), field="number")
    raw = content_of(intake)
    if intake.channel == Channel.MAIL:
        message = put_mail(ticket, parse_mail(raw), actor=actor, note=note)
    else:
        message = put_form(ticket, json.loads(raw), intake.channel, actor=actor, note=note)
    settle(
        intake,
        Verdict(
            outcome=(IntakeOutcome.TICKET if is_first_message(message) else IntakeOutcome.MESSAGE),
            reason=intake.reason,
            ticket=message.ticket,
            message=message,
        ),
        actor=actor,
        note=note,
    )
    return intake


def put_mail(ticket: Ticket, mail: ParsedMail, *, actor: User, note: str) -> Message:
    """What a mail says, and its files, on a case."""
    words = Words(
        body=body_of(mail.text, mail)[:MOST_TEXT],
        channel=Channel.MAIL,
        author_name=author_of(mail),
    )
    message = receive_message(ticket.pk, words, actor=actor, note=note)
    keep_files(message, files_of(mail), actor=system_actor(), cut=cut_note(mail, mail.text))
    return message


def put_form(
    ticket: Ticket, said: dict[str, Any], channel: str, *, actor: User, note: str
) -> Message:
    """What a form says, its files and what it claims, on a case."""
    words = Words(body=said["body"], channel=channel, author_name=said["name"][:120])
    message = receive_message(ticket.pk, words, actor=actor, note=note)
    keep_along(message, said, actor=system_actor())
    return message


@service
def ignore(intake_id: int, *, actor: User, note: str) -> RawIntake:
    """Leave a quarantined message aside for good; needs a reason."""
    intake = lock_quarantined(intake_id, actor)
    reason = require_text(note, "note", least=4, most=300)
    settle(intake, Verdict(outcome=IntakeOutcome.IGNORED, reason=reason), actor=actor, note=reason)
    return intake
