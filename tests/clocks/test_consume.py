"""What events do to promises: start, stop, pause, resume, cancel, take back, once each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from clocks import rulebook
from clocks.models import Clock, ClockPause, ClockRule
from clocks.services.consuming import consume
from clocks.sweep import sweep_due
from compliance.models import AuditEvent
from compliance.services import record
from staff.models import User
from staff.roles import Role
from tests.factories.clocks import clock_of, make_rule, only_rule
from tests.factories.people import make_user
from tests.factories.tickets import make_follow_up, make_proposal, make_ticket
from tickets.models import Ticket
from tickets.services import conversation, handling, joining, outcome, proposals
from tickets.services.opening import Words, receive_message
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def lead() -> User:
    return make_user(Role.LEAD)


def due(ticket: Ticket) -> datetime | None:
    return Ticket.objects.values_list("due_at", flat=True).get(pk=ticket.pk)


def test_event_starts_what_is_promised(lead: User, clock_time: object) -> None:
    rule = only_rule()

    ticket = make_ticket(lead)

    clock = Clock.objects.get()
    assert (clock.rule, clock.promise, clock.state) == (rule, "answer", "running")
    assert (clock.subject_type, clock.subject_id) == ("tickets.ticket", ticket.pk)
    assert (clock.case_id, clock.case_label) == (ticket.pk, ticket.number)
    assert (clock.started_at, clock.due_at) == (START, START + 60 * MINUTE)
    assert clock.next_step_at == START + 60 * MINUTE
    assert clock.started_event == AuditEvent.objects.get(code="tickets.received").pk
    assert due(ticket) == START + 60 * MINUTE


def test_kept_in_time(lead: User, clock_time: time_machine.Coordinates) -> None:
    only_rule()
    ticket = make_ticket(lead)

    clock_time.shift(59 * MINUTE)
    conversation.reply(ticket.pk, actor=lead, body="We look into it.")

    clock = clock_of(ticket)
    assert (clock.state, clock.stopped_at) == ("met", START + 59 * MINUTE)
    assert clock.stopped_event == AuditEvent.objects.get(code="tickets.replied").pk
    assert clock.next_step_at is None
    assert due(ticket) is None


def test_kept_too_late_is_a_breach_though_nobody_swept(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    only_rule()
    ticket = make_ticket(lead)

    clock_time.shift(61 * MINUTE)
    conversation.reply(ticket.pk, actor=lead, body="We look into it.")

    clock = clock_of(ticket)
    assert (clock.state, clock.breached_at) == ("breached", START + 60 * MINUTE)
    assert clock.stopped_at == START + 61 * MINUTE
    assert AuditEvent.objects.filter(code="clocks.breached", case_id=ticket.pk).count() == 1
    assert due(ticket) is None


def test_paused_time_does_not_count(lead: User, clock_time: time_machine.Coordinates) -> None:
    only_rule()
    ticket = make_ticket(lead)

    clock_time.shift(10 * MINUTE)
    handling.wait(ticket.pk, actor=lead, status=TicketStatus.PENDING)
    paused = clock_of(ticket)
    assert (paused.state, paused.due_at, paused.next_step_at) == ("paused", None, None)
    assert due(ticket) is None

    clock_time.shift(300 * MINUTE)
    handling.resume(ticket.pk, actor=lead)

    clock = clock_of(ticket)
    assert (clock.state, clock.paused_at) == ("running", None)
    assert clock.due_at == START + 360 * MINUTE
    assert due(ticket) == START + 360 * MINUTE
    pause = ClockPause.objects.get()
    assert (pause.started_at, pause.ended_at) == (START + 10 * MINUTE, START + 310 * MINUTE)


def test_two_causes_pause_until_both_are_over(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    """The union counts: 10–40 and 20–70 are an hour, not eighty minutes."""
    only_rule(
        pauses_on=["tickets.waiting:pending", "tickets.follow_up_planned"],
        resumes_on=["tickets.resumed", "tickets.follow_up_done"],
    )
    ticket = make_ticket(lead)
    clock_time.shift(10 * MINUTE)
    follow_up = make_follow_up(ticket, lead)

    clock_time.shift(10 * MINUTE)
    handling.wait(ticket.pk, actor=lead, status=TicketStatus.PENDING)
    clock_time.shift(20 * MINUTE)
    record("tickets.follow_up_done", follow_up, actor=lead, case=ticket)
    assert clock_of(ticket).state == "paused"
    assert clock_of(ticket).paused_at == START + 20 * MINUTE
    clock_time.shift(30 * MINUTE)
    handling.resume(ticket.pk, actor=lead)

    assert clock_of(ticket).due_at == START + 120 * MINUTE
    assert ClockPause.objects.count() == 2


def test_the_same_cause_pauses_once(lead: User, clock_time: time_machine.Coordinates) -> None:
    only_rule(pauses_on=["tickets.waiting:pending", "tickets.proposed"])
    ticket = make_ticket(lead)
    handling.wait(ticket.pk, actor=lead, status=TicketStatus.PENDING)

    make_proposal(ticket, lead)

    assert ClockPause.objects.count() == 1


def test_overdue_does_not_pause(lead: User, clock_time: time_machine.Coordinates) -> None:
    only_rule()
    ticket = make_ticket(lead)

    clock_time.shift(61 * MINUTE)
    handling.wait(ticket.pk, actor=lead, status=TicketStatus.PENDING)

    clock = clock_of(ticket)
    assert (clock.state, clock.due_at) == ("running", START + 60 * MINUTE)
    assert not ClockPause.objects.exists()


def test_canceled_case_owes_nothing(lead: User, clock_time: time_machine.Coordinates) -> None:
    only_rule()
    ticket = make_ticket(lead)
    handling.wait(ticket.pk, actor=lead, status=TicketStatus.PENDING)

    outcome.cancel_ticket(ticket.pk, actor=lead, note="taken twice")

    clock = clock_of(ticket)
    assert (clock.state, clock.stopped_at, clock.paused_at) == ("canceled", START, None)
    assert ClockPause.objects.get().ended_at == START
    assert due(ticket) is None


def test_the_same_event_twice_is_one_effect(lead: User, clock_time: object) -> None:
    only_rule()
    ticket = make_ticket(lead)
    event = AuditEvent.objects.get(code="tickets.received")

    consume(event, ticket, ticket)

    assert Clock.objects.count() == 1


def test_a_promise_starts_again_after_it_was_kept(lead: User, clock_time: object) -> None:
    only_rule(starts_on=["tickets.urged"])
    ticket = make_ticket(lead)
    outcome.urge(ticket.pk, actor=lead)
    conversation.reply(ticket.pk, actor=lead, body="We look into it.")

    record("tickets.urged", ticket, actor=lead, case=ticket)

    assert list(Clock.objects.order_by("id").values_list("state", flat=True)) == ["met", "running"]


def test_recalled_answer_is_owed_again_from_the_beginning(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    only_rule()
    ticket = make_ticket(lead)
    clock_time.shift(5 * MINUTE)
    message = conversation.reply(ticket.pk, actor=lead, body="Wrong case")

    clock_time.shift(timedelta(seconds=5))
    conversation.undo_reply(message.pk, actor=lead)

    clock = Clock.objects.get()
    assert (clock.state, clock.stopped_at, clock.stopped_event) == ("running", None, None)
    assert clock.due_at == clock.next_step_at == START + 60 * MINUTE
    assert due(ticket) == START + 60 * MINUTE


def test_answer_recalled_while_the_clock_was_paused_stays_paused(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    only_rule(resumes_on=["tickets.resumed"])
    ticket = make_ticket(lead)
    handling.wait(ticket.pk, actor=lead, status=TicketStatus.PENDING)
    message = conversation.reply(ticket.pk, actor=lead, body="Wrong case")

    conversation.undo_reply(message.pk, actor=lead)

    clock = Clock.objects.get()
    assert (clock.state, clock.due_at, clock.paused_at) == ("paused", None, START)
    assert ClockPause.objects.get().ended_at is None


@pytest.mark.parametrize(("minutes", "state"), [(5, "running"), (61, "breached")])
def test_recalled_answer_that_ended_what_was_owed_owes_it_again(
    lead: User, clock_time: time_machine.Coordinates, minutes: int, state: str
) -> None:
    only_rule(stops_on=["tickets.resolved"], cancels_on=["tickets.replied"])
    ticket = make_ticket(lead)
    clock_time.shift(minutes * MINUTE)
    sweep_due(actor=lead)
    message = conversation.reply(ticket.pk, actor=lead, body="Wrong case")
    assert Clock.objects.get().state == "canceled"

    conversation.undo_reply(message.pk, actor=lead)

    clock = Clock.objects.get()
    assert (clock.state, clock.stopped_at, clock.stopped_event) == (state, None, None)
    assert clock.due_at == due(ticket) == START + 60 * MINUTE


def test_merging_ends_the_promises_of_the_case_that_goes_only(
    lead: User, clock_time: object
) -> None:
    only_rule(cancels_on=["tickets.merged:away"])
    source, target = make_ticket(lead), make_ticket(lead)

    joining.merge_tickets(source.pk, target.pk, actor=lead, is_sure=True)

    assert clock_of(source).state == "canceled"
    assert clock_of(target).state == "running"
    assert (due(source), due(target)) == (None, START + 60 * MINUTE)


def test_split_case_has_promises_of_its_own(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    only_rule()
    ticket = make_ticket(lead)
    message = receive_message(ticket.pk, Words(body="And the cap?", channel="phone"), actor=lead)
    clock_time.shift(10 * MINUTE)

    part = joining.split_ticket(ticket.pk, actor=lead, message_ids=[message.pk], subject="Cap")

    assert clock_of(part).due_at == START + 60 * MINUTE
    assert due(part) == START + 60 * MINUTE


def test_variant_tells_events_apart(lead: User, clock_time: object) -> None:
    only_rule()
    ticket = make_ticket(lead)

    handling.wait(ticket.pk, actor=lead, status=TicketStatus.ON_HOLD, note="carrier")

    assert clock_of(ticket).state == "running"


def test_only_rules_whose_conditions_hold_count_in_order(lead: User, clock_time: object) -> None:
    chat = {"fact": "channel", "op": "is", "value": "chat"}
    only_rule(position=100, amount=60)
    make_rule(code="chat", position=10, amount=3, conditions=[chat])
    make_rule(code="never", position=1, amount=1, is_active=False)
    make_rule(code="past", position=2, amount=1, effective_to=START)
    make_rule(code="future", position=3, amount=1, effective_from=START + MINUTE)

    phone, talk = make_ticket(lead), make_ticket(lead, channel="chat")

    assert clock_of(phone).rule.code == "answer"
    assert clock_of(talk).rule.code == "chat"


def test_only_binding_clocks_make_the_due_time(lead: User, clock_time: object) -> None:
    only_rule(amount=90)
    make_rule(code="law", promise="law", amount=10, counts_for_due=False, mode="advice")

    ticket = make_ticket(lead)

    assert Clock.objects.count() == 2
    assert due(ticket) == START + 90 * MINUTE


def test_an_event_nobody_waits_for_costs_nothing(lead: User, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    only_rule()
    ticket = make_ticket(lead)
    rulebook.current()
    event = AuditEvent(code="tickets.noted", data={}, subject_type="tickets.ticket")

    with django_assert_num_queries(0):
        consume(event, ticket, ticket)


def test_proposal_answered_by_the_customer_ends_the_pause(
    lead: User, clock_time: time_machine.Coordinates
) -> None:
    ticket = make_ticket(lead)
    proposal = make_proposal(ticket, lead)
    assert clock_of(ticket, "resolution").state == "paused"

    clock_time.shift(timedelta(days=7))
    proposals.accept_proposal(proposal.pk, actor=lead)

    clock = clock_of(ticket, "resolution")
    assert clock.state == "running"
    # Five working days after Monday, and a week later for the week the customer took.
    assert clock.due_at == datetime(2026, 3, 16, 16, 0, tzinfo=UTC)
    assert clock_of(ticket, "next_response").state == "running"


def test_rule_changed_while_the_book_is_read_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    own = rulebook.bound

    def slow(*args: Any) -> rulebook.Rule:
        if not ClockRule.objects.filter(code="meanwhile").exists():
            make_rule(code="meanwhile")
        return own(*args)

    only_rule()
    monkeypatch.setattr(rulebook, "bound", slow)

    book = rulebook.read()

    assert "meanwhile" not in {rule.row.code for rule in book.versions.values()}
    assert book.revision != rulebook.revision()  # so it is read again
    assert rulebook.read().revision == rulebook.revision()
