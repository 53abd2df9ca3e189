"""Pages of clocks."""

from clocks.admin.calendars import CalendarAdmin
from clocks.admin.rules import ClockRuleAdmin
from clocks.admin.running import ClockAdmin

__all__ = ["CalendarAdmin", "ClockAdmin", "ClockRuleAdmin"]
