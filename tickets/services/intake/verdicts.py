"""What the handlers of the channels say about a raw message, and the only place that writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from aftersales.kernel.clock import now
from aftersales.kernel.errors import Text
from aftersales.kernel.failures import kept
from aftersales.kernel.refs import in_each_language
from aftersales.kernel.transitions import move
from compliance.services import record
from customers.models import Customer
from staff.models import User
from tickets.models import Message, RawIntake, Ticket
from tickets.statuses import IntakeOutcome

# More from one sender within an hour waits for a person: a loop or a flood, not a customer.
CASES_PER_HOUR = 10
MESSAGES_PER_HOUR = 60
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One outcome, and why: lazy words of ours are kept in each language."""

    outcome: IntakeOutcome
    reason: Text = ""
    sender: str = ""
    subject: str = ""
    ticket: Ticket | None = None
    message: Message | None = None


def settle(
    intake: RawIntake, verdict: Verdict, *, actor: User, note: str = "", error: str = ""
) -> None:
    """Write the outcome of a locked row; the transaction is the one that made case or message."""
    move(intake, verdict.outcome, field="outcome")
    intake.reason = in_each_language(verdict.reason.__str__)[:300]
    intake.sender = (verdict.sender or intake.sender)[:254]
    intake.subject = (verdict.subject or intake.subject)[:200]
    intake.ticket, intake.message = verdict.ticket, verdict.message
    intake.handled_at = now()
    intake.save(
        update_fields=[
            "outcome",
            "reason",
            "sender",
            "subject",
            "ticket",
            "message",
            "handled_at",
        ]
    )
    record(
        "tickets.intake_decided",
        intake,
        actor=actor,
        case=intake.ticket,
        note=note,
        data={"outcome": intake.outcome, "channel": intake.channel}
        | ({"error": kept(intake.reason, error, most=500)} if error else {}),
    )


def is_first_message(message: Message) -> bool:
    """Whether the words began a case of their own (a finished case is continued by a new one)."""
    return not message.ticket.messages.exclude(pk=message.pk).exists()


def has_enough_cases(customer: Customer | None, channel: str) -> bool:
    """The sender opened his share of cases within the hour."""
    if customer is None:
        return False
    recent = Ticket.objects.filter(
        customer=customer, channel=channel, received_at__gte=now() - HOUR
    )
    return recent.count() >= CASES_PER_HOUR


def has_enough_messages(ticket: Ticket) -> bool:
    """The case got its share of customer's words within the hour."""
    recent = ticket.messages.filter(kind="inbound", created_at__gte=now() - HOUR)
    return recent.count() >= MESSAGES_PER_HOUR
