"""After a split each case owes the answers to the words it has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from clocks.checks import deviations
from clocks.models import Clock
from clocks.sweep import sweep_due
from staff.models import User
from staff.roles import Role
from tests.factories.clocks import clock_of
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.tickets.splitting import say, split
from tickets.models import Ticket
from tickets.services import conversation, joining, outcome

pytestmark = pytest.mark.django_db

# A Monday morning in China.
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def lead(clock_time: object) -> User:
    return make_user(Role.LEAD)


@pytest.fixture
def answered(lead: User, clock_time: time_machine.Coordinates) -> Ticket:
    """A case whose first words were answered, an hour ago."""
    ticket = make_ticket(lead)
    conversation.reply(ticket.pk, actor=lead, body="We look into it.")
    clock_time.shift(HOUR)
    return ticket


def live(ticket: Ticket, promise: str = "next_response") -> list[datetime]:
    """Since when the case owes it."""
    rows = Clock.objects.live().filter(case_id=ticket.pk, promise=promise)
    return list(rows.values_list("started_at", flat=True))


def test_origin_owes_no_answer_to_words_that_left(lead: User, answered: Ticket) -> None:
    asked = say(answered, lead)
    assert live(answered) == [START + HOUR]

    part = split(answered, lead, asked)

    answered.refresh_from_db()
    rest = Clock.objects.live().filter(case_id=answered.pk, counts_for_due=True)
    assert (live(answered), clock_of(answered, "next_response").state) == ([], "canceled")
    assert live(part, "first_response") == [START + HOUR]
    assert answered.due_at == min(clock.due_at for clock in rest if clock.due_at)
    assert list(deviations()) == []


def test_origin_owes_the_answer_since_the_words_that_stay(
    lead: User, answered: Ticket, clock_time: time_machine.Coordinates
) -> None:
    asked = say(answered, lead)
    clock_time.shift(HOUR)
    stays = say(answered, lead, "When will the jacket come?")
    clock_time.shift(HOUR)

    split(answered, lead, asked)

    assert live(answered) == [stays.created_at]
    assert list(deviations()) == []


def test_thanks_that_stay_ask_for_no_answer(lead: User, answered: Ticket) -> None:
    asked = say(answered, lead)
    say(answered, lead, "Thank you!")

    split(answered, lead, asked)

    assert live(answered) == []


def test_words_that_stay_and_came_first_keep_their_answer(
    lead: User, answered: Ticket, clock_time: time_machine.Coordinates
) -> None:
    say(answered, lead, "When will the jacket come?")
    clock_time.shift(HOUR)
    asked = say(answered, lead)

    split(answered, lead, asked)

    assert live(answered) == [START + HOUR]
    assert list(deviations()) == []


def test_first_answer_stays_owed(lead: User) -> None:
    ticket = make_ticket(lead)
    asked = say(ticket, lead)

    split(ticket, lead, asked)

    assert live(ticket, "first_response") == [START]
    assert list(deviations()) == []


def test_late_answer_is_let_go_with_its_words_and_never_moved(
    lead: User, answered: Ticket, clock_time: time_machine.Coordinates
) -> None:
    asked = say(answered, lead)
    clock_time.shift(3 * DAY)
    say(answered, lead, "When will the jacket come?")
    sweep_due(actor=lead)

    part = split(answered, lead, asked)

    late = clock_of(answered, "next_response")
    assert (late.state, late.started_at) == ("breached", START + HOUR)
    sweep_due(actor=lead)
    assert clock_of(part, "first_response").state == "breached"
    assert list(deviations()) == []


def test_case_taken_up_by_hand_keeps_its_answer(lead: User, answered: Ticket) -> None:
    outcome.tell_result(answered.pk, actor=lead, body="It is on its way.")
    say(answered, lead, "Thank you!")
    outcome.reopen_ticket(answered.pk, actor=lead, note="it is not")
    asked = say(answered, lead)

    split(answered, lead, asked)

    assert live(answered) == [START + HOUR]


def test_undone_split_owes_the_answer_again(lead: User, answered: Ticket) -> None:
    asked = say(answered, lead)
    part = split(answered, lead, asked)

    joining.unsplit_ticket(part.pk, actor=lead, note="one matter")

    assert live(answered) == [START + HOUR]
    assert list(deviations()) == []
