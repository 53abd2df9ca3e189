"""A leg may hold the case: as long as somebody else has the turn, and no longer."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from aftersales.kernel.errors import RuleViolated
from compliance.models import AuditEvent
from handoffs.services import receiving, sending
from handoffs.services.receiving import Reply
from handoffs.statuses import HandoffStatus as H
from staff.roles import Role
from tests.factories.handoffs import (
    make_handoff,
    make_handoff_in,
    make_helper,
    make_template,
)
from tests.factories.people import make_user
from tests.factories.tickets import deliver_mails, make_ticket, make_ticket_in
from tests.handoffs.test_verbs import status_of
from tests.kept import kept
from tickets.queries.advice import advise
from tickets.queries.case import load_case
from tickets.services import handling, outcome
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db


def test_pausing_leg_puts_the_case_on_hold_until_it_is_our_turn() -> None:
    giver, other = make_user(), make_helper()
    ticket = make_ticket(giver)
    pausing = make_template("pausing", pauses_case=True)
    leg = make_handoff(ticket, giver, template=pausing)
    assert status_of(ticket) == TicketStatus.ON_HOLD

    receiving.return_handoff(leg.pk, actor=other, note="Which parcel?")
    assert status_of(ticket) == TicketStatus.OPEN
    sending.resend_handoff(leg.pk, actor=giver, note="SF100")
    assert status_of(ticket) == TicketStatus.ON_HOLD
    receiving.accept_handoff(leg.pk, actor=other)
    assert status_of(ticket) == TicketStatus.ON_HOLD
    receiving.answer_handoff(leg.pk, Reply(text="Lost."), actor=other)

    assert status_of(ticket) == TicketStatus.OPEN
    moves = AuditEvent.objects.filter(code__in=["tickets.waiting", "tickets.resumed"])
    assert [(event.code, event.note, event.actor_name) for event in moves.order_by("pk")] == [
        (
            "tickets.waiting",
            kept(f"{leg.number} → logistics部 / {leg.number} → Logistics"),
            "System (system)",
        ),
        (
            "tickets.resumed",
            kept(f"{leg.number} ← logistics部 / {leg.number} ← Logistics"),
            "System (system)",
        ),
        (
            "tickets.waiting",
            kept(f"{leg.number} → logistics部 / {leg.number} → Logistics"),
            "System (system)",
        ),
        (
            "tickets.resumed",
            kept(f"{leg.number} ← logistics部 / {leg.number} ← Logistics"),
            "System (system)",
        ),
    ]
    variants = AuditEvent.objects.filter(code__startswith="handoffs.")
    assert {event.data["variant"] for event in variants} == {"pause"}


@pytest.mark.parametrize(("language", "name"), [("en", "Logistics"), ("zh-hans", "logistics部")])
def test_next_step_names_who_holds_the_case_in_the_readers_language(
    language: str, name: str
) -> None:
    giver = make_user()
    ticket = make_ticket(giver)
    handling.resume(ticket.pk, actor=giver)
    leg = make_handoff(ticket, giver, template=make_template("pausing", pauses_case=True))

    with translation.override(language):
        advice = advise(load_case(ticket.number, giver))

    assert advice.why == f"{leg.number} → {name}"


def test_case_goes_on_with_the_last_leg_that_held_it() -> None:
    giver, other = make_user(), make_helper()
    ticket = make_ticket(giver)
    pausing = make_template("pausing", pauses_case=True)
    first = make_handoff(ticket, giver, template=pausing)
    second = make_handoff(ticket, giver, template=pausing)

    receiving.decline_handoff(first.pk, actor=other, note="not ours")
    assert status_of(ticket) == TicketStatus.ON_HOLD
    sending.withdraw_handoff(second.pk, actor=giver, note="found it")

    assert status_of(ticket) == TicketStatus.OPEN


@pytest.mark.parametrize("status", [TicketStatus.PENDING, TicketStatus.ON_HOLD])
def test_leg_does_not_touch_a_case_that_waits_for_another_reason(status: TicketStatus) -> None:
    giver, other = make_user(Role.LEAD), make_helper()
    ticket = make_ticket_in(status, giver)
    leg = make_handoff(ticket, giver, template=make_template("pausing", pauses_case=True))
    assert (status_of(ticket), leg.holds_case) == (status, False)

    receiving.decline_handoff(leg.pk, actor=other, note="not ours")

    assert status_of(ticket) == status


def test_case_a_person_put_on_hold_meanwhile_stays_on_hold() -> None:
    giver, other = make_user(), make_helper()
    ticket = make_ticket(giver)
    leg = make_handoff(ticket, giver, template=make_template("pausing", pauses_case=True))
    handling.resume(ticket.pk, actor=giver)
    handling.wait(ticket.pk, actor=giver, status=TicketStatus.ON_HOLD, note="spare part ordered")

    leg = receiving.answer_handoff(
        receiving.accept_handoff(leg.pk, actor=other).pk, Reply(text="Lost."), actor=other
    )

    assert (status_of(ticket), leg.holds_case) == (TicketStatus.ON_HOLD, False)


def test_plain_question_leaves_the_case_in_progress() -> None:
    giver = make_user()
    ticket = make_ticket_in(TicketStatus.OPEN, giver)

    make_handoff(ticket, giver)

    assert status_of(ticket) == TicketStatus.OPEN
    assert AuditEvent.objects.get(code="handoffs.sent").data == {
        "variant": "run",
        "from": "service",
        "to": "logistics",
    }


def test_case_with_open_legs_cannot_end(snapshot: Any) -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    leg = make_handoff(ticket, lead)
    before = snapshot()
    with pytest.raises(RuleViolated) as refusal:
        outcome.cancel_ticket(ticket.pk, actor=lead, note="withdrawn")
    assert refusal.value.code == "under_way"
    assert snapshot() == before

    handling.assess(ticket.pk, handling.Assessment(kind="consultation"), actor=lead)
    outcome.tell_result(ticket.pk, actor=lead, body="Settled.")
    deliver_mails(ticket)
    with pytest.raises(RuleViolated) as refusal:
        outcome.close_ticket(ticket.pk, actor=lead)
    assert str(refusal.value) == ("Not yet: Accept the answer of every hand-over, or withdraw it.")
    assert status_of(ticket) == TicketStatus.RESOLVED

    sending.withdraw_handoff(leg.pk, actor=lead, note="settled")
    outcome.close_ticket(ticket.pk, actor=lead)
    assert status_of(ticket) == TicketStatus.CLOSED


def test_answer_after_the_case_is_resolved_is_still_heard() -> None:
    giver, other = make_user(Role.LEAD), make_helper()
    ticket = make_ticket(giver)
    template = make_template("pausing", pauses_case=True)
    leg = make_handoff_in(H.ACCEPTED, ticket, giver, template=template)
    handling.assess(ticket.pk, handling.Assessment(kind="consultation"), actor=giver)
    outcome.tell_result(ticket.pk, actor=giver, body="Settled.")

    leg = receiving.answer_handoff(leg.pk, Reply(text="Found."), actor=other)

    assert (leg.status, leg.holds_case, status_of(ticket)) == (H.ANSWERED, False, "resolved")
