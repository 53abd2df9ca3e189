"""Closing by the passing of time."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from aftersales.kernel.clock import now
from aftersales.kernel.refs import in_each_language
from aftersales.kernel.services import service
from staff.models import User
from tickets.choices import MailPurpose
from tickets.models import Ticket
from tickets.queries.resting import at_rest
from tickets.services.letters import compose
from tickets.services.outbox import queue_mail
from tickets.services.outcome import close_ticket
from tickets.services.shared import lock_ticket
from tickets.statuses import TicketStatus


@service
def close_after_wait(ticket_id: int, *, actor: User) -> Ticket | None:
    """Close a case that was resolved and lay still for the promised days, and tell the customer.

    Words of the customer, also a mere thanks, and work of a person begin the days anew; what a
    machine sent or did, and who only looked, do not. ``None`` when it is not, or no longer, due for
    that. Raises ``RuleViolated("gate")`` while
    something is open.
    """
    ticket = lock_ticket(ticket_id, actor)
    before = now() - timedelta(days=settings.CLOSE_AFTER_DAYS)
    if ticket.status != TicketStatus.RESOLVED or not ticket.resolved_at:
        return None
    if ticket.resolved_at > before:
        return None
    if not at_rest(Ticket.objects.filter(pk=ticket.pk), before).exists():
        return None
    days = {"days": settings.CLOSE_AFTER_DAYS}
    reason = in_each_language(lambda: _("No answer for %(days)s days.") % days)
    ticket = close_ticket(ticket.pk, actor=actor, note=reason)
    key = f"closing:{ticket.pk}:{ticket.reopened_count}"
    queue_mail(ticket, compose(ticket, MailPurpose.CLOSING, key, actor=actor), actor=actor)
    return ticket
