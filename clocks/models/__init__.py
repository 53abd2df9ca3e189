"""Calendars: what time counts, where."""

from clocks.models.calendars import Calendar, CalendarDay, CalendarException, CalendarYear

__all__ = ["Calendar", "CalendarDay", "CalendarException", "CalendarYear"]
