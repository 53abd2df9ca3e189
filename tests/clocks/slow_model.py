"""The counting of time once more, by walking: slow, stupid, and written from the rules alone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from clocks.counting import DayKind, Frame, Interval, Roll, Unit, WorkWeek

MINUTE, QUARTER, DAY = timedelta(minutes=1), timedelta(minutes=15), timedelta(days=1)
FAR = timedelta(days=60)
# Around both changes of clocks in Europe and America, a leap day, the end of the year.
MIDDLES = ("2026-03-08", "2026-03-29", "2026-10-25", "2026-11-01", "2028-02-29", "2026-12-31")
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC")
REAL = {Unit.MINUTES: 1, Unit.HOURS: 60}


def is_paused_at(moment: datetime, paused: Sequence[Interval]) -> bool:
    """Whether the last instant before ``moment`` was paused."""
    return bool(paused) and any(
        one.start < moment and (one.end is None or moment <= one.end) for one in paused
    )


def slow_minutes(
    week: WorkWeek, start: datetime, amount: int, unit: Unit, paused: Sequence[Interval]
) -> datetime | None:
    """Minute by minute: one counts when open and not paused."""
    left = amount * REAL.get(unit, 1)
    doors = Doors(week)
    first = start.astimezone(week.zone).date()
    moment = datetime.combine(first, time.min, week.zone).astimezone(UTC)
    while left:
        if moment - start > FAR:
            return None
        is_open = unit in REAL or doors.are_open(moment)
        moment += MINUTE
        if moment > start and is_open and not is_paused_at(moment, paused):
            left -= 1
    return moment if amount else start


class Doors:
    """Watched minute by minute, by the clock on the wall."""

    def __init__(self, week: WorkWeek) -> None:
        self.week = week
        self.today = date.min
        self.latest = time.min
        self.frames: tuple[Frame, ...] = ()

    def are_open(self, moment: datetime) -> bool:
        shown = moment.astimezone(self.week.zone)
        if shown.date() != self.today:
            self.today, self.latest = shown.date(), time.min
            self.frames = self.week.frames_on(self.today, self.week.day(self.today))
        # Clocks may be set back; a frame that has opened does not open again.
        self.latest = max(self.latest, shown.time())
        return any(
            one.start <= self.latest and (self.latest < one.end or one.end == time.min)
            for one in self.frames
        )


def slow_days(
    week: WorkWeek,
    start: datetime,
    amount: int,
    unit: Unit,
    roll: Roll,
    paused: Sequence[Interval],
) -> datetime | None:
    """Midnight by midnight: a day counts unless the clock was paused when the last one ended."""
    first = start.astimezone(week.zone).date()
    count, skips_next = 0, False
    moment = start.replace(minute=start.minute // 15 * 15, second=0)
    before = moment.astimezone(week.zone).date()
    while moment - start < FAR * 2:
        moment += QUARTER
        day, before = before, moment.astimezone(week.zone).date()
        if before == day or (unit == Unit.WORK_DAYS and not week.day(day).is_workday):
            continue
        if day > first and not skips_next:
            count += is_step(first, day - DAY * lost(first, day, paused, week), unit)
        skips_next = is_paused_at(moment, paused)
        if count >= amount and not skips_next and may_end(week, day, roll):
            return moment
    return None


def lost(first: date, day: date, paused: Sequence[Interval], week: WorkWeek) -> int:
    """Midnights up to the one that began ``day`` at which the clock was paused."""
    midnights = (first + DAY * step for step in range(1, (day - first).days + 1))
    return sum(
        is_paused_at(datetime.combine(one, time.min, week.zone).astimezone(UTC), paused)
        for one in midnights
    )


def is_step(first: date, day: date, unit: Unit) -> bool:
    """Whether ``day`` completes one more unit since ``first``; months are named by their day."""
    if unit in (Unit.CALENDAR_DAYS, Unit.WORK_DAYS):
        return True
    is_month_end = (day + DAY).month != day.month
    is_month = day.day == first.day or (is_month_end and day.day < first.day)
    return is_month and (unit == Unit.MONTHS or day.month == first.month)


def may_end(week: WorkWeek, day: date, roll: Roll) -> bool:
    kind = week.day(day)
    if roll == Roll.REST_DAY:
        return kind.is_workday
    return roll == Roll.NONE or not kind.is_statutory_holiday


def slow_due(
    week: WorkWeek,
    start: datetime,
    amount: int,
    unit: Unit,
    roll: Roll,
    paused: Sequence[Interval],
) -> datetime | None:
    if unit in (Unit.MINUTES, Unit.HOURS, Unit.WORK_MINUTES):
        return slow_minutes(week, start, amount, unit, paused)
    return slow_days(week, start, amount, unit, roll, paused)


def random_frames(chance: random.Random) -> tuple[Frame, ...]:
    """None to three frames of a day, with and without a break between them, some until 24:00."""
    marks = sorted(chance.sample(range(0, 289), 2 * chance.choice((0, 1, 1, 2, 2, 3))))
    times = [time(mark // 12 % 24, mark % 12 * 5) for mark in marks]
    return tuple(Frame(times[at], times[at + 1]) for at in range(0, len(times), 2))


def random_week(chance: random.Random, middle: date) -> WorkWeek:
    """Some open hours, holidays, make-up days and exceptions around ``middle``."""
    frames = {day: random_frames(chance) for day in range(1, 8)}
    frames[3] = frames[3] or (Frame(time(9), time(17)),)
    special: dict[date, DayKind] = {}
    for _ in range(chance.randrange(8)):
        is_workday = chance.random() < 0.4
        special[middle + DAY * chance.randrange(-10, 20)] = DayKind(
            is_workday=is_workday,
            is_statutory_holiday=not is_workday and chance.random() < 0.5,
            frames=chance.choice((None, (), random_frames(chance))),
        )
    return WorkWeek(
        ZoneInfo(chance.choice(ZONES)),
        frames,
        lambda day: special.get(day) or DayKind(is_workday=day.isoweekday() < 6),
    )


def random_pauses(chance: random.Random, start: datetime) -> list[Interval]:
    """In no order, overlapping, before the start too, now and then without an end."""
    pauses = []
    for _ in range(chance.choice((0, 0, 1, 2, 3))):
        begins = start + MINUTE * chance.randrange(-600, 4000)
        length = chance.choice((chance.randrange(90), chance.randrange(4000)))
        pauses.append(Interval(begins, begins + MINUTE * length))
    if chance.random() < 0.1:
        pauses.append(Interval(start + MINUTE * chance.randrange(6000)))
    return pauses


Case = tuple[WorkWeek, datetime, int, Unit, Roll, list[Interval]]


def random_case(chance: random.Random) -> Case:
    middle = date.fromisoformat(chance.choice(MIDDLES))
    start = datetime.combine(middle, time.min, UTC) + MINUTE * chance.randrange(-7200, 2880)
    unit = chance.choice([unit for unit in Unit if unit not in (Unit.UNTIL, Unit.YEARS)])
    most = {
        Unit.MINUTES: 900,
        Unit.HOURS: 20,
        Unit.WORK_MINUTES: 500,
        Unit.CALENDAR_DAYS: 9,
        Unit.WORK_DAYS: 6,
        Unit.MONTHS: 1,
    }[unit]
    roll = chance.choice(list(Roll))
    amount = chance.randrange(most + 1)
    return random_week(chance, middle), start, amount, unit, roll, random_pauses(chance, start)
