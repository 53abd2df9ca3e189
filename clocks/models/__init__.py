"""Calendars, rules of time, and promises that run."""

from clocks.models.calendars import Calendar, CalendarDay, CalendarException, CalendarYear
from clocks.models.rules import ClockRule, EscalationStep
from clocks.models.running import Clock, ClockChange, ClockPause, ClockStep

__all__ = [
    "Calendar",
    "CalendarDay",
    "CalendarException",
    "CalendarYear",
    "Clock",
    "ClockChange",
    "ClockPause",
    "ClockRule",
    "ClockStep",
    "EscalationStep",
]
