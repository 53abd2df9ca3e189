"""What is said, by whom, and what that does to the case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, NotPermitted, RuleViolated
from clocks.checks import deviations
from clocks.models import Clock
from staff.roles import Role
from staff.services import system_actor
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_customer, make_ticket, make_ticket_in
from tickets.models import Draft, Mention, Message, Ticket
from tickets.services import conversation, joining, opening, outcome
from tickets.services.opening import Words
from tickets.statuses import MailStatus, TicketStatus

pytestmark = pytest.mark.django_db
RunJobs = Callable[[], list[str]]


def test_reply_leaves_after_the_time_to_undo(run_jobs: RunJobs) -> None:
    agent = make_user()
    ticket = make_ticket(agent)

    with time_machine.travel(now(), tick=False) as clock:
        message = conversation.reply(
            ticket.pk, actor=agent, body="Please send a photo.", then=TicketStatus.PENDING
        )
        run_jobs()
        assert mail.outbox == []

        clock.shift(timedelta(seconds=16))
        run_jobs()

    ticket.refresh_from_db()
    message.mail.refresh_from_db()
    assert ticket.status == TicketStatus.PENDING
    assert ticket.due_at is None
    assert ticket.first_response_at == message.created_at
    assert message.mail.status == MailStatus.SENT
    (sent,) = mail.outbox
    assert sent.to == [message.mail.to_address]
    assert sent.body.startswith("Please send a photo.\n")
    assert sent.extra_headers["Message-ID"] == message.mail.mail_id


def test_undo_in_time_takes_everything_back(run_jobs: RunJobs) -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    message = conversation.reply(
        ticket.pk, actor=agent, body="Wrong case", then=TicketStatus.PENDING
    )

    conversation.undo_reply(message.pk, actor=agent)

    with time_machine.travel(now() + timedelta(minutes=5)):
        run_jobs()
    ticket.refresh_from_db()
    assert mail.outbox == []
    assert ticket.status == TicketStatus.OPEN
    assert ticket.first_response_at is None
    assert ticket.due_at == ticket.received_at + timedelta(minutes=15)
    assert Draft.objects.get(ticket=ticket, author=agent).body == "Wrong case"


def test_recalling_the_first_of_two_answers_leaves_the_case_answered_by_the_second() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    first = conversation.reply(ticket.pk, actor=agent, body="One moment")
    second = conversation.reply(ticket.pk, actor=agent, body="It is on its way")

    conversation.undo_reply(first.pk, actor=agent)

    ticket.refresh_from_db()
    assert ticket.first_response_at == second.created_at
    opening.receive_message(ticket.pk, Words(body="When?", channel="mail"), actor=agent)
    assert Clock.objects.filter(case_id=ticket.pk, rule__promise="next_response").exists()
    conversation.undo_reply(second.pk, actor=agent)
    ticket.refresh_from_db()
    assert ticket.first_response_at is None
    assert list(deviations()) == []


def test_a_customer_who_writes_on_an_answered_case_is_promised_a_word() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    conversation.reply(ticket.pk, actor=agent, body="A photo?", then=TicketStatus.PENDING)

    opening.receive_message(ticket.pk, Words(body="Here it is", channel="mail"), actor=agent)

    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.OPEN
    assert ticket.due_at is not None


def test_undo_too_late_or_by_another_is_refused() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    message = conversation.reply(ticket.pk, actor=agent, body="Hello")

    with pytest.raises(NotPermitted):
        conversation.undo_reply(message.pk, actor=make_user())
    with time_machine.travel(now() + timedelta(seconds=16)), pytest.raises(InvalidTransition):
        conversation.undo_reply(message.pk, actor=agent)

    message.refresh_from_db()
    assert message.undone_at is None


def test_reply_to_words_not_read_is_refused_and_kept() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    seen = ticket.messages.get().pk
    opening.receive_message(
        ticket.pk, Words(body="It is the right sleeve!", channel="mail"), actor=agent
    )

    with pytest.raises(RuleViolated) as refusal:
        conversation.reply(ticket.pk, actor=agent, body="The left one?", seen_message_id=seen)

    assert refusal.value.code == "moved_on"
    assert not Message.objects.filter(body="The left one?").exists()


def test_note_calls_a_colleague_who_then_sees_the_case() -> None:
    agent = make_user()
    keeper = make_user(Role.WAREHOUSE, username="wang", department=make_department("warehouse"))
    ticket = make_ticket(agent)
    assert not Ticket.objects.visible_to(keeper).exists()

    conversation.note(ticket.pk, actor=agent, body="@wang batch 7 again? mail bob@wang.example")

    assert list(Mention.objects.values_list("user__username", flat=True)) == ["wang"]
    assert Ticket.objects.visible_to(keeper).get() == ticket


def test_hidden_message_stays_on_record_with_its_reason() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    message = ticket.messages.get()

    with pytest.raises(RuleViolated):
        conversation.hide_message(message.pk, actor=lead, note="x")
    conversation.hide_message(message.pk, actor=lead, note="bank card number")

    message.refresh_from_db()
    assert message.body == "The left sleeve of the jacket is torn."
    assert message.hidden_reason == "bank card number"
    assert not message.is_shown_to_customer


@pytest.mark.parametrize(
    ("words", "reopens"),
    [
        (Words(body="It is torn again", channel="mail"), True),
        (Words(body="Thanks, got it!", channel="mail"), False),
        (Words(body="谢谢！", channel="mail"), False),
        (Words(body="I am on holiday until Monday", channel="mail", is_automatic=True), False),
    ],
)
def test_only_real_words_reopen(words: Words, reopens: bool) -> None:
    ticket = make_ticket_in(TicketStatus.RESOLVED)

    message = opening.receive_message(ticket.pk, words, actor=system_actor())

    ticket.refresh_from_db()
    assert message.ticket_id == ticket.pk
    assert ticket.status == (TicketStatus.OPEN if reopens else TicketStatus.RESOLVED)
    assert ticket.reopened_count == int(reopens)
    assert (ticket.result_told_at is None) == reopens


@pytest.mark.parametrize("status", [TicketStatus.CLOSED, TicketStatus.CANCELED])
def test_words_on_a_finished_case_continue_in_a_new_one(status: TicketStatus) -> None:
    ticket = make_ticket_in(status)

    message = opening.receive_message(
        ticket.pk, Words(body="It happened again", channel="mail"), actor=system_actor()
    )

    successor = message.ticket
    assert successor != ticket
    assert successor.customer == ticket.customer
    assert successor.links_out.get().target == ticket
    assert Ticket.objects.get(pk=ticket.pk).status == status


def test_words_after_the_window_continue_in_a_new_case() -> None:
    ticket = make_ticket_in(TicketStatus.RESOLVED)

    with time_machine.travel(now() + timedelta(days=8)):
        message = opening.receive_message(
            ticket.pk, Words(body="It happened again", channel="mail"), actor=system_actor()
        )

    assert message.ticket != ticket
    assert Ticket.objects.get(pk=ticket.pk).status == TicketStatus.RESOLVED


def test_words_to_a_merged_case_reach_the_case_it_joined() -> None:
    lead = make_user(Role.LEAD)
    source = make_ticket(lead)
    target = make_ticket(lead, customer=source.customer)
    joining.merge_tickets(source.pk, target.pk, actor=lead)

    message = opening.receive_message(
        source.pk, Words(body="Any news?", channel="mail"), actor=system_actor()
    )

    assert message.ticket == target


def test_split_and_undo_move_messages_and_lose_none() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    second = opening.receive_message(
        ticket.pk, Words(body="Also my invoice is wrong", channel="mail"), actor=lead
    )
    before = set(Message.objects.values_list("pk", flat=True))

    part = joining.split_ticket(
        ticket.pk, actor=lead, message_ids=[second.pk], subject="Invoice is wrong"
    )
    assert list(part.messages.values_list("pk", flat=True)) == [second.pk]
    joining.unsplit_ticket(part.pk, actor=lead, note="belongs together")

    assert set(Message.objects.values_list("pk", flat=True)) == before
    assert ticket.messages.count() == 2
    part.refresh_from_db()
    assert part.status == TicketStatus.CANCELED


def test_split_refuses_everything_and_foreign_messages() -> None:
    lead = make_user(Role.LEAD)
    ticket, other = make_ticket(lead), make_ticket(lead)

    with pytest.raises(RuleViolated):
        joining.split_ticket(
            ticket.pk, actor=lead, message_ids=[ticket.messages.get().pk], subject="All of it"
        )
    with pytest.raises(RuleViolated):
        joining.split_ticket(
            ticket.pk, actor=lead, message_ids=[other.messages.get().pk], subject="Foreign"
        )

    assert Ticket.objects.count() == 2


def test_unmerge_brings_the_case_back() -> None:
    lead = make_user(Role.LEAD)
    source, target = make_ticket(lead), make_ticket(lead)
    joining.merge_tickets(source.pk, target.pk, actor=lead, is_sure=True)

    joining.unmerge_ticket(source.pk, actor=lead, note="two different jackets")

    source.refresh_from_db()
    assert source.status == TicketStatus.NEW
    assert source.links_out.get().canceled_by == lead
    joining.merge_tickets(source.pk, target.pk, actor=lead, is_sure=True)


def test_foreign_order_is_refused_and_nothing_recorded() -> None:
    agent = make_user()
    from customers.models import Order, Shop  # noqa: PLC0415 -- this test only

    shop = Shop(code="shop", name="Shop", name_zh="店")
    shop.save()
    owner, caller = make_customer(agent), make_customer(agent)
    order = Order(
        shop=shop,
        external_id="A-1",
        customer=owner,
        placed_at=now(),
        currency="CNY",
        total=1,
        received_at=now(),
        updated_at=now(),
    )
    order.save()

    with pytest.raises(RuleViolated) as refusal:
        make_ticket(agent, customer=caller, order=order)

    assert refusal.value.code == "foreign_order"
    assert not Ticket.objects.exists()


def test_canceled_case_cannot_swallow_an_open_proposal() -> None:
    from tests.factories.tickets import make_proposal  # noqa: PLC0415 -- this test only

    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    make_proposal(ticket, lead)

    with pytest.raises(RuleViolated) as refusal:
        outcome.cancel_ticket(ticket.pk, actor=lead, note="withdrawn")

    assert refusal.value.code == "proposal_open"
