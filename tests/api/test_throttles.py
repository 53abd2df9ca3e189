"""How often one caller may ask: exact limits, when to come back, in whose words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache

from aftersales.api.throttles import WindowThrottle
from tests.api.calls import Caller

# Twenty seconds and a half into a minute.
MOMENT = datetime(2026, 3, 2, 8, 0, 20, 500_000, tzinfo=UTC)


@pytest.fixture(autouse=True)
def two_a_minute(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(WindowThrottle, "THROTTLE_RATES", {"user": "2/min", "login": "1/hour"})
    cache.clear()
    with time_machine.travel(MOMENT, tick=False):
        yield
    cache.clear()


def codes(caller: Caller, count: int) -> list[int]:
    return [caller.get("me/").status_code for _ in range(count)]


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("en", "Request was throttled. Expected available in 40 seconds."),
        ("zh-hans", "请求已被限流。 预计 40 秒后可用。"),
    ],
)
def test_above_the_limit_says_when_to_come_back(lead: Caller, language: str, message: str) -> None:
    assert codes(lead, 2) == [200, 200]

    refused = lead.get("me/", Accept_Language=language)

    error = refused.json()["error"]
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "40")
    assert (error["code"], error["message"], error["field"]) == ("throttled", message, "")
    assert refused.headers["Content-Language"] == language
    assert error["request_id"] == refused.headers["X-Request-Id"]


def test_each_caller_has_a_limit_of_its_own_and_addresses_theirs(
    lead: Caller, auditor: Caller, nobody: Caller
) -> None:
    assert codes(lead, 3) == [200, 200, 429]
    assert codes(auditor, 3) == [200, 200, 429]
    assert codes(nobody, 3) == [401, 401, 401]


def test_limit_begins_anew_with_the_next_window(lead: Caller) -> None:
    assert codes(lead, 3) == [200, 200, 429]
    with time_machine.travel(MOMENT + timedelta(seconds=39), tick=False):
        assert lead.get("me/").headers["Retry-After"] == "1"
    with time_machine.travel(MOMENT + timedelta(seconds=40), tick=False):
        assert codes(lead, 3) == [200, 200, 429]


def test_passwords_are_tried_by_an_address_at_a_limit_of_their_own(
    lead: Caller, nobody: Caller
) -> None:
    body = {"username": "x", "password": "y"}

    answers = [nobody.post("auth/token/", body) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [401, 429]
    assert answers[1].headers["Retry-After"] == "3580"
    assert codes(lead, 1) == [200]
