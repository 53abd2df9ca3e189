"""How the desk says what it shows: moments of time, and the tone and icon that go with a word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clocks.words import span_words
from tickets.choices import Channel, MessageKind, Priority
from tickets.statuses import TicketStatus

SOON = timedelta(hours=2)
WEEK = timedelta(days=7)

STATUS_TONES = {
    TicketStatus.NEW: "blue",
    TicketStatus.OPEN: "violet",
    TicketStatus.PENDING: "amber",
    TicketStatus.ON_HOLD: "amber",
    TicketStatus.RESOLVED: "green",
    TicketStatus.CLOSED: "",
    TicketStatus.CANCELED: "",
}
PRIORITY_TONES = {Priority.URGENT: "red", Priority.HIGH: "amber"}
PRIORITY_ICONS = {
    Priority.URGENT: "keyboard_double_arrow_up",
    Priority.HIGH: "keyboard_arrow_up",
    Priority.NORMAL: "remove",
    Priority.LOW: "keyboard_arrow_down",
}
# By the way it is written in the composer.
DRAFT_LABELS = {
    MessageKind.OUTBOUND.value: gettext_lazy("Reply"),
    MessageKind.NOTE.value: gettext_lazy("Note"),
    "proposal": gettext_lazy("Propose"),
    "result": gettext_lazy("Result"),
}
CHANNEL_ICONS = {
    Channel.MAIL: "mail",
    Channel.CHAT: "forum",
    Channel.PHONE: "call",
    Channel.COUNTER: "storefront",
    Channel.WEB: "language",
    Channel.PORTAL: "link",
    Channel.WECHAT: "chat_bubble",
    Channel.API: "api",
    Channel.REVIEW: "rate_review",
}


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due, in words, with the tone that repeats them."""

    text: str
    tone: str


def due_words(due_at: datetime | None, moment: datetime) -> Due:
    """«in 1 h 12 min» or «late by 2 d 3 h»; soon is two hours."""
    if due_at is None:
        return Due("–", "gray")
    if due_at <= moment:
        return Due(_("late by %(span)s") % {"span": span_words(moment - due_at)}, "red")
    tone = "amber" if due_at - moment <= SOON else ""
    return Due(_("in %(span)s") % {"span": span_words(due_at - moment)}, tone)


def ago(at: datetime, moment: datetime) -> str:
    """«12 min ago» within a week, the day before, with its year where that is another."""
    length = moment - at
    if length < timedelta(minutes=1):
        return _("just now")
    if length < WEEK:
        return _("%(span)s ago") % {"span": span_words(length)}
    day = timezone.localtime(at)
    is_this_year = day.year == timezone.localtime(moment).year
    return date_format(day, "MONTH_DAY_FORMAT" if is_this_year else "SHORT_DATE_FORMAT")
