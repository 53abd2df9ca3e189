"""The customer's key to the status page: made when first needed, expiring, revocable."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, require
from aftersales.kernel.reading import by_values
from aftersales.kernel.services import service
from compliance.services import record
from staff.models import User
from tickets.links import read_link_token, status_url
from tickets.models import StatusLink, Ticket
from tickets.policies import can_work
from tickets.services.shared import lock_ticket


@service
def ensure_status_link(ticket: Ticket, *, actor: User) -> str:
    """The address of the case's status page, with a new link when none is good for a day more."""
    moment = now()
    links = by_values(StatusLink, {"ticket_id": ticket.pk, "revoked_at": None})
    lasting = [link for link in links if link.expires_at > moment + timedelta(days=1)]
    if lasting:
        link = lasting[-1]
    else:
        link = StatusLink(
            ticket=ticket,
            public_id=uuid.uuid4(),
            created_at=moment,
            expires_at=moment + timedelta(days=settings.STATUS_LINK_DAYS),
        )
        link.save(force_insert=True)
        record("tickets.link_created", link, actor=actor, case=ticket)
    return status_url(link.public_id)


@service
def give_status_link(ticket_id: int, *, actor: User) -> str:
    """The address of the status page, for somebody who hands it to the customer."""
    ticket = lock_ticket(ticket_id, actor)
    require(can_work(actor, ticket))
    return ensure_status_link(ticket, actor=actor)


def live_status_url(ticket: Ticket) -> str:
    """The address of the case's newest live link, '' when it has none; makes none."""
    link = (
        StatusLink.objects.filter(ticket=ticket, revoked_at=None, expires_at__gt=now())
        .order_by("-id")
        .first()
    )
    return status_url(link.public_id) if link else ""


@service
def revoke_status_links(ticket_id: int, *, actor: User, note: str) -> int:
    """End every live link of the case; returns how many. Raises when there was none."""
    ticket = lock_ticket(ticket_id, actor)
    require(can_work(actor, ticket))
    links = list(StatusLink.objects.locked().filter(ticket=ticket, revoked_at=None).order_by("pk"))
    if not links:
        raise InvalidTransition(_("There is no live link."))
    for link in links:
        link.revoked_at, link.revoked_by = now(), actor
        link.save(update_fields=["revoked_at", "revoked_by"])
        record("tickets.link_revoked", link, actor=actor, case=ticket, note=note)
    return len(links)


def ticket_of_token(token: str) -> Ticket | None:
    """The case a token opens now; ``None`` for a forged, expired, revoked or unknown one."""
    public_id = read_link_token(token)
    if public_id is None:
        return None
    link = (
        StatusLink.objects.select_related("ticket")
        .filter(public_id=public_id, revoked_at=None, expires_at__gt=now())
        .first()
    )
    return link.ticket if link else None
