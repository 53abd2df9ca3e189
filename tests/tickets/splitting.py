"""Words that come later, and cases split at them."""

from __future__ import annotations

from staff.models import User
from tickets.models import Message, Ticket
from tickets.services import joining, opening
from tickets.services.opening import Words


def say(ticket: Ticket, lead: User, body: str = "And the cap?") -> Message:
    return opening.receive_message(ticket.pk, Words(body=body, channel="phone"), actor=lead)


def split(ticket: Ticket, lead: User, *messages: Message) -> Ticket:
    ids = [message.pk for message in messages]
    part = joining.split_ticket(ticket.pk, actor=lead, message_ids=ids, subject="The cap")
    part.refresh_from_db()
    return part
