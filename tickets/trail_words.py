"""What the filters of saved views say in the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from compliance import events, wording
from compliance.wording import labelled
from staff.roles import Role
from tickets.choices import Channel, Kind, Priority
from tickets.statuses import TicketStatus

FILTERS = {
    "status": _("status"),
    "assignee": _("assignee"),
    "department": _("department of the case"),
    "kind": _("kind"),
    "category": _("category"),
    "priority": _("priority"),
    "channel": _("channel"),
    "shop": _("shop"),
    "tag": _("tag"),
    "late": _("only late ones"),
    "since": _("arrived from"),
    "until": _("arrived until"),
    "sort": _("sorted by"),
    "q": _("search words"),
}
STATES = (
    ("unfinished", _("All unfinished")),
    ("waiting", _("Waiting")),
    ("any", _("Any status")),
    *TicketStatus.choices,
)
VALUES = {
    "status": labelled(STATES),
    "assignee": labelled([("me", _("Me")), ("none", _("Nobody"))]),
    "department": labelled([("mine", _("Mine"))]),
    "kind": labelled(Kind.choices),
    "priority": labelled(Priority.choices),
    "channel": labelled(Channel.choices),
    "late": labelled([("1", _("Yes"))]),
    "sort": labelled([("due", _("Due first")), ("activity", _("Latest first"))]),
}

VARIANTS = {
    "words": _("more than thanks"),
    "away": _("this case ended in another"),
    "back": _("this case is its own again"),
}


def register() -> None:
    events.register_variants({**dict(TicketStatus.choices), **VARIANTS})
    wording.register(
        "tickets.savedview", params=wording.keyed(FILTERS, VALUES), roles=labelled(Role.choices)
    )
