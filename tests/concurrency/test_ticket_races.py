"""Two people act on one case at once: one wins, the other gets a clear answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.db import IntegrityError

from aftersales.kernel.errors import DomainError, InvalidTransition, RuleViolated
from compliance.models import AuditEvent
from staff.models import User
from staff.roles import Role
from tests.concurrency.race import Outcome, race, without_locks
from tests.factories.people import make_user
from tests.factories.tickets import (
    deliver_mails,
    make_proposal,
    make_ticket,
    make_ticket_in,
)
from tickets.models import Message, Ticket, TicketLink
from tickets.services import conversation, handling, joining, opening, outcome, proposals
from tickets.statuses import TicketStatus

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture
def people() -> tuple[User, User]:
    return make_user(Role.LEAD), make_user(Role.LEAD)


def events(ticket: Ticket, code: str) -> int:
    return AuditEvent.objects.filter(case_id=ticket.pk, code=code).count()


def the_refusal(outcomes: list[Outcome]) -> DomainError:
    """What the only side that lost was told; the other won."""
    assert sorted(side.won for side in outcomes) == [False, True]
    (refusal,) = [side.refusal for side in outcomes if side.refusal]
    return refusal


def test_two_acknowledge_one_wins(people: tuple[User, User]) -> None:
    first, second = people
    ticket = make_ticket(first)

    outcomes = race(
        lambda: handling.acknowledge(ticket.pk, actor=first),
        lambda: handling.acknowledge(ticket.pk, actor=second),
    )

    refusal = the_refusal(outcomes)
    assert isinstance(refusal, InvalidTransition)
    assert str(refusal) == "This case was acknowledged before."
    assert events(ticket, "tickets.acknowledged") == 1
    assert ticket.mails.count() == 1


def test_two_acknowledge_without_lock_nobody_gets_the_clear_answer(
    people: tuple[User, User],
) -> None:
    """Control: the test above proves the lock, since without it no refusal is given."""
    first, second = people
    ticket = make_ticket(first)

    with without_locks(threading.Barrier(2)):
        outcomes = race(
            lambda: handling.acknowledge(ticket.pk, actor=first),
            lambda: handling.acknowledge(ticket.pk, actor=second),
        )

    # Nobody is told that the other was first: both succeed, or one dies on the mail's unique key.
    assert [side.refusal for side in outcomes] == [None, None]


def resolve(ticket: Ticket, actor: User) -> Callable[[], Any]:
    return lambda: outcome.resolve_ticket(ticket.pk, actor=actor)


def told(actor: User) -> Ticket:
    """A case whose customer knows the result, not resolved yet."""
    ticket = make_ticket(actor)
    outcome.tell_result(ticket.pk, actor=actor, body="A new jacket comes.", resolve=False)
    return ticket


def test_two_resolve_one_wins(people: tuple[User, User]) -> None:
    first, second = people
    ticket = told(first)

    outcomes = race(resolve(ticket, first), resolve(ticket, second))

    assert isinstance(the_refusal(outcomes), InvalidTransition)
    assert events(ticket, "tickets.resolved") == 1


def test_two_resolve_without_lock_both_do(people: tuple[User, User]) -> None:
    """Control: without the lock the case is resolved twice and two ratings are asked for."""
    first, second = people
    ticket = told(first)

    with without_locks(threading.Barrier(2)):
        outcomes = race(resolve(ticket, first), resolve(ticket, second))

    assert [side.won for side in outcomes] == [True, True]
    assert events(ticket, "tickets.resolved") == 2


def test_two_tell_a_result_one_wins(people: tuple[User, User]) -> None:
    first, second = people
    ticket = make_ticket(first)

    outcomes = race(
        lambda: outcome.tell_result(ticket.pk, actor=first, body="A new jacket is on its way."),
        lambda: outcome.tell_result(ticket.pk, actor=second, body="You get your money back."),
    )

    assert isinstance(the_refusal(outcomes), InvalidTransition)
    assert Message.objects.filter(ticket=ticket, kind="outbound").count() == 1
    assert events(ticket, "tickets.resolved") == 1


def test_two_tell_a_result_without_lock_both_do(people: tuple[User, User]) -> None:
    """Control: without the lock the customer is told two results. The verb reads its case twice,
    the second time after it wrote, so nothing else may make one side wait for the other."""
    first, second = people
    ticket = make_ticket(first)

    with without_locks(threading.Barrier(2)):
        outcomes = race(
            lambda: outcome.tell_result(ticket.pk, actor=first, body="A new jacket comes."),
            lambda: outcome.tell_result(ticket.pk, actor=second, body="You get your money back."),
        )

    assert [side.won for side in outcomes] == [True, True]
    assert events(ticket, "tickets.resolved") == 2


def answer(ticket: Ticket, actor: User) -> Callable[[], Any]:
    """Reply to the words the case was opened with."""
    seen = ticket.messages.get(kind="inbound").pk
    return lambda: conversation.reply(
        ticket.pk, actor=actor, body="Please send a photo.", seen_message_id=seen
    )


def test_two_reply_to_the_same_words_one_is_told_to_read(people: tuple[User, User]) -> None:
    first, second = people
    ticket = make_ticket(first)

    outcomes = race(answer(ticket, first), answer(ticket, second))

    refusal = the_refusal(outcomes)
    assert isinstance(refusal, RuleViolated)
    assert refusal.code == "moved_on"
    assert Message.objects.filter(ticket=ticket, kind="outbound").count() == 1
    assert ticket.mails.count() == 1


def test_two_reply_without_lock_both_go_out(people: tuple[User, User]) -> None:
    """Control: without the lock the customer gets two answers."""
    first, second = people
    ticket = make_ticket(first)

    with without_locks(threading.Barrier(2)):
        outcomes = race(answer(ticket, first), answer(ticket, second))

    assert [side.won for side in outcomes] == [True, True]
    assert Message.objects.filter(ticket=ticket, kind="outbound").count() == 2


def test_accept_races_withdraw(people: tuple[User, User]) -> None:
    first, second = people
    ticket = make_ticket(first)
    proposal = make_proposal(ticket, first)

    outcomes = race(
        lambda: proposals.accept_proposal(proposal.pk, actor=first),
        lambda: proposals.withdraw_proposal(proposal.pk, actor=second, note="wrong amount"),
    )

    proposal.refresh_from_db()
    # Accept then withdraw is a lawful sequence; withdraw then accept is not.
    if proposal.status == "withdrawn":
        assert outcomes[1].won
    else:
        assert proposal.status == "accepted"
        assert isinstance(outcomes[1].refusal, InvalidTransition)


def merge(source: Ticket, target: Ticket, actor: User) -> Callable[[], Any]:
    return lambda: joining.merge_tickets(source.pk, target.pk, actor=actor, is_sure=True)


def test_crosswise_merge_joins_once_and_does_not_deadlock(people: tuple[User, User]) -> None:
    first, second = people
    left, right = make_ticket(first), make_ticket(first)

    outcomes = race(merge(left, right, first), merge(right, left, second))

    assert isinstance(the_refusal(outcomes), InvalidTransition)
    assert TicketLink.objects.filter(kind="merged").count() == 1
    assert sorted(Ticket.objects.values_list("status", flat=True)) == ["canceled", "new"]


def test_merge_into_two_cases_joins_one(people: tuple[User, User]) -> None:
    first, second = people
    ticket, left, right = (make_ticket(first) for _ in range(3))

    outcomes = race(merge(ticket, left, first), merge(ticket, right, second))

    assert isinstance(the_refusal(outcomes), InvalidTransition)
    assert TicketLink.objects.filter(kind="merged").count() == 1


def test_merge_into_two_cases_without_lock_ends_in_an_error(people: tuple[User, User]) -> None:
    """Control: without the lock nobody is refused, and the database's own key kills one."""
    first, second = people
    ticket, left, right = (make_ticket(first) for _ in range(3))

    with without_locks(threading.Barrier(2)):
        outcomes = race(merge(ticket, left, first), merge(ticket, right, second))

    assert [side.refusal for side in outcomes] == [None, None]
    (error,) = [side.error for side in outcomes if side.error]
    assert isinstance(error, IntegrityError)
    assert "link_merged_into_one" in str(error)


def cancel(ticket: Ticket, actor: User) -> Callable[[], Any]:
    return lambda: outcome.cancel_ticket(ticket.pk, actor=actor, note="taken twice")


def test_merge_races_cancel_one_wins(people: tuple[User, User]) -> None:
    first, second = people
    ticket, other = make_ticket(first), make_ticket(first)

    outcomes = race(merge(ticket, other, first), cancel(ticket, second))

    assert isinstance(the_refusal(outcomes), InvalidTransition)
    assert events(ticket, "tickets.merged") + events(ticket, "tickets.canceled") == 1


def test_merge_races_cancel_without_lock_both_do(people: tuple[User, User]) -> None:
    """Control: without the lock the case is canceled for good and lives on in another."""
    first, second = people
    ticket, other = make_ticket(first), make_ticket(first)

    with without_locks(threading.Barrier(2)):
        outcomes = race(merge(ticket, other, first), cancel(ticket, second))

    assert [side.won for side in outcomes] == [True, True]
    assert events(ticket, "tickets.merged") + events(ticket, "tickets.canceled") == 2


def close(ticket: Ticket, actor: User) -> Callable[[], Any]:
    return lambda: outcome.close_ticket(ticket.pk, actor=actor)


def ready_to_close(actor: User) -> Ticket:
    """A resolved case whose mails have left."""
    ticket = make_ticket_in(TicketStatus.RESOLVED, actor)
    deliver_mails(ticket)
    return ticket


def test_two_close_one_wins(people: tuple[User, User]) -> None:
    first, second = people
    ticket = ready_to_close(first)

    outcomes = race(close(ticket, first), close(ticket, second))

    assert isinstance(the_refusal(outcomes), InvalidTransition)
    assert events(ticket, "tickets.closed") == 1


def test_two_close_without_lock_both_do(people: tuple[User, User]) -> None:
    """Control: without the lock the case is closed twice."""
    first, second = people
    ticket = ready_to_close(first)

    with without_locks(threading.Barrier(2)):
        outcomes = race(close(ticket, first), close(ticket, second))

    assert [side.won for side in outcomes] == [True, True]
    assert events(ticket, "tickets.closed") == 2


def write_again(ticket: Ticket, actor: User) -> Callable[[], Any]:
    words = opening.Words(body="It is torn again!", channel="mail")
    return lambda: opening.receive_message(ticket.pk, words, actor=actor)


def test_close_races_customer_writing(people: tuple[User, User]) -> None:
    """Whoever comes first: the words are never lost and never sit on a closed case unseen."""
    first, second = people
    ticket = ready_to_close(first)

    closing, writing = race(close(ticket, first), write_again(ticket, second))

    assert writing.won
    landed = Message.objects.get(body="It is torn again!").ticket
    ticket.refresh_from_db()
    if closing.won:
        assert (ticket.status, landed.status) == (TicketStatus.CLOSED, TicketStatus.NEW)
        link = TicketLink.objects.get(kind="continues")
        assert (link.ticket, link.target) == (landed, ticket)
    else:
        assert isinstance(closing.refusal, InvalidTransition)
        assert (landed, ticket.status) == (ticket, TicketStatus.OPEN)


def test_close_races_customer_writing_without_lock_both_act_on_one_case(
    people: tuple[User, User],
) -> None:
    """Control: without the lock the case is closed although the customer's words are on it."""
    first, second = people
    ticket = ready_to_close(first)

    is_closed = threading.Event()

    def close_first() -> None:
        close(ticket, first)()
        is_closed.set()

    def not_thanks(_body: str) -> bool:
        """Asked once the case is read: holds the customer's side until the case is closed."""
        return not is_closed.wait(timeout=20)

    with (
        without_locks(threading.Barrier(2)),
        mock.patch.object(opening, "is_only_thanks", not_thanks),
    ):
        closing, writing = race(close_first, write_again(ticket, second))

    assert (closing.won, writing.won) == (True, True)
    assert Message.objects.get(body="It is torn again!").ticket == ticket
    assert events(ticket, "tickets.closed") == 1
