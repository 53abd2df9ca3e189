"""The closing gate, ratings and promises."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated
from aftersales.kernel.failures import behind
from staff.roles import Role
from staff.services import system_actor
from tests.factories.people import make_user
from tests.factories.tickets import (
    deliver_mails,
    make_investigation,
    make_proposal,
    make_ticket,
    make_ticket_in,
)
from tickets import gates
from tickets.models import CsatResponse, OutboundMail, Ticket
from tickets.services import (
    follow_ups,
    handling,
    investigation,
    outbox,
    outcome,
    proposals,
    ratings,
)
from tickets.services.handling import Details
from tickets.statuses import MailStatus, TicketStatus

pytestmark = pytest.mark.django_db


def closed_gates(ticket: Ticket) -> list[str]:
    return [state.code for state in gates.blocking(Ticket.objects.get(pk=ticket.pk))]


def test_gate_names_each_thing_left_and_closing_says_what_to_do() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    assert closed_gates(ticket) == ["result_told", "cause_recorded"]

    found = make_investigation(ticket, lead)
    assert closed_gates(ticket) == ["result_told", "investigation_done", "cause_recorded"]
    investigation.conclude_investigation(
        found.pk,
        actor=lead,
        findings="Torn while packing.",
        root_cause="Packing knife",
        responsible_party="warehouse",
    )
    proposal = make_proposal(ticket, lead)
    assert closed_gates(ticket) == ["result_told", "proposal_settled", "mail_delivered"]
    proposals.accept_proposal(proposal.pk, actor=lead)
    proposals.carry_out_proposal(proposal.pk, actor=lead, note="bank reference 17")
    outcome.tell_result(ticket.pk, actor=lead, body="Your money is on its way.")
    planned = follow_ups.plan_follow_up(
        ticket.pk, actor=lead, kind="check", text="Arrived?", due_at=now() + timedelta(days=2)
    )

    with pytest.raises(RuleViolated) as refusal:
        outcome.close_ticket(ticket.pk, actor=lead)
    assert str(refusal.value) == (
        "Not yet: Wait for the outbox, or deal with the mail that is parked or came back. "
        "Do or cancel the planned follow-ups."
    )

    deliver_mails(ticket)
    follow_ups.complete_follow_up(planned.pk, actor=lead, outcome="Yes")
    outcome.close_ticket(ticket.pk, actor=lead)
    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.CLOSED
    assert closed_gates(ticket) == []


def test_database_refuses_to_close_what_was_never_told() -> None:
    ticket = make_ticket()

    with (
        pytest.raises(IntegrityError, match="ticket_closed_after_result_told"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE tickets_ticket SET status = 'closed', closed_at = now(), resolved_at = now() "
            "WHERE id = %s",
            [ticket.pk],
        )


def test_gates_of_a_case_cost_one_query(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    ticket = make_ticket()
    loaded = Ticket.objects.get(pk=ticket.pk)

    with django_assert_num_queries(1):
        gates.states(loaded)


def test_resolve_needs_the_result_told_and_nothing_open() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)

    with pytest.raises(RuleViolated) as refusal:
        outcome.resolve_ticket(ticket.pk, actor=lead)
    assert refusal.value.code == "result_untold"

    make_investigation(ticket, lead)
    with pytest.raises(RuleViolated) as refusal:
        outcome.tell_result(ticket.pk, actor=lead, body="Settled.")
    assert refusal.value.code == "investigation_open"
    ticket.refresh_from_db()
    assert ticket.result_told_at is None


def test_survey_is_asked_once_per_resolution_with_cooldown_and_opt_out() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket_in(TicketStatus.RESOLVED, lead)

    assert ratings.invite_rating(ticket.pk, actor=system_actor()) is not None
    assert ratings.invite_rating(ticket.pk, actor=system_actor()) is None
    second = make_ticket_in(TicketStatus.RESOLVED, lead, customer=ticket.customer)
    assert ratings.invite_rating(second.pk, actor=system_actor()) is None

    with time_machine.travel(now() + timedelta(days=31)):
        assert ratings.invite_rating(second.pk, actor=system_actor()) is not None

    unwilling = make_ticket_in(TicketStatus.RESOLVED, lead)
    unwilling.customer.wants_surveys = False
    unwilling.customer.save()
    assert ratings.invite_rating(unwilling.pk, actor=system_actor()) is None
    assert CsatResponse.objects.count() == 2


def test_rating_counts_once_and_only_one_to_five() -> None:
    ticket = make_ticket_in(TicketStatus.RESOLVED)

    for score in (0, 6, -1):
        with pytest.raises(RuleViolated):
            ratings.rate(ticket.pk, actor=system_actor(), score=score)
    ratings.rate(ticket.pk, actor=system_actor(), score=2, comment="Slow")
    with pytest.raises(InvalidTransition):
        ratings.rate(ticket.pk, actor=system_actor(), score=5)

    assert ticket.ratings.get().score == 2


def test_urging_counts_raises_and_has_a_pause() -> None:
    ticket = make_ticket()

    outcome.urge(ticket.pk, actor=system_actor())
    with pytest.raises(RuleViolated) as refusal:
        outcome.urge(ticket.pk, actor=system_actor())

    assert refusal.value.code == "too_soon"
    ticket.refresh_from_db()
    assert (ticket.urged_count, ticket.priority) == (1, "high")
    assert ticket.due_at < ticket.received_at + timedelta(hours=5)


def test_reopening_clears_what_must_be_done_anew() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket_in(TicketStatus.RESOLVED, lead)
    ratings.rate(ticket.pk, actor=system_actor(), score=1)

    outcome.reopen_ticket(ticket.pk, actor=lead, note="the customer is not satisfied")

    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.OPEN
    assert (ticket.result_told_at, ticket.resolved_at, ticket.rated_at) == (None, None, None)
    assert ticket.due_at is not None
    outcome.tell_result(ticket.pk, actor=lead, body="A second jacket is on its way.")
    ratings.rate(ticket.pk, actor=system_actor(), score=5)
    assert list(ticket.ratings.order_by("round").values_list("score", flat=True)) == [1, 5]


def test_unknown_tag_is_named() -> None:
    ticket = make_ticket()

    with pytest.raises(RuleViolated) as refusal:
        handling.change_details(ticket.pk, Details(tags=["nonsense"]), actor=make_user())

    assert str(refusal.value) == "Unknown tag: nonsense"
    ticket.refresh_from_db()
    assert ticket.tags == []


def test_mail_is_tried_again_with_growing_pauses_then_parked(settings) -> None:  # type: ignore[no-untyped-def]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 9  # discard: nothing listens
    from tickets.jobs import send_mail  # noqa: PLC0415 -- this test only

    ticket = make_ticket()
    handling.acknowledge(ticket.pk, actor=make_user(Role.LEAD))
    mail = ticket.mails.get()
    moment = now()
    pauses = []
    for _ in range(outbox.MOST_ATTEMPTS):
        with time_machine.travel(moment, tick=False):
            send_mail(mail.pk)
            mail.refresh_from_db()
            pauses.append((mail.send_after - moment).total_seconds() / 60)
            moment = mail.send_after + timedelta(seconds=1)

    assert mail.status == MailStatus.PARKED
    assert pauses[:5] == [1, 2, 4, 8, 16]
    assert behind(mail.last_error).startswith("ConnectionRefusedError")
    assert closed_gates(ticket)[-1] == "mail_delivered"

    outbox.retry_mail(mail.pk, actor=make_user(Role.LEAD), note="server is back")
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == (MailStatus.QUEUED, 0)


def test_automatic_mails_to_one_address_are_capped() -> None:
    lead = make_user(Role.LEAD)
    first = make_ticket(lead)
    for ticket in [first, *(make_ticket(lead, customer=first.customer) for _ in range(6))]:
        handling.acknowledge(ticket.pk, actor=system_actor())

    assert OutboundMail.objects.filter(purpose="acknowledgement").count() == (
        outbox.AUTOMATIC_PER_DAY
    )
