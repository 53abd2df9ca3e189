"""Cases of two customers merged on purpose: answered as one, read by each customer alone."""

from __future__ import annotations

import pytest
from django.test import Client

from aftersales.kernel.errors import RuleViolated
from customers.services import merge_customers
from staff.models import User
from staff.services import system_actor
from tests.factories.people import make_user
from tests.factories.tickets import make_customer, make_ticket, make_ticket_in
from tests.tickets.case_page import traces
from tests.tickets.portal_page import page_of, text_of, write
from tickets.models import StatusLink, Ticket
from tickets.queries.case import load_case
from tickets.services import conversation, joining, opening
from tickets.services.opening import Words
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> User:
    return make_user("lead")


@pytest.fixture
def theirs(lead: User) -> Ticket:
    return make_ticket_in(TicketStatus.PENDING, lead, subject="Somebody else's")


@pytest.fixture
def mine(lead: User, theirs: Ticket) -> Ticket:
    """Another customer's case, merged into the first."""
    ticket = make_ticket(lead)
    page_of(ticket)
    joining.merge_tickets(ticket.pk, theirs.pk, actor=lead, is_sure=True)
    return ticket


def test_customer_writes_on_the_own_page_and_never_reaches_the_other(
    client: Client, lead: User, mine: Ticket, theirs: Ticket
) -> None:
    page = page_of(mine)

    sent = write(client, page, body="My sleeve again.")

    assert sent.url == f"{page}#conversation"
    own = text_of(client.get(page))
    assert "Thank you, we have your message." in own
    assert "My sleeve again." in own
    assert (theirs.number in own, theirs.subject in own) == (False, False)
    assert not StatusLink.objects.filter(ticket=theirs).exists()
    assert "My sleeve again." not in text_of(client.get(page_of(theirs)))


def test_words_are_answered_on_the_other_case_and_part_with_the_merge(
    lead: User, mine: Ticket, theirs: Ticket
) -> None:
    said = opening.receive_message(mine.pk, Words(body="And now?", channel="mail"), actor=lead)

    theirs.refresh_from_db()
    shown = load_case(theirs.number, lead).timeline.entries
    assert (said.ticket, theirs.status) == (mine, TicketStatus.OPEN)
    assert theirs.last_inbound_at == said.created_at
    assert "And now?" in [entry.body for entry in shown if not entry.is_event]
    joining.unmerge_ticket(mine.pk, actor=lead, note="two people")
    assert mine.messages.filter(pk=said.pk).exists()


def test_answer_is_refused_when_the_other_customer_wrote_meanwhile(
    lead: User, mine: Ticket, theirs: Ticket
) -> None:
    seen = load_case(theirs.number, lead).timeline.newest_id
    opening.receive_message(mine.pk, Words(body="And now?", channel="mail"), actor=system_actor())
    before = traces(theirs)

    with pytest.raises(RuleViolated) as refusal:
        conversation.reply(theirs.pk, actor=lead, body="Sent.", seen_message_id=seen)

    assert refusal.value.code == "moved_on"
    assert traces(theirs) == before


def test_words_after_the_other_case_ended_open_one_case_of_the_writer(
    client: Client, lead: User
) -> None:
    theirs, mine = make_ticket(lead), make_ticket(lead)
    joining.merge_tickets(mine.pk, theirs.pk, actor=lead, is_sure=True)
    Ticket.objects.filter(pk=theirs.pk).update(status=TicketStatus.CANCELED)

    sent = write(client, page_of(mine), body="It happened again.")
    again = opening.receive_message(mine.pk, Words(body="Hello?", channel="mail"), actor=lead)

    successor = Ticket.objects.exclude(pk__in=[mine.pk, theirs.pk]).get()
    assert (successor.customer, again.ticket) == (mine.customer, successor)
    assert sent.url == page_of(successor)


def test_case_of_another_customer_is_merged_by_who_is_sure_only(lead: User) -> None:
    source, target = make_ticket(lead), make_ticket(lead)
    before = traces(source), traces(target)

    with pytest.raises(RuleViolated) as refusal:
        joining.merge_tickets(source.pk, target.pk, actor=lead)

    assert (refusal.value.code, refusal.value.field) == ("other_customer", "is_sure")
    assert (traces(source), traces(target)) == before
    joining.merge_tickets(source.pk, target.pk, actor=lead, is_sure=True)


def test_merged_customers_are_one(client: Client, lead: User) -> None:
    person, twin, other = (make_customer(lead) for _ in range(3))
    source, target = make_ticket(lead, customer=twin), make_ticket(lead, customer=person)
    third = make_ticket(lead, customer=other)
    for duplicate in (twin, other):
        merge_customers(duplicate.pk, person.pk, actor=lead, note="same person")

    joining.merge_tickets(third.pk, source.pk, actor=lead)
    joining.merge_tickets(source.pk, target.pk, actor=lead)
    write(client, page_of(third), body="My sleeve again.")

    assert target.messages.filter(body="My sleeve again.").exists()
    assert target.number in text_of(client.get(page_of(third)))


def test_case_of_nobody_known_is_merged_without_a_question(lead: User) -> None:
    source, target = make_ticket(lead, customer=None), make_ticket(lead)

    joining.merge_tickets(source.pk, target.pk, actor=lead)
    said = opening.receive_message(source.pk, Words(body="And now?", channel="web"), actor=lead)

    assert said.ticket == source
