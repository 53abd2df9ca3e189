"""The case and everything that hangs on it."""

from tickets.models.case import Presence, Ticket, TicketLink, TicketSearch, Watcher
from tickets.models.conversation import (
    Attachment,
    Draft,
    Mention,
    Message,
    OutboundMail,
    RawIntake,
    SignedLink,
    StatusLink,
)
from tickets.models.filing import Category, Tag
from tickets.models.tools import Macro, SavedReply, SavedView
from tickets.models.work import (
    CsatResponse,
    Evidence,
    FollowUp,
    Investigation,
    Proposal,
)

__all__ = [
    "Attachment",
    "Category",
    "CsatResponse",
    "Draft",
    "Evidence",
    "FollowUp",
    "Investigation",
    "Macro",
    "Mention",
    "Message",
    "OutboundMail",
    "Presence",
    "Proposal",
    "RawIntake",
    "SavedReply",
    "SavedView",
    "SignedLink",
    "StatusLink",
    "Tag",
    "Ticket",
    "TicketLink",
    "TicketSearch",
    "Watcher",
]
