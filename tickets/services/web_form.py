"""The public web form: through the intake's door, plus what the page may say afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from customers.models import ContactChannel
from customers.services.identity import find_by_address
from staff.models import User
from tickets.services.files import NewFile
from tickets.services.intake import Form, receive_form
from tickets.services.status_links import ensure_status_link
from tickets.statuses import IntakeOutcome


@dataclass(frozen=True, slots=True)
class WebCase:
    """What the sender is told: the case's number, '' while a person must look at it first, and the
    path of its status page, '' when only a mail may carry it."""

    number: str
    link: str


def submit_web_form(form: Form, uploads: Sequence[NewFile], *, actor: User) -> WebCase:
    """Take the public form in; the same form again tells the same number. Not in a transaction.

    The link is handed out only to somebody new who left a phone number alone: whoever leaves a mail
    address gets it there, and a number we know may be another person's.
    """
    may_show = not form.email and find_by_address(ContactChannel.PHONE, form.phone) is None
    receipt = receive_form(form, actor=actor, uploads=uploads)
    ticket = receipt.ticket
    if ticket is None:
        return WebCase("", "")
    if receipt.outcome != IntakeOutcome.TICKET:
        return WebCase(ticket.number, "")
    return WebCase(ticket.number, ensure_status_link(ticket, actor=actor) if may_show else "")
