"""Steps several verbs share. Nothing here is a verb of its own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import RuleViolated
from compliance.services import record
from returns.models import ReturnAuthorization
from staff.models import User
from tickets.models import Ticket
from tickets.services.shared import require_text, save

__all__ = ["keep", "lock_return", "require_choice", "require_text", "reread", "save_ticket"]

Locked = tuple[ReturnAuthorization, Ticket]


def lock_return(rma_id: int, actor: User) -> Locked:
    """The return and its case, locked in that order of parents; ``DoesNotExist`` out of scope.

    The bench sees returns whose cases it does not, so the return's scope decides.
    """
    found = ReturnAuthorization.objects.visible_to(actor).only("ticket_id").get(pk=rma_id)
    ticket = Ticket.objects.locked().get(pk=found.ticket_id)
    return ReturnAuthorization.objects.locked().get(pk=rma_id), ticket


def keep(
    rma: ReturnAuthorization, ticket: Ticket, *fields: str, code: str, actor: User, **told: Any
) -> None:
    """Save the named fields of the return, record the event, then save the case."""
    if fields:
        rma.save(update_fields=list(fields))
    subject = told.pop("subject", rma)
    record(code, subject, actor=actor, case=ticket, **told)
    save_ticket(ticket)


def reread(ticket: Ticket) -> None:
    """A refund asked for by the same verb may have moved the case, in a row of its own."""
    ticket.refresh_from_db(fields=["status", "due_at", "updated_at"])


def save_ticket(ticket: Ticket) -> None:
    """The case lived; its promises may have moved."""
    save(ticket)


def require_choice(value: str, known: list[str], field: str) -> str:
    """The value itself; raises ``RuleViolated`` for one that is not on the list."""
    if value not in known:
        raise RuleViolated("unknown_choice", _("Choose one of the list."), field=field)
    return value
