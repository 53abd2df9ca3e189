"""Pages of clocks."""

from clocks.admin.calendars import CalendarAdmin

__all__ = ["CalendarAdmin"]
