"""Terms by the cases of the law and of the clock on the wall: named dates, exact ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from clocks.counting import (
    DayKind,
    Due,
    Interval,
    Roll,
    Unit,
    WorkWeek,
    due,
    elapsed,
    point,
    wall_moment,
)
from tests.clocks.weeks import at, frames, make_week

FREE, MAKE_UP = DayKind(is_workday=False, frames=()), DayKind(is_workday=True)
OFFICE = make_week(
    "Asia/Shanghai",
    "09:00-12:00 13:30-18:00",
    special={"2026-02-14": MAKE_UP, "2026-02-16": FREE, "2026-02-17": FREE},
)
BERLIN = make_week("Europe/Berlin", "01:00-05:00", days="1234567")
NEW_YORK = make_week("America/New_York", "01:00-05:00", days="1234567")
NEVER = make_week("UTC", "", special={})


def ends(week: WorkWeek, start: str, amount: int, unit: Unit, *pauses: Interval) -> str:
    found = due(week, at(week, start), amount, unit, paused=pauses).at
    assert found is not None
    return f"{found.astimezone(week.zone):%Y-%m-%dT%H:%M}"


def pause(week: WorkWeek, begins: str, until: str = "") -> Interval:
    return Interval(at(week, begins), at(week, until) if until else None)


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        ("2026-03-02T09:00", 60, "2026-03-02T10:00"),
        ("2026-03-02T11:30", 60, "2026-03-02T14:00"),  # over lunch
        ("2026-03-02T11:00", 60, "2026-03-02T12:00"),  # until lunch, not behind it
        ("2026-03-02T12:30", 60, "2026-03-02T14:30"),  # asked at lunch
        ("2026-03-06T17:30", 60, "2026-03-09T09:30"),  # over the weekend
        ("2026-03-07T10:00", 0, "2026-03-07T10:00"),  # nothing is due at once
        ("2026-02-13T17:30", 60, "2026-02-14T09:30"),  # a make-up Saturday is open
        ("2026-02-14T17:30", 60, "2026-02-18T09:30"),  # two holidays behind it are not
    ],
)
def test_working_minutes_pass_in_open_frames(start: str, amount: int, end: str) -> None:
    assert ends(OFFICE, start, amount, Unit.WORK_MINUTES) == end


@pytest.mark.parametrize(
    ("week", "start", "amount", "end"),
    [
        (BERLIN, "2026-03-29T00:00", 120, "2026-03-29T04:00"),  # 02:00 to 03:00 is skipped
        (BERLIN, "2026-10-25T00:00", 120, "2026-10-25T02:00"),  # 02:00 to 03:00 comes twice
        (NEW_YORK, "2026-03-08T00:00", 120, "2026-03-08T04:00"),
        (NEW_YORK, "2026-11-01T00:00", 180, "2026-11-01T03:00"),
    ],
)
def test_working_minutes_are_real_ones_when_clocks_change(
    week: WorkWeek, start: str, amount: int, end: str
) -> None:
    assert ends(week, start, amount, Unit.WORK_MINUTES) == end


@pytest.mark.parametrize(
    ("day", "shown", "moment"),
    [
        ("2026-03-29", time(2), "2026-03-29T01:00"),  # the jump itself
        ("2026-03-29", time(2, 30), "2026-03-29T01:00"),
        ("2026-03-29", time(3), "2026-03-29T01:00"),
        ("2026-10-25", time(2, 30), "2026-10-25T00:30"),  # the first of two
        ("2026-10-25", time(3), "2026-10-25T02:00"),
    ],
)
def test_a_wall_clock_time_is_one_moment(day: str, shown: time, moment: str) -> None:
    found = wall_moment(ZoneInfo("Europe/Berlin"), date.fromisoformat(day), shown)

    assert found == datetime.fromisoformat(moment).replace(tzinfo=UTC)


def test_a_frame_inside_the_skipped_hour_has_no_minute() -> None:
    week = make_week("Europe/Berlin", "02:10-02:40 03:00-04:00", days="1234567")

    assert ends(week, "2026-03-29T00:00", 30, Unit.WORK_MINUTES) == "2026-03-29T03:30"
    assert ends(week, "2026-03-30T00:00", 30, Unit.WORK_MINUTES) == "2026-03-30T02:40"


def test_hours_run_on_whatever_the_wall_clock_shows() -> None:
    assert ends(BERLIN, "2026-03-28T12:00", 24, Unit.HOURS) == "2026-03-29T13:00"
    assert ends(NEW_YORK, "2026-10-31T12:00", 24, Unit.HOURS) == "2026-11-01T11:00"


@pytest.mark.parametrize(
    ("start", "amount", "unit", "last"),
    [
        ("2026-03-06T23:59", 1, Unit.CALENDAR_DAYS, "2026-03-07"),
        ("2026-03-06T10:00", 0, Unit.CALENDAR_DAYS, "2026-03-06"),
        ("2026-03-06T10:00", 1, Unit.WORK_DAYS, "2026-03-09"),
        ("2026-03-07T10:00", 1, Unit.WORK_DAYS, "2026-03-09"),
        ("2026-03-07T10:00", 0, Unit.WORK_DAYS, "2026-03-09"),  # the same working day
        ("2026-02-13T10:00", 1, Unit.WORK_DAYS, "2026-02-14"),  # a make-up Saturday
        ("2026-01-31T10:00", 1, Unit.MONTHS, "2026-02-28"),
        ("2024-01-31T10:00", 1, Unit.MONTHS, "2024-02-29"),
        ("2026-02-28T10:00", 1, Unit.MONTHS, "2026-03-28"),
        ("2026-08-31T10:00", 6, Unit.MONTHS, "2027-02-28"),
        ("2024-02-29T10:00", 1, Unit.YEARS, "2025-02-28"),
        ("2024-02-29T10:00", 4, Unit.YEARS, "2028-02-29"),
        ("2026-11-28T10:00", 3, Unit.YEARS, "2029-11-28"),
    ],
)
def test_days_end_at_midnight_of_the_last_one(
    start: str, amount: int, unit: Unit, last: str
) -> None:
    midnight = datetime.fromisoformat(last) + timedelta(days=1)

    assert ends(OFFICE, start, amount, unit) == f"{midnight:%Y-%m-%dT%H:%M}"


def test_the_last_day_is_the_calendar_s_not_the_server_s() -> None:
    late = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)  # 01:00 on the 7th in China

    assert due(OFFICE, late, 1, Unit.CALENDAR_DAYS).at == datetime(2026, 3, 8, 16, tzinfo=UTC)


def test_a_pause_inside_one_day_moves_minutes_but_no_days() -> None:
    short = pause(OFFICE, "2026-03-02T10:00", "2026-03-02T11:00")

    assert ends(OFFICE, "2026-03-02T09:00", 120, Unit.MINUTES, short) == "2026-03-02T12:00"
    assert ends(OFFICE, "2026-03-02T09:00", 3, Unit.CALENDAR_DAYS, short) == "2026-03-06T00:00"


def test_a_pause_outside_open_frames_moves_no_working_minutes() -> None:
    lunch = pause(OFFICE, "2026-03-02T12:00", "2026-03-02T13:30")

    assert ends(OFFICE, "2026-03-02T11:30", 60, Unit.WORK_MINUTES, lunch) == "2026-03-02T14:00"


@pytest.mark.parametrize(
    ("begins", "until", "last"),
    [
        ("2026-03-03T10:00", "2026-03-05T10:00", "2026-03-09"),  # two working days
        ("2026-03-05T10:00", "2026-03-07T10:00", "2026-03-09"),  # a Saturday counts as Monday
        ("2026-03-07T10:00", "2026-03-08T10:00", "2026-03-05"),  # after the end
    ],
)
def test_a_pause_moves_working_days_by_those_it_takes(begins: str, until: str, last: str) -> None:
    found = ends(OFFICE, "2026-03-02T10:00", 3, Unit.WORK_DAYS, pause(OFFICE, begins, until))

    assert found == f"{datetime.fromisoformat(last) + timedelta(days=1):%Y-%m-%dT%H:%M}"


def test_overlapping_pauses_count_once() -> None:
    one = pause(OFFICE, "2026-03-02T10:00", "2026-03-02T11:00")
    other = pause(OFFICE, "2026-03-02T10:30", "2026-03-02T11:30")
    early = pause(OFFICE, "2026-03-01T10:00", "2026-03-02T09:15")

    end = ends(OFFICE, "2026-03-02T09:00", 120, Unit.MINUTES, other, early, one)

    assert end == "2026-03-02T12:45"


@pytest.mark.parametrize("unit", [Unit.HOURS, Unit.WORK_MINUTES, Unit.WORK_DAYS, Unit.MONTHS])
def test_a_pause_without_an_end_leaves_no_due_time(unit: Unit) -> None:
    start = at(OFFICE, "2026-03-02T09:00")
    still = pause(OFFICE, "2026-03-02T09:01")

    assert due(OFFICE, start, 5, unit, paused=[still]) == Due(None)
    assert point(OFFICE, start, 5, unit, percent=100, paused=[still]) is None


@pytest.mark.parametrize("unit", [Unit.HOURS, Unit.WORK_MINUTES, Unit.CALENDAR_DAYS])
def test_a_pause_from_the_end_on_changes_nothing(unit: Unit) -> None:
    start = at(OFFICE, "2026-03-02T09:00")
    end = due(OFFICE, start, 3, unit)
    assert end.at is not None

    assert due(OFFICE, start, 3, unit, paused=[Interval(end.at)]) == end


def test_a_pause_in_the_days_before_a_rolled_end_keeps_the_day_that_was_left() -> None:
    start = at(OFFICE, "2026-03-06T10:00")
    weekend = pause(OFFICE, "2026-03-08T10:00", "2026-03-10T10:00")

    found = due(OFFICE, start, 1, Unit.CALENDAR_DAYS, Roll.REST_DAY, paused=[weekend])

    assert found.at == at(OFFICE, "2026-03-11T00:00")


def test_an_agreed_time_is_that_time() -> None:
    start = at(OFFICE, "2026-03-07T03:00")

    assert due(OFFICE, start, 9, Unit.UNTIL, Roll.REST_DAY, paused=[Interval(start)]) == Due(start)
    assert point(OFFICE, start, 9, Unit.UNTIL, percent=50) == start
    assert elapsed(OFFICE, start, start + timedelta(days=9), Unit.UNTIL) == 0


@pytest.mark.parametrize(
    ("week", "amount", "unit"),
    [
        (NEVER, 1, Unit.WORK_MINUTES),
        (OFFICE, 2_000_000_000, Unit.HOURS),
        (OFFICE, 200, Unit.YEARS),
        (OFFICE, 1_000_000, Unit.CALENDAR_DAYS),
        (WorkWeek(ZoneInfo("UTC"), {}, lambda day: DayKind(False)), 1, Unit.WORK_DAYS),
    ],
)
def test_beyond_a_century_nothing_is_due(week: WorkWeek, amount: int, unit: Unit) -> None:
    assert due(week, at(week, "2026-03-07T03:00"), amount, unit).at is None


def test_a_negative_term_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        due(OFFICE, at(OFFICE, "2026-03-07T03:00"), -1, Unit.HOURS)


@pytest.mark.parametrize(
    ("amount", "unit", "percent", "moment"),
    [
        (120, Unit.WORK_MINUTES, 50, "2026-03-02T14:00:00"),  # half before lunch, half behind it
        (120, Unit.WORK_MINUTES, 100, "2026-03-02T15:00:00"),
        (60, Unit.MINUTES, 80, "2026-03-02T12:18:00"),
        (4, Unit.HOURS, 150, "2026-03-02T17:30:00"),
        (2, Unit.CALENDAR_DAYS, 50, "2026-03-03T17:45:00"),
    ],
)
def test_a_share_of_the_term_has_its_moment(
    amount: int, unit: Unit, percent: int, moment: str
) -> None:
    start = at(OFFICE, "2026-03-02T11:30")
    found = point(OFFICE, start, amount, unit, percent=percent)

    assert found == at(OFFICE, moment)


def test_beyond_the_last_official_day_a_result_is_provisional() -> None:
    unsettled = DayKind(is_workday=True, is_official=False)
    week = make_week("UTC", "09:00-17:00", special={"2027-01-01": unsettled})
    start = at(week, "2026-12-30T10:00")

    assert not due(week, start, 1, Unit.WORK_DAYS).is_provisional
    assert due(week, start, 2, Unit.WORK_DAYS).is_provisional
    assert due(week, start, 2000, Unit.WORK_MINUTES).is_provisional
    assert not due(week, start, 2, Unit.CALENDAR_DAYS).is_provisional
    assert due(week, start, 2, Unit.CALENDAR_DAYS, Roll.REST_DAY).is_provisional


def test_frames_end_at_midnight() -> None:
    week = make_week("UTC", "22:00-24:00", days="1234567")

    assert frames("22:00-24:00")[0].end == time.min
    assert ends(week, "2026-03-02T23:00", 90, Unit.WORK_MINUTES) == "2026-03-03T22:30"
