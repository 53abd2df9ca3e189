"""Saved replies. Only the variables below are replaced: no template language, no injection."""

from __future__ import annotations

import re

from staff.models import Language, User
from tickets.models import SavedReply, Ticket

VARIABLE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
VARIABLES = ("customer", "number", "order", "shop", "agent", "subject")


def values(ticket: Ticket, agent: User) -> dict[str, str]:
    return {
        "customer": ticket.customer.name if ticket.customer else "",
        "number": ticket.number,
        "order": ticket.order.external_id if ticket.order else "",
        "shop": str(ticket.shop) if ticket.shop else "",
        "agent": str(agent),
        "subject": ticket.subject,
    }


def render_reply(reply: SavedReply, ticket: Ticket, agent: User) -> str:
    """The reply in the customer's language, variables filled in; unknown names stay visible."""
    chinese = ticket.language == Language.ZH
    text = (reply.body_zh or reply.body) if chinese else (reply.body or reply.body_zh)
    known = values(ticket, agent)
    return VARIABLE.sub(lambda match: known.get(match.group(1), match.group()), text)
