"""Terms measured in whole days: calendar days, working days, months, years."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from clocks.counting.lookout import HORIZON, BeyondHorizon, Lookout
from clocks.counting.spans import clipped
from clocks.counting.week import DAY, Interval, day_end


class Roll(TextChoices):
    """Where a last day moves that is no working day (民法典 203; 办法 45 for regulators)."""

    NONE = "none", _("stays")
    REST_DAY = "rest_day", _("moves behind rest days")
    STAT_HOLIDAY = "stat_holiday", _("moves behind statutory holidays")


class Days:
    """Counts one unit of days; the first day is never counted.

    A pause is measured as the term itself is: from the day it began, not counted, to the day it
    ended. It moves the last day by as many days of the unit, by days for months and years. A pause
    within one day moves nothing.
    """

    def __init__(self, look: Lookout, roll: Roll) -> None:
        self.look = look
        self.roll = roll

    def advanced(self, day: date, amount: int) -> date:
        return moved(day, amount)

    def paused_days(self, begins: date, ends: date) -> int:
        return (ends - begins).days

    def pushed(self, day: date, count: int) -> date:
        return moved(day, count)

    def passed(self, start: date, completed: date, paused: int) -> int:
        """Whole units of which ``completed`` is the last full day."""
        return (completed - start).days - paused

    def rolled(self, day: date) -> date:
        if self.roll == Roll.REST_DAY:
            return self.look.workday_from(day)
        if self.roll == Roll.STAT_HOLIDAY:
            return self.look.first(day, lambda kind: not kind.is_statutory_holiday)
        return day

    def due(self, start: datetime, amount: int, pauses: Sequence[Interval]) -> datetime | None:
        """24:00 of the last day; none while a pause lasts or beyond a century."""
        week = self.look.week
        try:
            day = self.advanced(week.date_of(start), amount)
            last = self.rolled(day)
            for pause in pauses:
                if pause.start >= day_end(week.zone, last):
                    break
                if pause.end is None:
                    return None
                begins = week.date_of(pause.start)
                count = self.paused_days(begins, week.date_of(pause.end))
                day = self.pushed(max(day, begins), count)
                last = self.rolled(day)
        except BeyondHorizon:
            return None
        return day_end(week.zone, last)

    def elapsed(self, start: datetime, until: datetime, pauses: Sequence[Interval]) -> int:
        week = self.look.week
        paused = sum(
            self.paused_days(week.date_of(begins), week.date_of(ends))
            for begins, ends in clipped(pauses, until)
        )
        return self.passed(week.date_of(start), week.date_of(until) - DAY, paused)


class WorkDays(Days):
    """Counts working days; a pause that begins or ends on a rest day does so on the next one."""

    def advanced(self, day: date, amount: int) -> date:
        return self.look.workday_after(day, amount)

    def pushed(self, day: date, count: int) -> date:
        return self.look.workday_after(day, count)

    def paused_days(self, begins: date, ends: date) -> int:
        first, last = self.look.workday_from(begins), self.look.workday_from(ends)
        return self.look.workdays_between(first, last)

    def passed(self, start: date, completed: date, paused: int) -> int:
        return self.look.workdays_between(start, completed) - paused


class Months(Days):
    """Ends on the corresponding day, else at the end of the month (民法典 202)."""

    months = 1

    def advanced(self, day: date, amount: int) -> date:
        return months_after(day, amount * self.months)

    def passed(self, start: date, completed: date, paused: int) -> int:
        target = completed - DAY * paused
        count = (target.year - start.year) * 12 + target.month - start.month
        if count > 0 and months_after(start, count) > target:
            count -= 1
        return count // self.months


class Years(Months):
    """Twelve months each, so that 29 February ends on the 28th."""

    months = 12


def moved(day: date, count: int) -> date:
    if count > HORIZON.days:
        raise BeyondHorizon
    return day + timedelta(days=count)


def months_after(day: date, count: int) -> date:
    if count * 30 > HORIZON.days:
        raise BeyondHorizon
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
