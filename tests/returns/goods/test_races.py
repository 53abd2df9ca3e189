"""The last piece asked for twice at once, and settling twice, on real connections."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection

from aftersales.kernel.errors import InvalidTransition
from returns.models import Refund, ReturnAuthorization, ReturnItem
from returns.services import requesting, settling
from returns.services.requesting import NewReturn, Piece
from staff.models import User
from staff.roles import Role
from tests.concurrency.race import Outcome, race
from tests.factories.people import make_user
from tests.factories.returns import (
    lines_of,
    make_delivered_order,
    make_return,
    make_return_ticket,
)
from tests.returns.goods.test_settling import bring_back
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture
def people() -> tuple[User, User]:
    return make_user(Role.LEAD), make_user(Role.LEAD)


def two_cases(people: tuple[User, User]) -> tuple[Ticket, Ticket]:
    """Two cases on one order, so that the case's lock does not help."""
    order = make_delivered_order(delivered_at=None)
    return make_return_ticket(people[0], order), make_return_ticket(people[1], order)


def ask(ticket: Ticket, actor: User) -> Any:
    piece = Piece(line=lines_of(ticket.order)[0].pk, quantity=1)
    new = NewReturn(kind="return_and_refund", claim="changed_mind", pieces=(piece,))
    return lambda: requesting.request_return(ticket.pk, new, actor=actor)


def taken() -> int:
    return ReturnItem.objects.count()


def test_last_piece_asked_for_twice_goes_to_one(people: tuple[User, User]) -> None:
    first, second = two_cases(people)

    outcomes = race(ask(first, people[0]), ask(second, people[1]))

    assert sorted(side.won for side in outcomes) == [False, True]
    (loser,) = [side for side in outcomes if not side.won]
    assert loser.refusal is not None
    assert loser.refusal.code == "above_bought"
    assert taken() == 1


def sabotaged(monkeypatch: pytest.MonkeyPatch, people: tuple[User, User]) -> list[Outcome]:
    """Both find room for the last piece before either writes."""
    first, second = two_cases(people)
    meeting = threading.Barrier(2)

    def nobody_looks(line: Any, quantity: int, used: int) -> None:
        meeting.wait(timeout=20)

    def unlocked(order: Any, pieces: Any) -> Any:
        lines = {line.pk: line for line in order.lines.all()}
        wishes = []
        for piece in pieces:
            nobody_looks(lines[piece.line], piece.quantity, 0)
            wishes.append(requesting.Wish(line=lines[piece.line], quantity=piece.quantity))
        return wishes

    monkeypatch.setattr(requesting, "lock_wishes", unlocked)
    monkeypatch.setattr(requesting, "gifts_to_come_along", lambda order, wishes: [])
    return race(ask(first, people[0]), ask(second, people[1]))


def test_database_keeps_the_last_piece_when_the_service_forgets_its_lock(
    monkeypatch: pytest.MonkeyPatch, people: tuple[User, User]
) -> None:
    outcomes = sabotaged(monkeypatch, people)

    assert sorted(side.won for side in outcomes) == [False, True]
    (loser,) = [side for side in outcomes if not side.won]
    assert isinstance(loser.error, IntegrityError)
    assert taken() == 1


def test_without_lock_and_trigger_the_piece_is_taken_twice(
    monkeypatch: pytest.MonkeyPatch, people: tuple[User, User]
) -> None:
    """Control: the two tests above prove lock and trigger, since without both it goes wrong."""
    table = "ALTER TABLE returns_returnitem {} TRIGGER item_within_order"
    with connection.cursor() as cursor:
        cursor.execute(table.format("DISABLE"))
    try:
        outcomes = sabotaged(monkeypatch, people)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(table.format("ENABLE"))

    assert [side.won for side in outcomes] == [True, True]
    assert taken() == 2


def ready(lead: User) -> ReturnAuthorization:
    ticket = make_return_ticket(lead, make_delivered_order(delivered_at=None))
    return bring_back(make_return(ticket, lead), make_user(Role.WAREHOUSE))


def test_two_settle_one_pays(people: tuple[User, User]) -> None:
    rma = ready(people[0])

    outcomes = race(
        *(lambda actor=actor: settling.settle_return(rma.pk, actor=actor) for actor in people)
    )

    (loser,) = [side for side in outcomes if not side.won]
    assert isinstance(loser.refusal, InvalidTransition)
    assert Refund.objects.count() == 1


def test_two_settle_without_lock_the_loser_gets_no_clear_answer(
    monkeypatch: pytest.MonkeyPatch, people: tuple[User, User]
) -> None:
    """Control: without the lock only the database keeps a second sheet out."""
    rma = ready(people[0])
    meeting = threading.Barrier(2)

    def unlocked(rma_id: int, actor: User) -> Any:
        found = ReturnAuthorization.objects.select_related("ticket").get(pk=rma_id)
        meeting.wait(timeout=20)
        return found, found.ticket

    monkeypatch.setattr(settling, "lock_return", unlocked)
    outcomes = race(
        *(lambda actor=actor: settling.settle_return(rma.pk, actor=actor) for actor in people)
    )

    (loser,) = [side for side in outcomes if not side.won]
    assert loser.refusal is None
    assert isinstance(loser.error, IntegrityError)
    assert Refund.objects.count() == 1
