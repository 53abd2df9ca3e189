"""Two people act on one case at once: one wins, the other gets a clear answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from aftersales.kernel.errors import InvalidTransition, RuleViolated
from compliance.models import AuditEvent
from staff.models import User
from staff.roles import Role
from tests.concurrency.race import race, without_locks
from tests.factories.people import make_user
from tests.factories.tickets import make_proposal, make_ticket, make_ticket_in
from tickets.models import Message, Ticket, TicketLink
from tickets.services import conversation, handling, joining, opening, outcome, proposals
from tickets.statuses import TicketStatus

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture
def people() -> tuple[User, User]:
    return make_user(Role.LEAD), make_user(Role.LEAD)


def events(ticket: Ticket, code: str) -> int:
    return AuditEvent.objects.filter(case_id=ticket.pk, code=code).count()


def test_two_acknowledge_one_wins(people: tuple[User, User]) -> None:
    first, second = people
    ticket = make_ticket(first)

    outcomes = race(
        lambda: handling.acknowledge(ticket.pk, actor=first),
        lambda: handling.acknowledge(ticket.pk, actor=second),
    )

    assert sorted(side.won for side in outcomes) == [False, True]
    (loser,) = [side for side in outcomes if not side.won]
    assert isinstance(loser.refusal, InvalidTransition)
    assert str(loser.refusal) == "This case was acknowledged before."
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


def test_two_resolve_one_wins(people: tuple[User, User]) -> None:
    first, second = people
    ticket = make_ticket(first)

    outcomes = race(
        lambda: outcome.tell_result(ticket.pk, actor=first, body="A new jacket is on its way."),
        lambda: outcome.tell_result(ticket.pk, actor=second, body="You get your money back."),
    )

    assert sorted(side.won for side in outcomes) == [False, True]
    assert Message.objects.filter(ticket=ticket, kind="outbound").count() == 1
    assert events(ticket, "tickets.resolved") == 1


def test_two_resolve_without_lock_tell_two_results(people: tuple[User, User]) -> None:
    """Control: without the lock the customer is told two different results."""
    first, second = people
    ticket = make_ticket(first)
    handling.resume(ticket.pk, actor=first)
    meeting = threading.Barrier(2)

    with without_locks(meeting):
        race(
            lambda: outcome.tell_result(
                ticket.pk, actor=first, body="A new jacket is on its way.", resolve=False
            ),
            lambda: outcome.tell_result(
                ticket.pk, actor=second, body="You get your money back.", resolve=False
            ),
        )

    assert Message.objects.filter(ticket=ticket, kind="outbound").count() == 2


def test_two_reply_to_the_same_words_one_is_told_to_read(people: tuple[User, User]) -> None:
    first, second = people
    ticket = make_ticket(first)
    seen = ticket.messages.get().pk

    def answer(actor: User) -> Callable[[], Any]:
        return lambda: conversation.reply(
            ticket.pk, actor=actor, body="Please send a photo.", seen_message_id=seen
        )

    outcomes = race(answer(first), answer(second))

    assert sorted(side.won for side in outcomes) == [False, True]
    (loser,) = [side for side in outcomes if not side.won]
    assert isinstance(loser.refusal, RuleViolated)
    assert loser.refusal.code == "moved_on"
    assert Message.objects.filter(ticket=ticket, kind="outbound").count() == 1
    assert ticket.mails.count() == 1


def test_two_reply_without_lock_both_go_out(people: tuple[User, User]) -> None:
    """Control: without the lock the customer gets two answers."""
    first, second = people
    ticket = make_ticket(first)
    seen = ticket.messages.get().pk

    with without_locks(threading.Barrier(2)):
        race(
            lambda: conversation.reply(
                ticket.pk, actor=first, body="Please send a photo.", seen_message_id=seen
            ),
            lambda: conversation.reply(
                ticket.pk, actor=second, body="Please send a photo.", seen_message_id=seen
            ),
        )

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


def test_crosswise_merge_joins_once_and_does_not_deadlock(people: tuple[User, User]) -> None:
    first, second = people
    left, right = make_ticket(first), make_ticket(first)

    outcomes = race(
        lambda: joining.merge_tickets(left.pk, right.pk, actor=first),
        lambda: joining.merge_tickets(right.pk, left.pk, actor=second),
    )

    assert sorted(side.won for side in outcomes) == [False, True]
    assert all(side.error is None for side in outcomes)
    assert TicketLink.objects.filter(kind="merged").count() == 1
    assert sorted(Ticket.objects.values_list("status", flat=True)) == ["canceled", "new"]


def test_two_close_one_wins(people: tuple[User, User]) -> None:
    first, second = people
    ticket = make_ticket_in(TicketStatus.RESOLVED, first)
    for mail in ticket.mails.all():
        from tickets.jobs import send_mail  # noqa: PLC0415 -- used by this test only

        send_mail(mail.pk)

    outcomes = race(
        lambda: outcome.close_ticket(ticket.pk, actor=first),
        lambda: outcome.close_ticket(ticket.pk, actor=second),
    )

    assert sorted(side.won for side in outcomes) == [False, True]
    assert events(ticket, "tickets.closed") == 1


def test_close_races_customer_writing(people: tuple[User, User]) -> None:
    """Whoever comes first: the words are never lost and never sit on a closed case unseen."""
    first, second = people
    ticket = make_ticket_in(TicketStatus.RESOLVED, first)
    for mail in ticket.mails.all():
        from tickets.jobs import send_mail  # noqa: PLC0415 -- used by this test only

        send_mail(mail.pk)
    words = opening.Words(body="It is torn again!", channel="mail")

    race(
        lambda: outcome.close_ticket(ticket.pk, actor=first),
        lambda: opening.receive_message(ticket.pk, words, actor=second),
    )

    message = Message.objects.get(body="It is torn again!")
    assert message.ticket.status in (TicketStatus.NEW, TicketStatus.OPEN)
