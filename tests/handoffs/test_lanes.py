"""Who had the turn when, and for how long in all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from handoffs.queries.lanes import account, lanes, legs_of, segments
from handoffs.services import receiving, sending
from handoffs.services.receiving import Reply
from staff.roles import Role
from tests.factories.handoffs import make_handoff, make_helper
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_every_hour_of_a_leg_lies_with_somebody() -> None:
    giver, other = make_user(), make_helper()
    ticket = make_ticket(giver)
    with time_machine.travel(START, tick=False) as clock:
        leg = make_handoff(ticket, giver)
        clock.shift(HOUR)
        receiving.accept_handoff(leg.pk, actor=other)
        clock.shift(HOUR)
        receiving.return_handoff(leg.pk, actor=other, note="Which parcel?")
        clock.shift(3 * HOUR)
        sending.resend_handoff(leg.pk, actor=giver, note="SF100")
        clock.shift(4 * HOUR)
        receiving.answer_handoff(leg.pk, Reply(text="Lost."), actor=other)
        clock.shift(HOUR)
        (found,) = legs_of(ticket, giver)
        running = segments(found)
        totals = account(found)
        sending.close_handoff(leg.pk, actor=giver)
        clock.shift(9 * HOUR)
        (ended,) = legs_of(ticket, giver)
        final = account(ended)

    assert [(one.lane, one.status, one.length // HOUR, one.is_running) for one in running] == [
        ("Logistics", "sent", 1, False),
        ("Logistics", "accepted", 1, False),
        ("Service", "returned", 3, False),
        ("Logistics", "accepted", 4, False),
        ("Service", "answered", 1, True),
    ]
    assert totals == final == [("Logistics", 6 * HOUR), ("Service", 4 * HOUR)]


def test_lanes_fill_the_time_axis() -> None:
    giver, other = make_user(), make_helper()
    ticket = make_ticket(giver)
    with time_machine.travel(START, tick=False) as clock:
        leg = make_handoff(ticket, giver)
        clock.shift(3 * HOUR)
        receiving.decline_handoff(leg.pk, actor=other, note="not ours")
        clock.shift(HOUR)
        make_handoff(ticket, giver, "external")
        clock.shift(6 * HOUR)
        found = lanes(legs_of(ticket, giver))

    assert [
        (lane.name, lane.parts, [(bar.offset, bar.width) for bar in lane.bars]) for lane in found
    ] == [
        ("Logistics", [("sent", 3 * HOUR)], [(0, 30)]),
        ("Service", [("declined", 7 * HOUR)], [(30, 70)]),
        ("SF Express", [("sent", 6 * HOUR)], [(40, 60)]),
    ]


def test_case_without_legs_has_no_lanes() -> None:
    assert lanes([]) == []


def test_legs_cost_the_same_at_one_and_three(django_assert_num_queries: Any) -> None:
    giver = make_user(Role.LEAD)
    ticket = make_ticket(giver)
    make_handoff(ticket, giver)
    with django_assert_num_queries(3):
        lanes(legs_of(ticket, giver))

    make_handoff(ticket, giver)
    make_handoff(ticket, giver, "external")

    with django_assert_num_queries(3):
        lanes(legs_of(ticket, giver))
