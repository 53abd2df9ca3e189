"""Steps several verbs share. Nothing here is a verb of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, lazily
from aftersales.kernel.reading import by_key, by_values
from aftersales.kernel.transitions import move
from compliance.services import record
from customers.models import ContactChannel, ContactPoint
from customers.queries import family_of
from staff.models import User
from tickets.models import Ticket
from tickets.querysets import is_seen
from tickets.statuses import TicketStatus


def lock_ticket(ticket_id: int, actor: User) -> Ticket:
    """The case, locked, if the actor may see it; raises ``Ticket.DoesNotExist``."""
    ticket = by_key(Ticket, ticket_id, is_locked=True)
    if not is_seen(ticket, actor):
        raise Ticket.DoesNotExist
    return ticket


def save(ticket: Ticket, *fields: str) -> None:
    """Save the named fields, the nearest due time and the time of the last activity.

    Events move the due time in memory, so a verb records before it saves.
    """
    ticket.updated_at = now()
    ticket.save(update_fields=[*fields, "due_at", "updated_at"])


@contextmanager
def due_kept(ticket: Ticket) -> Iterator[None]:
    """Save the due time if an event recorded inside moved it: for what is no activity on the case
    and so is not saved with one (a mail that left). The caller holds the case's lock."""
    before = ticket.due_at
    yield
    if ticket.due_at != before:
        ticket.save(update_fields=["due_at"])


def start_work(ticket: Ticket) -> list[str]:
    """The first thing done to a new case opens it; returns the fields to save."""
    if ticket.status == TicketStatus.NEW:
        move(ticket, TicketStatus.OPEN)
        return ["status"]
    return []


def require_unfinished(ticket: Ticket) -> None:
    """Refuse work on a case that is resolved, closed or canceled."""
    if ticket.is_finished:
        status = TicketStatus(ticket.status)
        raise InvalidTransition(
            lazily(
                lambda: (
                    _("%(case)s is “%(status)s”; reopen it first.")
                    % {"case": ticket, "status": status.label}
                )
            ),
            allowed=[state.value for state in status.allowed],
        )


def require_unclosed(ticket: Ticket) -> None:
    """Refuse to correct the facts of a case that is closed or canceled."""
    if ticket.status in (TicketStatus.CLOSED, TicketStatus.CANCELED):
        require_unfinished(ticket)


def require_text(text: str, field: str, least: int = 2, most: int = 50_000) -> str:
    """The text without surrounding blanks; raises ``RuleViolated`` if too short or too long."""
    text = text.replace("\x00", "").strip()
    if len(text) < least:
        raise RuleViolated("too_short", gettext_lazy("Please write something here."), field=field)
    if len(text) > most:
        raise RuleViolated(
            "too_long",
            lazily(lambda: _("This text is too long (%(most)s characters).") % {"most": most}),
            field=field,
        )
    return text


def subject_line(text: str) -> str:
    """A case's subject as one line; raises ``RuleViolated`` if too short or too long."""
    return " ".join(require_text(text, "subject", most=500).split())[:200]


def mail_address(ticket: Ticket) -> str:
    """Where mails to the customer of the case go; '' when no address is known.

    What was confirmed last goes before what was only known first: a customer whose mail came back
    told us another address. A record that was merged lends its address to the one that stands for
    it.
    """
    if ticket.customer_id is None:
        return ""
    wanted = {"customer_id": ticket.customer_id, "channel": ContactChannel.EMAIL.value}
    points = by_values(ContactPoint, wanted) or _lent_points(ticket.customer_id)
    confirmed = [point for point in points if point.is_verified]
    if confirmed:
        return max(confirmed, key=lambda point: point.pk).address
    return points[0].address if points else ""


def _lent_points(customer_id: int) -> list[ContactPoint]:
    """Mail addresses of the same person's other records."""
    points = ContactPoint.objects.filter(channel=ContactChannel.EMAIL)
    return list(points.filter(customer__in=family_of(customer_id)).order_by("pk"))


def log(code: str, ticket: Ticket, *, actor: User, note: str = "", **data: object) -> None:
    """Record an event whose subject is the case itself."""
    record(code, ticket, actor=actor, case=ticket, note=note, data=data)
