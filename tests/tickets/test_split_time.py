"""Splitting a case makes nobody wait longer: the part counts from when its words were written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from clocks.checks import deviations
from clocks.models import Clock
from clocks.sweep import sweep_due
from staff.models import User
from staff.roles import Role
from tests.factories.clocks import clock_of, make_rule, only_rule
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.tickets.splitting import say, split
from tickets.services import conversation, handling
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db

# A Monday morning in China.
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def lead(clock_time: object) -> User:
    return make_user(Role.LEAD)


def test_part_is_received_when_its_words_were_and_late_when_they_are(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    ticket = make_ticket(lead)
    clock_time.shift(HOUR)
    asked = say(ticket, lead)
    clock_time.shift(3 * DAY)

    part = split(ticket, lead, asked)

    assert part.received_at == part.last_inbound_at == asked.created_at
    for promise in ("first_response", "resolution", "law_decision", "proposal"):
        assert clock_of(part, promise).started_at == asked.created_at
    assert part.due_at == clock_of(part, "first_response").due_at < asked.created_at + DAY
    assert list(deviations()) == []
    sweep_due(actor=lead)
    assert clock_of(part, "first_response").state == "breached"


def test_both_cases_say_when_the_customer_wrote_last_on_them(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    ticket = make_ticket(lead)
    clock_time.shift(HOUR)
    asked = say(ticket, lead)

    part = split(ticket, lead, asked)

    ticket.refresh_from_db()
    assert (ticket.last_inbound_at, part.last_inbound_at) == (START, asked.created_at)


def test_answered_words_owe_a_new_answer_but_no_longer_time_to_settle(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    ticket = make_ticket(lead)
    handling.acknowledge(ticket.pk, actor=lead)
    asked = say(ticket, lead)
    conversation.reply(ticket.pk, actor=lead, body="We look into it.")
    clock_time.shift(DAY)

    part = split(ticket, lead, asked)

    started = {
        promise: clock_of(part, promise).started_at - START
        for promise in ("first_response", "law_acknowledgement", "resolution", "law_decision")
    }
    assert started == {
        "first_response": DAY,
        "law_acknowledgement": DAY,
        "resolution": timedelta(),
        "law_decision": timedelta(),
    }
    assert list(deviations()) == []


def test_answer_is_owed_since_the_first_words_without_one(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    ticket = make_ticket(lead)
    asked = say(ticket, lead)
    clock_time.shift(HOUR)
    conversation.reply(ticket.pk, actor=lead, body="We look into it.")
    clock_time.shift(HOUR)
    thanks, again = say(ticket, lead, "Thank you!"), say(ticket, lead, "But when?")
    clock_time.shift(HOUR)

    part = split(ticket, lead, asked, thanks, again)

    assert clock_of(part, "first_response").started_at == again.created_at
    assert part.received_at == asked.created_at


def test_time_the_case_rested_counts_for_neither(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    ticket = make_ticket(lead)
    asked = say(ticket, lead)
    handling.wait(ticket.pk, actor=lead, status=TicketStatus.PENDING)
    clock_time.shift(DAY)
    handling.resume(ticket.pk, actor=lead)

    part = split(ticket, lead, asked)

    for promise in ("first_response", "resolution"):
        assert clock_of(part, promise).started_at == START + DAY
    assert list(deviations()) == []


def test_part_without_words_of_the_customer_begins_now(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    ticket = make_ticket(lead)
    answer = conversation.reply(ticket.pk, actor=lead, body="And the cap?")
    clock_time.shift(DAY)

    part = split(ticket, lead, answer)

    assert part.received_at == clock_of(part, "resolution").started_at == START + DAY
    assert part.last_inbound_at is None
    assert list(deviations()) == []


def test_promise_the_arrival_of_a_case_does_not_begin_is_not_made_again(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    only_rule()
    make_rule(code="care", promise="care", starts_on=["tickets.resumed"])
    ticket = make_ticket(lead)
    asked = say(ticket, lead)
    handling.resume(ticket.pk, actor=lead)
    conversation.reply(ticket.pk, actor=lead, body="We look into it.")

    part = split(ticket, lead, asked)

    assert set(Clock.objects.filter(case_id=part.pk).values_list("promise", flat=True)) == {
        "answer"
    }
