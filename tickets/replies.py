"""Saved replies. Only the variables below are replaced: no template language, no injection."""

from __future__ import annotations

import re
from collections.abc import Callable

from aftersales.kernel.masking import mask_name, replaced
from staff.models import Language, User
from tickets.models import SavedReply, Ticket

VARIABLE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
VARIABLES = ("customer", "number", "order", "shop", "agent", "subject")
# Personal data: drafts and previews keep the variable, what is sent has the name.
NAME = "customer"


def values(ticket: Ticket, agent: User) -> dict[str, str]:
    return {
        "number": ticket.number,
        "order": ticket.order.external_id if ticket.order else "",
        "shop": str(ticket.shop) if ticket.shop else "",
        "agent": str(agent),
        "subject": ticket.subject,
    }


def render_reply(reply: SavedReply, ticket: Ticket, agent: User) -> str:
    """The reply in the customer's language, variables filled in but for the customer's name
    (``with_name``); unknown ones stay visible."""
    chinese = ticket.language == Language.ZH
    text = (reply.body_zh or reply.body) if chinese else (reply.body or reply.body_zh)
    known = values(ticket, agent)
    return VARIABLE.sub(lambda match: known.get(match.group(1), match.group()), text)


def with_name(text: str, ticket: Ticket) -> str:
    """Words on their way to the customer, who reads the own name."""
    return _named(text, lambda: ticket.customer.name if ticket.customer else "")


def preview(text: str, ticket: Ticket) -> str:
    """The same as somebody at the desk may see it before."""
    return _named(text, lambda: mask_name(ticket.customer.name) if ticket.customer else "")


def without_name(text: str, ticket: Ticket) -> str:
    """Words that come back into a draft: the name is the variable again."""
    name = ticket.customer.name if ticket.customer else ""
    return replaced(text, name, f"{{{{ {NAME} }}}}")


def _named(text: str, name: Callable[[], str]) -> str:
    return VARIABLE.sub(lambda found: name() if found[1] == NAME else found[0], text)
