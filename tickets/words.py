"""How the desk says what it shows: spans of time, and the tone and icon that go with a word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tickets.choices import Channel, Priority
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


def span(length: timedelta) -> str:
    """«12 min», «1 h 12», «2 d 3 h»: never longer than it needs."""
    minutes = int(length.total_seconds() // 60)
    if not minutes:
        return _("< 1 min")
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": minutes}
    return _("%(minutes)d min") % {"minutes": minutes}


def due_words(due_at: datetime | None, moment: datetime) -> Due:
    """«in 1 h 12» or «late by 2 d 3 h»; soon is two hours."""
    if due_at is None:
        return Due("–", "gray")
    if due_at <= moment:
        return Due(_("late by %(span)s") % {"span": span(moment - due_at)}, "red")
    tone = "amber" if due_at - moment <= SOON else ""
    return Due(_("in %(span)s") % {"span": span(due_at - moment)}, tone)


def ago(at: datetime, moment: datetime) -> str:
    """«12 min ago» within a week, the day before, with its year where that is another."""
    length = moment - at
    if length < timedelta(minutes=1):
        return _("just now")
    if length < WEEK:
        return _("%(span)s ago") % {"span": span(length)}
    day = timezone.localtime(at)
    is_this_year = day.year == timezone.localtime(moment).year
    return date_format(day, "MONTH_DAY_FORMAT" if is_this_year else "Y-m-d")
