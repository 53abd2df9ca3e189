"""The menus offer what can be done now, and what is offered can be done."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from aftersales.kernel.errors import RuleViolated
from staff.models import User
from staff.roles import Role
from tests.factories.money import make_payment, make_refund, submit
from tests.factories.people import make_user
from tests.factories.tickets import make_investigation, make_proposal, make_ticket, make_ticket_in
from tests.tickets.case_page import shown
from tickets.admin.case_panels import offered
from tickets.models import Ticket
from tickets.queries.case import load_case
from tickets.services import (
    conversation,
    handling,
    investigation,
    joining,
    outcome,
    proposals,
)
from tickets.services.opening import Words, receive_message
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db

ENDS = {"resolve", "close", "cancel", "merge", "split"}


@pytest.fixture
def lead() -> User:
    return make_user(Role.LEAD)


def ends(ticket: Ticket, user: User) -> set[str]:
    return ENDS & offered(load_case(ticket.number, user), user).keys()


def write(ticket: Ticket, user: User) -> None:
    receive_message(ticket.pk, Words(body="And the cap?", channel="mail"), actor=user)


def test_case_of_one_message_cannot_be_split(lead: User) -> None:
    ticket = make_ticket(lead)
    only = ticket.messages.get()

    assert ends(ticket, lead) == {"cancel", "merge"}
    with pytest.raises(RuleViolated, match="Something the customer wrote must stay"):
        joining.split_ticket(ticket.pk, actor=lead, message_ids=[only.pk], subject="Cap")


@pytest.mark.parametrize(
    "add",
    [write, lambda ticket, user: conversation.note(ticket.pk, actor=user, body="Other case")],
)
def test_second_message_can_be_split_off(lead: User, add: Callable[[Ticket, User], object]) -> None:
    ticket = make_ticket(lead)
    add(ticket, lead)

    assert ends(ticket, lead) == {"cancel", "merge", "split"}
    newest = ticket.messages.latest("pk")
    joining.split_ticket(ticket.pk, actor=lead, message_ids=[newest.pk], subject="Cap")
    assert ends(ticket, lead) == {"cancel", "merge"}


def test_hidden_message_is_not_split_off(lead: User) -> None:
    ticket = make_ticket(lead)
    note = conversation.note(ticket.pk, actor=lead, body="Other case")
    conversation.hide_message(note.pk, actor=lead, note="wrong case")

    assert ends(ticket, lead) == {"cancel", "merge"}


def test_words_of_a_merged_case_are_not_split_off(lead: User) -> None:
    ticket = make_ticket(lead)
    other = make_ticket(lead, customer=ticket.customer)
    joining.merge_tickets(other.pk, ticket.pk, actor=lead)

    assert ends(ticket, lead) == {"cancel", "merge"}


@pytest.mark.parametrize("begin", [make_investigation, make_proposal])
def test_what_is_open_keeps_the_case_from_every_end(
    lead: User, begin: Callable[[Ticket, User], object]
) -> None:
    ticket = make_ticket(lead)
    outcome.tell_result(ticket.pk, actor=lead, body="Settled.", resolve=False)
    write(ticket, lead)
    assert ends(ticket, lead) == {"resolve", "cancel", "merge", "split"}

    begin(ticket, lead)

    assert ends(ticket, lead) == {"split"}
    with pytest.raises(RuleViolated):
        outcome.cancel_ticket(ticket.pk, actor=lead, note="withdrawn")


def test_refund_under_way_keeps_the_case_from_being_canceled(lead: User) -> None:
    payment = make_payment()
    ticket = make_ticket(lead, customer=payment.order.customer)
    submit(make_refund(payment, lead, ticket=ticket))

    assert ends(ticket, lead) == set()
    with pytest.raises(RuleViolated) as refusal:
        outcome.cancel_ticket(ticket.pk, actor=lead, note="withdrawn")
    assert refusal.value.code == "under_way"


@pytest.mark.parametrize(
    ("status", "ways"), [("resolved", {"cancel"}), ("closed", set()), ("canceled", set())]
)
def test_finished_cases_offer_what_is_left(lead: User, status: str, ways: set[str]) -> None:
    ticket = make_ticket_in(status, lead)

    assert ends(ticket, lead) == ways


def test_part_that_is_under_way_does_not_offer_to_go_back(lead: User) -> None:
    ticket = make_ticket(lead)
    note = conversation.note(ticket.pk, actor=lead, body="Other case")
    part = joining.split_ticket(ticket.pk, actor=lead, message_ids=[note.pk], subject="Cap")
    assert "unsplit" in offered(load_case(part.number, lead), lead)

    make_investigation(part, lead)

    assert "unsplit" not in offered(load_case(part.number, lead), lead)


def test_result_does_not_resolve_by_itself_while_an_offer_is_open(lead: User) -> None:
    ticket = make_ticket(lead)
    offer = make_proposal(ticket, lead)
    box = '<input type="checkbox" name="resolve"'

    assert f"{box}>" in shown(lead, ticket)
    proposals.withdraw_proposal(offer.pk, actor=lead, note="too much")
    assert f"{box} checked>" in shown(lead, ticket)


def then_of(user: User, ticket: Ticket) -> str:
    """What the composer proposes to do once the answer is sent."""
    page = shown(user, ticket).partition('name="then"')[2]
    return page.partition("</select>")[0].partition(" selected")[0].rpartition('value="')[2][:-1]


def test_after_an_answer_the_case_is_whose_turn_it_is(lead: User) -> None:
    ticket = make_ticket(lead)
    offered_then = [then_of(lead, ticket)]
    found = make_investigation(ticket, lead)
    offered_then.append(then_of(lead, ticket))
    investigation.drop_investigation(found.pk, actor=lead, note="Not needed")
    offer = make_proposal(ticket, lead)
    proposals.accept_proposal(offer.pk, actor=lead)
    offered_then.append(then_of(lead, ticket))
    proposals.carry_out_proposal(offer.pk, actor=lead, note="bank 4711")
    offered_then.append(then_of(lead, ticket))
    handling.wait(ticket.pk, actor=lead, status=TicketStatus.ON_HOLD, note="The carrier looks")
    offered_then.append(then_of(lead, ticket))

    assert offered_then == ["pending", "open", "open", "pending", "on_hold"]


def test_after_an_answer_goods_and_money_say_who_is_waited_for(lead: User) -> None:
    payment = make_payment()
    ticket = make_ticket(lead, order=payment.order, customer=payment.order.customer)
    submit(make_refund(payment, make_user(), ticket=ticket))

    assert then_of(lead, ticket) == "on_hold"
