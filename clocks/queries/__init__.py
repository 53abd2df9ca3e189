"""Reads of clocks: calendars as counting needs them."""

from clocks.queries.calendars import forget_weeks, week_of

__all__ = ["forget_weeks", "week_of"]
