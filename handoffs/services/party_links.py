"""The outsider's key to a leg: made when first needed, expiring, revocable; one mail says where."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.services import service
from compliance.services import record
from handoffs.links import party_url, read_link_token
from handoffs.models import Handoff, HandoffTurn, PartyLink
from handoffs.policies import can_manage
from handoffs.services.shared import lock_leg, require_status
from handoffs.statuses import HandoffStatus
from staff.models import User
from tickets.choices import MailPurpose
from tickets.services.letters import NewMail
from tickets.services.outbox import queue_mail

OPEN_TO_OUTSIDERS = (HandoffStatus.SENT, HandoffStatus.RETURNED, HandoffStatus.ANSWERED)


def ensure_link(leg: Handoff, *, actor: User) -> PartyLink:
    """The leg's newest live link, a new one when none is good for a day more."""
    moment = now()
    link = (
        leg.links.filter(revoked_at=None, expires_at__gt=moment + timedelta(days=1))
        .order_by("-id")
        .first()
    )
    if link is None:
        link = PartyLink(
            handoff=leg,
            ticket_id=leg.ticket_id,
            public_id=uuid.uuid4(),
            created_at=moment,
            expires_at=moment + timedelta(days=settings.PARTY_LINK_DAYS),
        )
        link.save(force_insert=True)
        record("handoffs.link_created", link, actor=actor, case=leg.ticket)
    return link


@service
def give_party_link(handoff_id: int, *, actor: User) -> str:
    """The address of the outsider's page, for somebody who hands it over by chat or phone."""
    leg = lock_leg(handoff_id, actor)
    require(can_manage(actor, leg))
    if not leg.is_external:
        raise RuleViolated("not_external", _("Only a question to an outsider has a link."))
    require_status(leg, *OPEN_TO_OUTSIDERS)
    return party_url(ensure_link(leg, actor=actor).public_id)


@service
def revoke_party_links(handoff_id: int, *, actor: User, note: str) -> int:
    """End every live link of the leg; returns how many. Raises when there was none."""
    leg = lock_leg(handoff_id, actor)
    require(can_manage(actor, leg))
    links = list(PartyLink.objects.locked().filter(handoff=leg, revoked_at=None).order_by("pk"))
    if not links:
        raise InvalidTransition(_("There is no live link."))
    for link in links:
        link.revoked_at, link.revoked_by = now(), actor
        link.save(update_fields=["revoked_at", "revoked_by"])
        record("handoffs.link_revoked", link, actor=actor, case=leg.ticket, note=note)
    return len(links)


def mail_party(leg: Handoff, turn: HandoffTurn, *, actor: User) -> None:
    """Tell the outsider by mail where to answer, in their language; nothing without an address."""
    if not leg.is_external or not leg.party_email:
        return
    link = party_url(ensure_link(leg, actor=actor).public_id)
    with translation.override(leg.party_language):
        words = {"leg": leg, "link": link, "text": turn.text}
        mail = NewMail(
            purpose=MailPurpose.OUTSIDER,
            subject=render_to_string("handoffs/email/party.subject.txt", words).strip(),
            body=render_to_string("handoffs/email/party.txt", words).strip() + "\n",
            effect_key=f"handoff:{turn.pk}",
        )
    queue_mail(leg.ticket, mail, actor=actor, address=leg.party_email)


def leg_of_token(token: str) -> Handoff | None:
    """The leg a token opens now; ``None`` for a forged, expired, revoked, unknown or ended one."""
    public_id = read_link_token(token)
    if public_id is None:
        return None
    link = (
        PartyLink.objects.select_related("handoff__ticket")
        .filter(
            public_id=public_id,
            revoked_at=None,
            expires_at__gt=now(),
            handoff__status__in=OPEN_TO_OUTSIDERS,
        )
        .first()
    )
    return link.handoff if link else None
