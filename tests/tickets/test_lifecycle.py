"""Every status against every verb, as the table says; a refusal leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django_q.models import OrmQ

from aftersales.kernel.clock import now
from aftersales.kernel.errors import DomainError
from compliance.models import AuditEvent, JournalEntry
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket, make_ticket_in
from tickets.models import Message, Ticket
from tickets.services import (
    conversation,
    follow_ups,
    handling,
    investigation,
    joining,
    opening,
    outcome,
    proposals,
    ratings,
)
from tickets.services.handling import Assessment, Details
from tickets.services.proposals import Offer
from tickets.statuses import TicketStatus as S

pytestmark = pytest.mark.django_db

Verb = Callable[[Ticket, User], Any]

WORKING = {S.NEW, S.OPEN, S.PENDING, S.ON_HOLD}


def merge_into_fresh(ticket: Ticket, actor: User) -> None:
    other = make_ticket(make_user(Role.LEAD))
    joining.merge_tickets(ticket.pk, other.pk, actor=actor)


# verb → (call, statuses from which it succeeds, status afterwards or None for unchanged)
VERBS: dict[str, tuple[Verb, set[S], S | dict[S, S] | None]] = {
    "acknowledge": (lambda t, a: handling.acknowledge(t.pk, actor=a), WORKING, None),
    "assess": (
        lambda t, a: handling.assess(t.pk, Assessment(priority="high"), actor=a),
        WORKING,
        {S.NEW: S.OPEN},
    ),
    "change_details": (
        lambda t, a: handling.change_details(t.pk, Details(subject="Torn sleeve"), actor=a),
        WORKING | {S.RESOLVED},
        None,
    ),
    "route": (
        lambda t, a: handling.route(t.pk, actor=a, department=t.department),
        WORKING,
        {S.NEW: S.OPEN},
    ),
    "assign": (
        lambda t, a: handling.assign(t.pk, actor=a, assignee=a),
        WORKING,
        {S.NEW: S.OPEN},
    ),
    "wait for customer": (
        lambda t, a: handling.wait(t.pk, actor=a, status=S.PENDING),
        {S.NEW, S.OPEN, S.ON_HOLD},
        S.PENDING,
    ),
    "wait for others": (
        lambda t, a: handling.wait(t.pk, actor=a, status=S.ON_HOLD, note="carrier"),
        {S.NEW, S.OPEN, S.PENDING},
        S.ON_HOLD,
    ),
    "resume": (
        lambda t, a: handling.resume(t.pk, actor=a),
        {S.NEW, S.PENDING, S.ON_HOLD},
        S.OPEN,
    ),
    "reply": (
        lambda t, a: conversation.reply(t.pk, actor=a, body="We look into it."),
        WORKING,
        {S.NEW: S.OPEN},
    ),
    "note": (
        lambda t, a: conversation.note(t.pk, actor=a, body="Called the warehouse."),
        set(S),
        None,
    ),
    "investigate": (
        lambda t, a: investigation.open_investigation(t.pk, actor=a, question="Why?"),
        WORKING,
        {S.NEW: S.OPEN},
    ),
    "propose": (
        lambda t, a: proposals.propose(t.pk, Offer(remedy="explanation", terms="Sorry."), actor=a),
        WORKING,
        S.PENDING,
    ),
    "tell result": (
        lambda t, a: outcome.tell_result(t.pk, actor=a, body="Settled."),
        WORKING,
        S.RESOLVED,
    ),
    "resolve": (lambda t, a: outcome.resolve_ticket(t.pk, actor=a), set(), None),
    "reopen": (
        lambda t, a: outcome.reopen_ticket(t.pk, actor=a, note="not settled"),
        {S.RESOLVED},
        S.OPEN,
    ),
    "close": (lambda t, a: outcome.close_ticket(t.pk, actor=a), set(), None),
    "cancel": (
        lambda t, a: outcome.cancel_ticket(t.pk, actor=a, note="withdrawn"),
        WORKING | {S.RESOLVED},
        S.CANCELED,
    ),
    "urge": (lambda t, a: outcome.urge(t.pk, actor=a), WORKING, None),
    "rate": (
        lambda t, a: ratings.rate(t.pk, actor=a, score=4),
        {S.RESOLVED, S.CLOSED},
        None,
    ),
    "learn": (lambda t, a: outcome.learn(t.pk, actor=a, lesson="Blunt knives"), set(S), None),
    "plan follow-up": (
        lambda t, a: follow_ups.plan_follow_up(
            t.pk, actor=a, kind="call_back", text="Call", due_at=now() + timedelta(days=1)
        ),
        WORKING | {S.RESOLVED},
        None,
    ),
    "merge": (merge_into_fresh, WORKING, S.CANCELED),
    "unmerge": (
        lambda t, a: joining.unmerge_ticket(t.pk, actor=a, note="wrong"),
        set(),
        None,
    ),
    "receive message": (
        lambda t, a: opening.receive_message(
            t.pk, opening.Words(body="Any news?", channel="mail"), actor=a
        ),
        set(S),
        {S.PENDING: S.OPEN, S.RESOLVED: S.OPEN},
    ),
}


def snapshot(ticket: Ticket) -> dict[str, Any]:
    """Everything a refusal must leave as it was."""
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    return {
        "row": row,
        "history": ticket.history.count(),
        "messages": Message.objects.count(),
        "events": AuditEvent.objects.count(),
        "journal": JournalEntry.objects.count(),
        "queue": OrmQ.objects.count(),
    }


@pytest.mark.parametrize("status", list(S))
@pytest.mark.parametrize("verb", list(VERBS))
def test_verb_moves_exactly_as_the_table_says(verb: str, status: S) -> None:
    call, allowed, after = VERBS[verb]
    lead = make_user(Role.LEAD)
    ticket = make_ticket_in(status, lead)
    if verb == "merge":
        make_ticket(lead)
    before = snapshot(ticket)

    if status in allowed:
        call(ticket, lead)
        ticket.refresh_from_db()
        expected = after.get(status, status) if isinstance(after, dict) else after or status
        assert ticket.status == expected
        assert AuditEvent.objects.filter(case_id=ticket.pk).count() > 0
        return

    if verb == "merge":
        other = make_ticket(lead)
        before = snapshot(ticket)
        with pytest.raises(DomainError):
            joining.merge_tickets(ticket.pk, other.pk, actor=lead)
    else:
        with pytest.raises(DomainError):
            call(ticket, lead)
    assert snapshot(ticket) == before


def test_every_move_of_the_table_is_reached_by_some_verb() -> None:
    reached = {
        (status, after.get(status, status) if isinstance(after, dict) else after)
        for _, allowed, after in VERBS.values()
        if after
        for status in allowed
    }
    # By scenario below: a closing gate that holds, resolving after telling, undoing a merge.
    reached |= {(S.RESOLVED, S.CLOSED), *((S.CANCELED, status) for status in WORKING)}
    table = {(state, target) for state, targets in S.transitions().items() for target in targets}
    assert {pair for pair in reached if pair[0] != pair[1]} == table
