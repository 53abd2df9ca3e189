"""Dates read the same to everybody who reads English, and end no sentence twice."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format

MOMENT = datetime(2026, 11, 4, 2, 33)  # noqa: DTZ001 -- as a clock on the wall shows it


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "4 Nov 2026, 02:33"), ("zh-hans", "2026年11月4日 02:33")],
)
def test_times_are_written_without_a_full_stop_or_a_riddle(language: str, expected: str) -> None:
    with translation.override(language):
        assert date_format(MOMENT, "DATETIME_FORMAT") == expected
