"""Spans of time as people say them."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _


def short(span: timedelta) -> str:
    """The two largest units: “3 d 4 h”, “1 h 12 min”, “5 min”; less than a minute is “< 1 min”."""
    minutes = int(abs(span.total_seconds()) // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        text = _("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    elif hours and not minutes:
        text = _("%(hours)s h") % {"hours": hours}
    elif hours:
        text = _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    elif minutes:
        text = _("%(minutes)s min") % {"minutes": minutes}
    else:
        text = _("< 1 min")
    return text
