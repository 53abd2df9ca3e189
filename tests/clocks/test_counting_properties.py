"""What holds for every calendar, start, term and pause."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from clocks.counting import Interval, Roll, Unit, WorkWeek, due, elapsed, point
from tests.clocks.slow_model import MIDDLES, random_week

properties = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
PASSING = [Unit.MINUTES, Unit.HOURS, Unit.WORK_MINUTES]
DAYS = [Unit.CALENDAR_DAYS, Unit.WORK_DAYS]
MONTHS = [Unit.MONTHS, Unit.YEARS]
amounts = st.integers(0, 40)
moments = st.builds(
    lambda middle, minutes: (
        datetime.fromisoformat(middle).replace(tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.sampled_from(MIDDLES),
    st.integers(-9000, 9000),
)
weeks = st.builds(
    lambda seed, middle: random_week(random.Random(seed), date.fromisoformat(middle)),
    st.integers(0, 10**6),
    st.sampled_from(MIDDLES),
)
rolls = st.sampled_from(list(Roll))


def at(week: WorkWeek, start: datetime, amount: int, unit: Unit, *pauses: Interval) -> datetime:
    found = due(week, start, amount, unit, paused=pauses).at
    assert found is not None
    return found


@properties
@given(weeks, moments, amounts, amounts, st.sampled_from(PASSING))
def test_minutes_add_up(week: WorkWeek, start: datetime, one: int, two: int, unit: Unit) -> None:
    assert at(week, at(week, start, one, unit), two, unit) == at(week, start, one + two, unit)


@properties
@given(weeks, moments, st.integers(1, 30), st.integers(1, 30), st.sampled_from(DAYS))
def test_days_add_up(week: WorkWeek, start: datetime, one: int, two: int, unit: Unit) -> None:
    last = at(week, start, one, unit) - timedelta(seconds=1)

    assert at(week, last, two, unit) == at(week, start, one + two, unit)


@properties
@given(weeks, moments, amounts, amounts, st.sampled_from(list(Unit)), rolls)
def test_more_is_never_due_earlier(
    week: WorkWeek, start: datetime, one: int, two: int, unit: Unit, roll: Roll
) -> None:
    assume(unit != Unit.UNTIL)
    less, more = sorted((one, two))
    first, second = due(week, start, less, unit, roll), due(week, start, more, unit, roll)

    assert first.at is not None
    assert second.at is not None
    assert start <= first.at <= second.at


@properties
@given(weeks, moments, moments, amounts, st.sampled_from(list(Unit)), rolls)
def test_a_later_start_is_never_due_earlier(
    week: WorkWeek, one: datetime, two: datetime, amount: int, unit: Unit, roll: Roll
) -> None:
    early, late = sorted((one, two))
    first, second = due(week, early, amount, unit, roll).at, due(week, late, amount, unit, roll).at

    assert first is not None
    assert second is not None
    assert first <= second


@properties
@given(weeks, moments, st.integers(1, 40), st.sampled_from(list(Unit)), st.floats(0, 0.99), amounts)
def test_a_pause_is_a_shift_by_what_it_takes(
    week: WorkWeek, start: datetime, amount: int, unit: Unit, share: float, hours: int
) -> None:
    assume(unit not in (Unit.UNTIL, *MONTHS))
    begins = start + (at(week, start, amount, unit) - start) * share
    pause = Interval(begins, begins + timedelta(hours=hours))
    taken = elapsed(week, start, pause.end, unit) - elapsed(
        week, start, pause.end, unit, paused=[pause]
    )
    assume(unit not in PASSING or taken_exactly(week, pause, unit))

    assert at(week, start, amount, unit, pause) == at(week, start, amount + taken, unit)


def taken_exactly(week: WorkWeek, pause: Interval, unit: Unit) -> bool:
    """The pause took whole units, so that the amount can say it."""
    assert pause.end is not None
    count = elapsed(week, pause.start, pause.end, unit)
    return at(week, pause.start, count, unit) == pause.end


@properties
@given(weeks, moments, st.integers(1, 3), st.sampled_from(MONTHS), st.integers(0, 700), amounts)
def test_a_pause_moves_months_by_its_days(
    week: WorkWeek, start: datetime, amount: int, unit: Unit, hours: int, length: int
) -> None:
    begins = start + timedelta(hours=hours)
    pause = Interval(begins, begins + timedelta(hours=length))
    assert pause.end is not None
    days = (week.date_of(pause.end) - week.date_of(begins)).days
    last = at(week, start, amount, unit) - timedelta(seconds=1)
    assume(begins < last)

    assert at(week, start, amount, unit, pause) == at(week, last, days, Unit.CALENDAR_DAYS)


@properties
@given(weeks, moments, st.integers(1, 40), st.sampled_from(list(Unit)), amounts, amounts)
def test_what_has_passed_is_the_inverse_of_when_it_is_due(
    week: WorkWeek, start: datetime, amount: int, unit: Unit, after: int, length: int
) -> None:
    assume(unit != Unit.UNTIL)
    begins = start + timedelta(hours=after)
    pause = Interval(begins, begins + timedelta(hours=length))
    end = at(week, start, amount, unit, pause)

    assert elapsed(week, start, end, unit, paused=[pause]) == amount
    assert elapsed(week, start, end - timedelta(microseconds=1), unit, paused=[pause]) == amount - 1


@properties
@given(
    weeks,
    moments,
    st.integers(1, 40),
    st.sampled_from(list(Unit)),
    rolls,
    st.lists(st.tuples(amounts, amounts), max_size=3),
    st.lists(st.integers(0, 100), min_size=2, max_size=2),
)
def test_steps_come_in_order_and_end_with_the_term(
    week: WorkWeek,
    start: datetime,
    amount: int,
    unit: Unit,
    roll: Roll,
    breaks: list[tuple[int, int]],
    percents: list[int],
) -> None:
    pauses = [
        Interval(start + timedelta(hours=after), start + timedelta(hours=after + length))
        for after, length in breaks
    ]
    low, high = (
        point(week, start, amount, unit, roll, percent=percent, paused=pauses)
        for percent in sorted(percents)
    )
    end = due(week, start, amount, unit, roll, paused=pauses).at

    assert low is not None
    assert high is not None
    assert end is not None
    assert start <= low <= high <= end
    assert point(week, start, amount, unit, roll, percent=100, paused=pauses) == end


@properties
@given(weeks, moments, st.sampled_from(list(Unit)))
def test_a_pause_in_two_pieces_is_one(week: WorkWeek, start: datetime, unit: Unit) -> None:
    marks = [start + timedelta(hours=hours) for hours in (1, 20, 50)]
    pieces = [Interval(marks[1], marks[2]), Interval(marks[0], marks[1])]

    whole = due(week, start, 9, unit, paused=[Interval(marks[0], marks[2])])

    assert due(week, start, 9, unit, paused=pieces) == whole
