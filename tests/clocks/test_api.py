"""Promises and rules over the API: narrowed, explained, seen by whoever sees the case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clocks.models import Clock, ClockRule
from staff.roles import Role
from tests.api.calls import Caller
from tests.factories.clocks import clock_of, make_rule, only_rule
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket
from tickets.services import conversation, handling
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TOKENS = {"stops_on": ["tickets.resolved"], "pauses_on": [], "resumes_on": []}


@pytest.fixture
def lead() -> Caller:
    return Caller(make_user(Role.LEAD))


def ids(caller: Caller, query: str = "") -> list[int]:
    answer = caller.get(f"clocks/{query}")
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def test_promises_are_narrowed_by_case_state_promise_and_time(lead: Caller) -> None:
    assert lead.user
    only_rule()
    make_rule(code="solve", promise="solve", amount=600, **TOKENS)
    with time_machine.travel(START, tick=False) as clock_time:
        kept, paused = make_ticket(lead.user), make_ticket(lead.user)
        conversation.reply(kept.pk, actor=lead.user, body="We look into it.")
        handling.wait(paused.pk, actor=lead.user, status=TicketStatus.PENDING)
        clock_time.shift(timedelta(minutes=5))
        owed = make_ticket(lead.user)
        answers = {one.pk: clock_of(one).pk for one in (kept, paused, owed)}
        solves = {one.pk: clock_of(one, "solve").pk for one in (kept, paused, owed)}
        soon = (START + timedelta(hours=2)).isoformat().replace("+00:00", "Z")

        # By due time unless said otherwise, and what is paused has none.
        assert ids(lead, "?live=true") == [
            answers[owed.pk],
            solves[kept.pk],
            solves[paused.pk],
            solves[owed.pk],
        ]
        assert ids(lead, f"?due_before={soon}&live=true") == [answers[owed.pk]]
        assert ids(lead, "?promise=answer&ordering=-started_at") == sorted(
            answers.values(), reverse=True
        )
        assert ids(lead, "?state=paused&ordering=-started_at") == [answers[paused.pk]]
        assert ids(lead, "?state=paused&state=met&ordering=-started_at") == [
            answers[paused.pk],
            answers[kept.pk],
        ]
        assert ids(lead, f"?case={owed.number}") == [answers[owed.pk], solves[owed.pk]]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?state=gone", "state"),
        ("?due_before=tomorrow", "due_before"),
        ("?moon=full", "moon"),
        ("?live=x", "live"),
        ("?ordering=name", "ordering"),
    ],
)
def test_filter_that_means_nothing_is_refused_by_name(lead: Caller, query: str, field: str) -> None:
    answer = lead.get(f"clocks/{query}")

    assert answer.status_code == 400
    assert field in answer.content.decode()


def test_old_versions_are_asked_for_in_words_we_know(lead: Caller) -> None:
    answer = lead.get("clock-rules/?all_versions=x")

    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "all_versions")
    assert lead.get("clock-rules/?all_versions=True").status_code == 200


def test_promises_of_cases_out_of_sight_are_not_there(lead: Caller) -> None:
    assert lead.user
    only_rule()
    clock = clock_of(make_ticket(lead.user))
    stranger = Caller(make_user(department=make_department("elsewhere")))

    assert ids(stranger) == []
    assert stranger.get(f"clocks/{clock.pk}/").status_code == 404
    assert ids(Caller(make_user(Role.AUDITOR))) == [clock.pk]


def test_promise_tells_its_story(lead: Caller) -> None:
    assert lead.user
    only_rule()
    with time_machine.travel(START, tick=False) as clock_time:
        ticket = make_ticket(lead.user)
        clock_time.shift(timedelta(minutes=10))
        handling.wait(ticket.pk, actor=lead.user, status=TicketStatus.PENDING)

        told = lead.get(f"clocks/{clock_of(ticket).pk}/").json()

    assert (told["state"], told["due_at"], told["paused_at"]) == (
        "paused",
        None,
        "2026-03-02T10:10:00+08:00",
    )
    assert [line["kind"] for line in told["explanation"]][:3] == ["rule", "start", "pause"]


def test_list_costs_the_same_with_one_promise_and_with_three(lead: Caller) -> None:
    assert lead.user
    only_rule()
    make_ticket(lead.user)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            ids(lead)
        return len(queries)

    one = cost()
    make_ticket(lead.user)
    make_ticket(lead.user)

    assert cost() == one


def test_next_version_is_previewed_then_made_and_the_old_one_stays_to_be_read(
    lead: Caller,
) -> None:
    assert lead.user
    rule = only_rule()
    make_ticket(lead.user)
    changes: dict[str, Any] = {"amount": 30}

    shown = lead.post(f"clock-rules/{rule.code}/preview/", changes).json()
    assert (shown["matching"], ClockRule.objects.filter(code=rule.code).count()) == (1, 1)
    made = lead.post(f"clock-rules/{rule.code}/revise/", changes | {"note": "Faster from now on"})

    assert made.status_code == 200, made.content
    codes = lead.get(f"clock-rules/?code={rule.code}&all_versions=true").json()["results"]
    assert [(one["version"], one["amount"], one["is_current"]) for one in codes] == [
        (2, 30, True),
        (1, 60, False),
    ]
    current = lead.get(f"clock-rules/?code={rule.code}").json()["results"]
    assert [one["version"] for one in current] == [2]
    assert Clock.objects.get().rule == rule
