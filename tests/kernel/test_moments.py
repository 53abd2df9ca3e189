"""Moments as lists show them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format
from hypothesis import given
from hypothesis import strategies as st

from aftersales.kernel.moments import day_and_time

MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- hypothesis adds the zone


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@given(at=MOMENTS)
def test_moment_reads_as_django_would_write_it(language: str, at: datetime) -> None:
    with translation.override(language):
        written = date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
        assert day_and_time(at) == written


def test_moment_changes_with_the_language() -> None:
    at = datetime(2026, 11, 28, 16, 5, tzinfo=UTC)
    with translation.override("en"):
        assert day_and_time(at) == "29 Nov 2026, 00:05"
    with translation.override("zh-hans"):
        assert day_and_time(at) == "2026年11月29日 00:05"
