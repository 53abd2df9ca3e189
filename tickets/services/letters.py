"""The words of mails to customers: templates in the case's language, with the status link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format

from staff.models import User
from tickets.choices import MailPurpose
from tickets.models import Message, Ticket
from tickets.queries.promises import answer_due
from tickets.services.status_links import ensure_status_link


@dataclass(frozen=True, slots=True)
class NewMail:
    """A mail to queue; ``effect_key`` makes asking twice send once.

    Without a text it is the ``message``, put into words when it leaves.
    """

    purpose: MailPurpose
    effect_key: str
    subject: str = ""
    body: str = ""
    message: Message | None = None
    send_after: datetime | None = None


class Letter(NamedTuple):
    """The words of a mail."""

    subject: str
    body: str


def compose(
    ticket: Ticket, purpose: MailPurpose, effect_key: str, *, actor: User, **context: Any
) -> NewMail:
    """A mail from the templates of its purpose."""
    letter = write_letter(ticket, purpose, actor=actor, **context)
    return NewMail(purpose, effect_key, letter.subject, letter.body)


def write_letter(ticket: Ticket, purpose: MailPurpose, *, actor: User, **context: Any) -> Letter:
    """The words from the templates of a purpose; makes the status link when there is none."""
    link = ensure_status_link(ticket, actor=actor)
    with translation.override(ticket.language):
        answer_at = answer_due(ticket.pk) if purpose == MailPurpose.ACKNOWLEDGEMENT else None
        due = date_format(timezone.localtime(answer_at), "DATETIME_FORMAT") if answer_at else ""
        words = {"ticket": ticket, "status_url": link, "due": due, **context}
        folder = f"tickets/email/{purpose.value}"
        return Letter(
            one_line(render_to_string(f"{folder}.subject.txt", words)),
            render_to_string(f"{folder}.txt", words).strip() + "\n",
        )


def one_line(subject: str) -> str:
    """A subject as a header holds it."""
    return " ".join(subject.split())[:300]
