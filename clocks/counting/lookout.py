"""Asking a calendar about days while noting whether every answer was official."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from clocks.counting.week import DAY, DayKind, WorkWeek

# No promise reaches further; it bounds every search in a calendar that is never open.
HORIZON = timedelta(days=36_525)


class BeyondHorizon(Exception):
    """No such day within a century."""


class Lookout:
    """One calculation's view of a calendar."""

    def __init__(self, week: WorkWeek) -> None:
        self.week = week
        self.is_provisional = False

    def kind(self, day: date) -> DayKind:
        kind = self.week.day(day)
        self.is_provisional = self.is_provisional or not kind.is_official
        return kind

    def first(self, day: date, wanted: Callable[[DayKind], bool]) -> date:
        """``day`` or the first one after it that is wanted."""
        for _ in range(HORIZON.days):
            if wanted(self.kind(day)):
                return day
            day += DAY
        raise BeyondHorizon

    def workday_from(self, day: date) -> date:
        """``day`` or the first working day after it."""
        return self.first(day, lambda kind: kind.is_workday)

    def workday_after(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``; none after it is the one from it on."""
        if not count:
            return self.workday_from(day)
        for _ in range(count):
            day = self.workday_from(day + DAY)
        return day

    def workdays_between(self, after: date, until: date) -> int:
        """Working days after ``after`` up to and with ``until``."""
        days = (after + DAY * step for step in range(1, (until - after).days + 1))
        return sum(self.kind(day).is_workday for day in days)
