"""What the picker of the composer offers."""

from __future__ import annotations

from staff.models import User
from tickets.models import Macro, SavedReply, Ticket
from tickets.replies import render_reply


def tools_for(ticket: Ticket, user: User) -> list[dict[str, object]]:
    """Macros first, then saved replies with their text for this case."""
    macros = Macro.objects.visible_to(user).filter(is_active=True)
    replies = SavedReply.objects.visible_to(user).filter(is_active=True)
    found: list[dict[str, object]] = [
        {"kind": "macro", "id": macro.pk, "name": str(macro)} for macro in macros
    ]
    found.extend(
        {
            "kind": "reply",
            "name": str(reply),
            "shortcut": reply.shortcut,
            "text": render_reply(reply, ticket, user),
        }
        for reply in replies
    )
    return found
