"""Moments as lists show them: to the minute, where the desk is, in the language of the page."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

MIDNIGHT = "00:00"


def day_and_time(at: datetime) -> str:
    """As Django's ``SHORT_DATETIME_FORMAT``; a page has fifty, on few days.

    The format of every language of the desk ends in hours and minutes.
    """
    local = timezone.localtime(at)
    return f"{_day(local.year, local.month, local.day, get_language())}{local:%H:%M}"


@lru_cache(maxsize=4000)
def _day(year: int, month: int, day: int, _language: str | None) -> str:
    """What stands before hours and minutes on that day."""
    words = date_format(datetime(year, month, day), "SHORT_DATETIME_FORMAT")  # noqa: DTZ001 -- no moment, a day
    return words.removesuffix(MIDNIGHT)
