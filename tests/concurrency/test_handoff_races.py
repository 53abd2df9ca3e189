"""Two departments act on one leg at once: one wins, the other gets a clear answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from aftersales.kernel.errors import InvalidTransition, RuleViolated
from compliance.models import AuditEvent
from handoffs.models import Handoff, HandoffTurn
from handoffs.services import receiving, sending
from handoffs.services.receiving import Reply
from handoffs.statuses import HandoffStatus as H
from staff.models import User
from staff.roles import Role
from tests.concurrency.race import race, without_locks
from tests.factories.handoffs import make_ask, make_handoff, make_handoff_in, make_helper
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def accept(leg: Handoff, actor: User) -> Callable[[], Any]:
    return lambda: receiving.accept_handoff(leg.pk, actor=actor)


def test_two_accept_a_transfer_one_wins() -> None:
    giver = make_user()
    first, second = make_helper(), make_helper()
    leg = make_handoff(make_ticket(giver), giver, "transfer")

    outcomes = race(accept(leg, first), accept(leg, second))

    assert sorted(side.won for side in outcomes) == [False, True]
    (loser,) = [side for side in outcomes if not side.won]
    assert isinstance(loser.refusal, InvalidTransition)
    assert AuditEvent.objects.filter(code="tickets.routed").count() == 1
    assert Ticket.objects.get().department == first.department


def test_two_accept_without_lock_both_are_told_they_have_it() -> None:
    """Control: the test above proves the lock, since without it nobody is told to stop."""
    giver = make_user()
    first, second = make_helper(), make_helper()
    leg = make_handoff(make_ticket(giver), giver)

    # Two locked reads each, case and leg; the barrier meets at both.
    with without_locks(threading.Barrier(2)):
        outcomes = race(accept(leg, first), accept(leg, second))

    assert [side.refusal for side in outcomes] == [None, None]
    assert HandoffTurn.objects.filter(verb="accepted").count() == 2


def test_accept_races_withdraw() -> None:
    giver, other = make_user(), make_helper()
    leg = make_handoff(make_ticket(giver), giver, "transfer")

    outcomes = race(
        accept(leg, other),
        lambda: sending.withdraw_handoff(leg.pk, actor=giver, note="found it"),
    )

    assert sorted(side.won for side in outcomes) == [False, True]
    leg.refresh_from_db()
    accepted = outcomes[0].won
    assert leg.status == (H.CLOSED if accepted else H.WITHDRAWN)
    owner = Ticket.objects.get().department
    assert owner == (other.department if accepted else giver.department)


def test_two_departments_are_offered_one_case_one_offer_stands() -> None:
    first, second = make_user(), make_user()
    ticket = make_ticket(first)
    left = make_ask("transfer")
    right = make_ask("transfer", department=make_department("warehouse", kind="warehouse"))

    outcomes = race(
        lambda: sending.send_handoff(ticket.pk, left, actor=first),
        lambda: sending.send_handoff(ticket.pk, right, actor=second),
    )

    assert sorted(side.won for side in outcomes) == [False, True]
    (loser,) = [side for side in outcomes if not side.won]
    assert isinstance(loser.refusal, RuleViolated)
    assert loser.refusal.code == "transfer_open"
    assert Handoff.objects.count() == 1


def test_last_two_legs_answered_at_once_let_the_case_go_on() -> None:
    """Without the case's lock each would see the other still holding it."""
    giver, first, second = make_user(Role.LEAD), make_helper(), make_helper()
    ticket = make_ticket(giver)
    template = make_ask().template
    template.pauses_case = True
    template.save()
    legs = [make_handoff_in(H.ACCEPTED, ticket, giver, template=template) for _ in range(2)]

    outcomes = race(
        *(
            lambda leg=leg, by=by: receiving.answer_handoff(leg.pk, Reply(text="ok"), actor=by)
            for leg, by in zip(legs, (first, second), strict=True)
        )
    )

    assert [side.won for side in outcomes] == [True, True]
    assert Ticket.objects.get().status == "open"
    assert not Handoff.objects.filter(holds_case=True).exists()
