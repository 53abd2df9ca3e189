"""Writes of clocks."""

from clocks.services.calendars import (
    ExceptionDraft,
    add_calendar,
    add_exception,
    change_calendar,
    remove_exception,
)
from clocks.services.years import YearList, import_year

__all__ = [
    "ExceptionDraft",
    "YearList",
    "add_calendar",
    "add_exception",
    "change_calendar",
    "import_year",
    "remove_exception",
]
