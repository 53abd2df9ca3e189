"""Counting of time: pure functions over a calendar that is handed in.

Sources: 民法典 201–204 and 处理投诉举报办法 45 (law.md section 2). Every moment is aware; results
are UTC. A term of days, months or years ends with its last day: its moment is the exclusive end,
00:00 of the following day where the calendar lives.
"""

from __future__ import annotations

from clocks.counting.days import Roll
from clocks.counting.terms import Due, Unit, due, elapsed, point
from clocks.counting.week import DayKind, Frame, Interval, WorkWeek, day_end, wall_moment

__all__ = [
    "DayKind",
    "Due",
    "Frame",
    "Interval",
    "Roll",
    "Unit",
    "WorkWeek",
    "day_end",
    "due",
    "elapsed",
    "point",
    "wall_moment",
]
