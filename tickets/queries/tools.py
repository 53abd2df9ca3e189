"""What the picker of the composer offers."""

from __future__ import annotations

from staff.models import User
from tickets.models import Macro, SavedReply, Ticket
from tickets.replies import preview, render_reply


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
            "text": text,
            "hint": preview(text, ticket),
        }
        for reply, text in ((reply, render_reply(reply, ticket, user)) for reply in replies)
    )
    return found


def colleagues_of(user: User) -> list[dict[str, object]]:
    """Everybody else who works here, with what calls them."""
    people = User.objects.people().exclude(pk=user.pk).select_related("department")
    return [
        {
            "kind": "person",
            "name": one.display_name or one.username,
            "shortcut": one.username,
            "text": f"@{one.username} ",
            "hint": str(one.department or ""),
        }
        for one in people.order_by("display_name", "pk")
    ]
