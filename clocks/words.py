"""Moments and spans as people say them, where the desk is."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from aftersales.kernel.moments import day_and_time


def moment_words(moment: datetime | None) -> str:
    """Day and time to the minute; a dash for none."""
    if moment is None:
        return "–"
    return day_and_time(moment)


def span_words(span: timedelta) -> str:
    """The two largest units that are not zero: “3 d 4 h”, “1 h 12 min”, “3 d”, “40 s”."""
    seconds = int(abs(span.total_seconds()))
    if seconds < 60:
        return _("%(seconds)s s") % {"seconds": seconds}
    days, rest = divmod(seconds // 60, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days and not hours:
        return _("%(days)s d") % {"days": days}
    if days:
        return _("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    if hours and minutes:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    if hours:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(minutes)s min") % {"minutes": minutes}
