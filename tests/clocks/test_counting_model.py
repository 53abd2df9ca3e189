"""The functions against the slow model, on random calendars, starts, terms and pauses."""

from __future__ import annotations

import random

import pytest

from clocks.counting import due
from tests.clocks.slow_model import FAR, random_case, slow_due


def compare(cases: int, seed: int) -> None:
    chance = random.Random(seed)
    finished = 0
    for number in range(cases):
        week, start, amount, unit, roll, paused = random_case(chance)

        fast = due(week, start, amount, unit, roll, paused=paused).at

        # The slow one gives up after some weeks of a calendar that is hardly open.
        if fast is not None and fast - start > FAR:
            continue
        assert fast == slow_due(week, start, amount, unit, roll, paused), (seed, number)
        finished += fast is not None
    assert finished > cases * 0.8


def test_counting_agrees_with_walking() -> None:
    compare(1_000, seed=20261128)


@pytest.mark.long
def test_counting_agrees_with_walking_10_000_times() -> None:
    compare(10_000, seed=1)
