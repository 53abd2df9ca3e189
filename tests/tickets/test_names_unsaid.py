"""The customer's name is personal data: previews and drafts do without, what is sent has it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.masking import mask_name_in
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.people import make_user
from tests.factories.tickets import deliver_mails, make_customer, make_ticket
from tests.tickets.case_page import address, do, shown, signed_in
from tickets.models import Draft, Macro, Message, OutboundMail, Proposal, SavedReply, Ticket
from tickets.services import conversation, outcome, proposals
from tickets.services.opening import Words, receive_message
from tickets.services.proposals import Offer

pytestmark = pytest.mark.django_db

NAME = "Maria Schmidt"


@pytest.fixture
def agent() -> User:
    return make_user()


@pytest.fixture
def ticket(agent: User) -> Ticket:
    customer = make_customer(agent, name=NAME, email="maria@example.com")
    return make_ticket(agent, customer=customer)


def make_reply() -> SavedReply:
    reply = SavedReply(
        name="Sorry", shortcut="sorry", body="Dear {{ customer }}, sorry: {{ number }}."
    )
    reply.save()
    return reply


def leave(ticket: Ticket) -> None:
    """The time to recall an answer is over, and its mail leaves."""
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        deliver_mails(ticket)


def test_picker_shows_the_masked_name_and_puts_the_variable_in(agent: User, ticket: Ticket) -> None:
    make_reply()

    tools = signed_in(agent).get(address(ticket, "tools")).json()["tools"]

    assert tools == [
        {
            "kind": "reply",
            "name": "Sorry",
            "shortcut": "sorry",
            "text": f"Dear {{{{ customer }}}}, sorry: {ticket.number}.",
            "hint": f"Dear Maria S***, sorry: {ticket.number}.",
        }
    ]


def test_saved_reply_and_macro_leave_the_name_out_of_the_draft(agent: User, ticket: Ticket) -> None:
    reply = make_reply()
    macro = Macro(name="Sorry", reply=reply)
    macro.save()

    do(agent, ticket, "saved-reply", tool=reply.pk)
    do(agent, ticket, "macro", tool=macro.pk)

    words = f"Dear {{{{ customer }}}}, sorry: {ticket.number}."
    assert Draft.objects.get().body == f"{words}\n\n{words}"
    assert NAME not in shown(agent, ticket)


def test_what_is_sent_carries_the_name(agent: User, ticket: Ticket) -> None:
    conversation.reply(ticket.pk, actor=agent, body="Dear {{customer}}, soon.")
    offer = Offer(remedy="refund", terms="{{ customer }}, we refund it.")
    proposals.propose(ticket.pk, offer, actor=agent)
    outcome.tell_result(
        ticket.pk, actor=agent, body="Done, {{ customer }}. {{ number }}", resolve=False
    )

    bodies = Message.objects.filter(kind="outbound").order_by("pk").values_list("body", flat=True)
    assert list(bodies) == [f"Dear {NAME}, soon.", f"Done, {NAME}. {{{{ number }}}}"]
    assert Proposal.objects.get().terms == f"{NAME}, we refund it."
    leave(ticket)
    sent = OutboundMail.objects.exclude(purpose="acknowledgement").order_by("pk")
    assert [NAME in mail.body for mail in sent] == [True, True, True]


def test_without_a_customer_the_name_is_empty(agent: User) -> None:
    ticket = make_ticket(agent, customer=None)

    message = conversation.reply(ticket.pk, actor=agent, body="Dear {{ customer }}, soon.")

    assert message.body == "Dear , soon."


def test_answer_taken_back_is_a_draft_without_the_name(agent: User, ticket: Ticket) -> None:
    message = conversation.reply(ticket.pk, actor=agent, body="Dear {{ customer }}, soon.")

    conversation.undo_reply(message.pk, actor=agent)

    assert Draft.objects.get().body == "Dear {{ customer }}, soon."


def test_case_and_outbox_show_what_was_sent_with_the_masked_name(
    agent: User, ticket: Ticket
) -> None:
    conversation.reply(ticket.pk, actor=agent, body="Dear {{ customer }}, soon.")
    leave(ticket)
    mail = OutboundMail.objects.get(purpose="reply")
    outbox = (
        signed_in(make_user(Role.LEAD)).get(f"/admin/tickets/outboundmail/{mail.pk}/change/").text
    )

    for page in (shown(agent, ticket), outbox):
        assert "Dear Maria S***, soon." in page
        assert NAME not in page


def test_refused_answer_names_whoever_wrote_meanwhile_masked(agent: User, ticket: Ticket) -> None:
    seen = ticket.messages.get().pk
    receive_message(
        ticket.pk,
        Words(body="Hurry!", channel="mail", author_name=NAME),
        actor=system_actor(),
    )

    with pytest.raises(RuleViolated) as refusal:
        conversation.reply(ticket.pk, actor=agent, body="Soon.", seen_message_id=seen)

    assert str(refusal.value) == (
        "Maria S*** wrote while you were typing. Read it, then send again; your text is kept."
    )


@pytest.mark.parametrize(
    ("text", "name", "shown"),
    [
        ("李小明您好", "李小明", "李**您好"),
        ("Dear Ann, Annabel called", "Ann", "Dear A***, Annabel called"),
        ("Dear X", "X", "Dear X"),
        ("Dear you", "", "Dear you"),
        ("A+B (a\\1) came", "a\\1", "A+B (a***) came"),
    ],
)
def test_name_is_masked_where_it_is_a_word(text: str, name: str, shown: str) -> None:
    assert mask_name_in(text, name) == shown
