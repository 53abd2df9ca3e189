"""A resolved case closes by itself once it lay still for the promised days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from compliance.models import AuditEvent
from compliance.services import build_event, record
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.people import make_user
from tests.factories.tickets import deliver_mails, make_ticket_in
from tickets import sweeps
from tickets.models import Ticket
from tickets.queries.advice import advise
from tickets.queries.case import load_case
from tickets.services import conversation, handling, opening
from tickets.services.auto_close import close_after_wait
from tickets.services.disclosing import disclose_case
from tickets.services.opening import Words
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def lead(clock_time: object) -> User:
    return make_user(Role.LEAD)


@pytest.fixture
def ticket(lead: User) -> Ticket:
    """Resolved now, all its mails delivered."""
    made = make_ticket_in(TicketStatus.RESOLVED, lead)
    deliver_mails(made)
    return made


def status(ticket: Ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).status


def thanks(ticket: Ticket, lead: User) -> None:
    words = Words(body="Thank you!", channel="mail")
    opening.receive_message(ticket.pk, words, actor=system_actor())


def away(ticket: Ticket, lead: User) -> None:
    words = Words(body="I am out of office.", channel="mail", is_automatic=True)
    opening.receive_message(ticket.pk, words, actor=system_actor())


def note(ticket: Ticket, lead: User) -> None:
    conversation.note(ticket.pk, actor=lead, body="The carrier calls back on Friday.")


def looked(ticket: Ticket, lead: User) -> None:
    disclose_case(ticket.pk, actor=lead, note="who is this")


def followed(ticket: Ticket, lead: User) -> None:
    handling.watch(ticket.pk, actor=lead, user=lead)


def nothing(ticket: Ticket, lead: User) -> None:
    """The customer is silent."""


@pytest.mark.parametrize(
    ("act", "days"),
    [(nothing, 3), (thanks, 5), (note, 5), (away, 3), (looked, 3), (followed, 3)],
)
def test_case_closes_when_nobody_wrote_or_worked_for_the_promised_days(
    ticket: Ticket,
    lead: User,
    clock_time: time_machine.Coordinates,
    act: Callable[[Ticket, User], None],
    days: int,
) -> None:
    clock_time.shift(2 * DAY)
    act(ticket, lead)

    clock_time.move_to(START + days * DAY - MINUTE)
    assert close_after_wait(ticket.pk, actor=system_actor()) is None
    assert (sweeps.close_resolved(), status(ticket)) == (0, "resolved")
    clock_time.shift(2 * MINUTE)

    assert (sweeps.close_resolved(), status(ticket)) == (1, "closed")
    closed = AuditEvent.objects.get(case_id=ticket.pk, code="tickets.closed")
    assert "No answer for 3 days." in closed.note


def test_page_tells_when_it_closes_as_the_sweep_does(
    ticket: Ticket, lead: User, clock_time: time_machine.Coordinates
) -> None:
    clock_time.shift(2 * DAY)
    looked(ticket, lead)
    before = advise(load_case(ticket.number, lead)).why
    note(ticket, lead)

    after = advise(load_case(ticket.number, lead)).why

    assert "It closes by itself in 1 d unless somebody writes or works on it." in before
    assert "It closes by itself in 3 d unless somebody writes or works on it." in after


@pytest.mark.parametrize(
    ("is_machine", "name", "days"),
    [(True, "Ada (ada)", 3), (False, "Night shift (system)", 5)],
    ids=["the machine under another name", "a person called like it"],
)
def test_who_touched_a_case_is_told_by_number_not_by_name(
    ticket: Ticket,
    lead: User,
    clock_time: time_machine.Coordinates,
    is_machine: bool,
    name: str,
    days: int,
) -> None:
    clock_time.shift(2 * DAY)
    event = build_event(
        "tickets.noted", ticket, system_actor() if is_machine else lead, ticket, note="", data={}
    )
    event.actor_name = name
    event.save(force_insert=True)

    told = advise(load_case(ticket.number, lead)).why
    clock_time.move_to(START + days * DAY - MINUTE)
    before = sweeps.close_resolved()
    clock_time.shift(2 * MINUTE)

    assert f"It closes by itself in {days - 2} d unless" in told
    assert (before, sweeps.close_resolved()) == (0, 1)


def test_work_that_is_recorded_late_counts_from_then_on_the_page_too(
    ticket: Ticket, lead: User, clock_time: time_machine.Coordinates
) -> None:
    clock_time.shift(2 * DAY)
    record("tickets.noted", ticket, actor=lead, case=ticket, occurred_at=START)

    told = advise(load_case(ticket.number, lead)).why
    clock_time.move_to(START + 5 * DAY - MINUTE)

    assert "It closes by itself in 3 d unless" in told
    assert sweeps.close_resolved() == 0
