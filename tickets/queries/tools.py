"""What the picker of the composer offers."""

from __future__ import annotations

from django.utils.translation import gettext as _

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


def steps_of(macro: Macro) -> list[str]:
    """What a macro does besides its answer, step by step."""
    told = {
        _("priority “%(value)s”"): macro.get_set_priority_display(),
        _("tags %(value)s"): ", ".join(macro.add_tags),
        _("follow-up “%(value)s” planned"): macro.get_follow_up_kind_display(),
        _("now “%(value)s”"): macro.get_set_status_display(),
        _("proposal “%(value)s” prepared, not yet offered"): macro.get_propose_remedy_display(),
    }
    steps = [words % {"value": value} for words, value in told.items() if value]
    return [*steps, _("assigned to you")] if macro.assign_to_me else steps
