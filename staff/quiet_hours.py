"""When something may be sent: now, or at the end of the quiet hours."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone


def after_quiet(hours: tuple[time, time] | None, moment: datetime) -> datetime:
    """``moment`` itself, or the end of the quiet hours it falls into.

    ``hours`` are read in the time zone of the desk; an end before the beginning lies on the next
    day.
    """
    if hours is None:
        return moment
    begin, end = hours
    zone = timezone.get_default_timezone()
    local = timezone.localtime(moment, zone)
    clock = local.time()
    if begin < end:
        is_quiet, days = begin <= clock < end, 0
    else:
        is_quiet, days = clock >= begin or clock < end, 1 if clock >= begin else 0
    if not is_quiet:
        return moment
    return datetime.combine(local.date() + timedelta(days=days), end, tzinfo=zone)
