"""What the case page shows, to whom, at what cost, and that no words of others run in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from aftersales.kernel.context import Source, entering
from customers.services import identify_customer
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.customers import make_order
from tests.factories.people import make_department, make_user
from tests.factories.tickets import (
    deliver_mails,
    make_customer,
    make_investigation,
    make_proposal,
    make_ticket,
    make_ticket_in,
)
from tests.tickets.case_page import address, page_of, shown, signed_in
from tickets.models import Mention, Ticket
from tickets.services import (
    conversation,
    files,
    follow_ups,
    handling,
    investigation,
    joining,
    proposals,
)
from tickets.services.disclosing import disclose_case
from tickets.services.opening import Words, receive_message
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db

MOST_QUERIES = 15
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def unstyled(page: str) -> str:
    return " ".join(strip_tags(page).split())


def fill(ticket: Ticket, actor: User, times: int) -> None:
    """Some of everything a case can carry."""
    for number in range(times):
        note = conversation.note(ticket.pk, actor=actor, body=f"Note {number}")
        receive_message(
            ticket.pk, Words(body=f"Word {number}", channel="mail"), actor=system_actor()
        )
        files.add_file(
            ticket.pk,
            files.NewFile(f"trace {number}.txt", b"trace"),
            actor=actor,
            message=note,
        )
        found = make_investigation(ticket, actor)
        for _ in range(times):
            investigation.add_evidence(found.pk, actor=actor, kind="record", text="Seen")
        investigation.drop_investigation(found.pk, actor=actor, note="starts anew")
        offer = make_proposal(ticket, actor)
        proposals.withdraw_proposal(offer.pk, actor=actor, note="another one")
        follow_ups.plan_follow_up(
            ticket.pk,
            actor=actor,
            kind="care",
            text=f"Ask {number}",
            due_at=timezone.now() + timedelta(days=1),
        )
        handling.watch(ticket.pk, actor=actor, user=make_user())
        joining.link_tickets(
            ticket.pk, make_ticket(actor, customer=ticket.customer).pk, actor=actor, kind="related"
        )
        merged = make_ticket(actor, customer=ticket.customer)
        joining.merge_tickets(merged.pk, ticket.pk, actor=actor, is_sure=True)
        conversation.save_draft(ticket.pk, actor=actor, kind="outbound", body="Dear")


def cost(user: User, ticket: Ticket) -> int:
    client = signed_in(user)
    client.get(page_of(ticket))
    with CaptureQueriesContext(connection) as queries:
        response = client.get(page_of(ticket))
    assert response.status_code == 200
    return len(queries)


@pytest.mark.parametrize("role", [Role.LEAD, Role.AGENT, Role.AUDITOR])
def test_page_costs_the_same_with_one_and_with_three_of_everything(role: str) -> None:
    lead = make_user(Role.LEAD)
    reader = make_user(role)
    order = make_order()
    one = make_ticket(lead, order=order, customer=order.customer)
    three = make_ticket(lead, order=order, customer=order.customer)
    fill(one, lead, 1)
    fill(three, lead, 3)

    assert cost(reader, one) == cost(reader, three)
    assert cost(reader, three) <= MOST_QUERIES


def test_opening_the_page_answers_a_call_by_name_once() -> None:
    agent, colleague = make_user(), make_user()
    ticket = make_ticket(agent)
    conversation.note(ticket.pk, actor=agent, body=f"@{colleague.username} please look")

    shown(colleague, ticket)

    assert Mention.objects.get(user=colleague).seen_at is not None


def test_page_is_found_by_number_only() -> None:
    agent = make_user()
    ticket = make_ticket(agent)

    response = signed_in(agent).get(f"/admin/tickets/ticket/{ticket.pk}/change/")

    assert response.status_code == 404


def test_page_of_another_department_is_not_found() -> None:
    ticket = make_ticket()

    stranger = make_user(Role.LEAD, department=make_department("other"))

    assert signed_in(stranger).get(page_of(ticket)).status_code == 404


def test_auditor_reads_everything_and_finds_no_button() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    make_investigation(ticket, lead)
    make_proposal(ticket, lead)

    page = shown(make_user(Role.AUDITOR), ticket)

    assert "The left sleeve of the jacket is torn." in page
    assert "/do/" not in page
    assert "data-presence" not in page
    assert "personal-data" not in page
    assert 'class="composer"' not in page


def test_warehouse_writes_notes_but_does_not_answer() -> None:
    warehouse = make_department("warehouse", kind="warehouse")
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    helper = make_user(Role.WAREHOUSE, department=warehouse)
    handling.watch(ticket.pk, actor=lead, user=helper)

    page = shown(helper, ticket)

    assert 'id="tab-note"' in page
    assert 'id="tab-reply"' not in page
    assert "do/investigate/" in page
    assert "do/assess/" not in page


def test_contact_of_the_customer_is_masked() -> None:
    agent = make_user()
    customer = make_customer(agent, email="maria@example.com", name="Maria Schmidt")

    page = shown(agent, make_ticket(agent, customer=customer))

    assert "m***@example.com" in page
    assert "maria@example.com" not in page
    assert "Schmidt" not in page


def test_what_customers_and_colleagues_write_is_shown_as_text() -> None:
    lead = make_user(Role.LEAD, display_name=EVIL[:80])
    customer = make_customer(lead, name=EVIL)
    ticket = make_ticket(lead, subject=EVIL, body=EVIL, customer=customer, author_name=EVIL)
    receive_message(
        ticket.pk,
        Words(body=EVIL, channel="mail", quoted=EVIL, author_name=EVIL),
        actor=system_actor(),
    )
    conversation.note(ticket.pk, actor=lead, body=EVIL)
    conversation.save_draft(ticket.pk, actor=lead, kind="outbound", body="</textarea>" + EVIL)
    files.add_file(ticket.pk, files.NewFile(EVIL + ".txt", b"x"), actor=lead)
    found = make_investigation(ticket, lead)
    investigation.add_evidence(found.pk, actor=lead, kind="record", text=EVIL)
    handling.watch(ticket.pk, actor=lead, user=lead)

    page = shown(lead, ticket)

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_hidden_message_shows_its_reason_to_those_who_may_hide() -> None:
    lead, agent = make_user(Role.LEAD), make_user()
    ticket = make_ticket(lead, body="My card number is 4111-1111")
    conversation.hide_message(ticket.messages.get().pk, actor=lead, note="card number")

    assert "hidden because “card number”" in shown(lead, ticket)
    assert "hidden because “card number”" in shown(make_user(Role.AUDITOR), ticket)
    assert "A message is hidden." in shown(agent, ticket)
    assert "4111-1111" not in shown(agent, ticket)


def test_words_of_a_merged_case_stand_among_the_others_with_its_number() -> None:
    lead = make_user(Role.LEAD)
    with time_machine.travel("2026-03-01T08:00:00Z", tick=False):
        ticket = make_ticket(lead, body="First words")
    with time_machine.travel("2026-03-01T09:00:00Z", tick=False):
        other = make_ticket(lead, body="Second words")
    with time_machine.travel("2026-03-01T10:00:00Z", tick=False):
        receive_message(ticket.pk, Words(body="Third words", channel="mail"), actor=system_actor())
        joining.merge_tickets(other.pk, ticket.pk, actor=lead, is_sure=True)

    page = shown(lead, ticket)

    places = [page.index(words) for words in ("First words", "Second words", "Third words")]
    assert places == sorted(places)
    assert f"Phone · {other.number}" in page
    assert f"Continue in {ticket.number}" in shown(lead, other)


def test_what_the_customer_did_on_the_status_page_is_told_as_the_customers_deed() -> None:
    agent = make_user(display_name="Ann")
    ticket = make_ticket(agent)
    offer = make_proposal(ticket, agent)
    with entering(Source.PORTAL):
        proposals.accept_proposal(offer.pk, actor=system_actor())

    page = shown(agent, ticket)

    assert "Proposal accepted · Customer" in unstyled(page)
    assert "Remedy proposed · Ann" in unstyled(page)


def test_quoted_text_is_folded() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    words = Words(body="Thanks, but", channel="mail", quoted="> You wrote")
    receive_message(ticket.pk, words, actor=system_actor())

    assert '<details class="quoted">' in shown(agent, ticket)


def test_answer_taken_back_is_not_in_the_conversation() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    message = conversation.reply(ticket.pk, actor=agent, body="Oops, wrong window")
    conversation.undo_reply(message.pk, actor=agent)

    page = shown(agent, ticket)

    assert page.count("Oops, wrong window") == 1  # the draft
    assert "Answer recalled" in page


NEXT = {
    "new": "Acknowledge",
    "pending": "Waiting for the customer",
    "on_hold": "Waiting for others",
    "closed": "Closed",
    "canceled": "Canceled",
}


@pytest.mark.parametrize(("status", "title"), NEXT.items())
def test_next_says_what_to_do_in_each_status(status: str, title: str) -> None:
    lead = make_user(Role.LEAD)

    page = shown(lead, make_ticket_in(status, lead))

    assert f'<p class="next-title">{title}</p>' in page


def title_of(user: User, ticket: Ticket) -> str:
    return shown(user, ticket).split('class="next-title">')[1].split("<")[0]


def test_next_follows_the_loop() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    titles = [title_of(lead, ticket)]

    def then(done: object) -> None:
        titles.append(title_of(lead, ticket))

    then(handling.acknowledge(ticket.pk, actor=lead))
    then(handling.assess(ticket.pk, handling.Assessment(priority="high"), actor=lead))
    then(handling.assign(ticket.pk, actor=lead, assignee=lead))
    found = make_investigation(ticket, lead)
    then(found)
    then(investigation.add_evidence(found.pk, actor=lead, kind="record", text="Knife"))
    then(
        investigation.conclude_investigation(
            found.pk, actor=lead, findings="Cut", root_cause="Knife", responsible_party="warehouse"
        )
    )
    offer = make_proposal(ticket, lead)
    then(offer)
    then(proposals.accept_proposal(offer.pk, actor=lead))
    then(proposals.carry_out_proposal(offer.pk, actor=lead, note="bank 4711"))
    signed_in(lead).post(address(ticket, "do/result"), {"body": "Done", "resolve": "on"})
    deliver_mails(ticket)
    then(ticket)

    assert titles == [
        "Acknowledge",
        "Assess the case",
        "Give it to somebody",
        "Find out what happened",
        "Collect evidence",
        "Conclude the investigation",
        "Propose a remedy",
        "Wait for the answer",
        "Carry it out",
        "Tell the result",
        "Close the case",
    ]


def test_reasons_against_closing_are_named() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket_in("resolved", lead)
    follow_ups.plan_follow_up(
        ticket.pk,
        actor=lead,
        kind="care",
        text="Ask how it fits",
        due_at=timezone.now() + timedelta(days=1),
    )

    page = shown(lead, ticket)

    assert "Why can’t I close this?" in page
    assert "Do or cancel the planned follow-ups." in page
    assert "do/close/" not in page


def test_page_has_no_inline_script_or_style_of_ours() -> None:
    agent = make_user()
    page = shown(agent, make_ticket(agent))
    ours = page.split('id="case"')[1].split('id="desk-keys"')[0]

    assert "<script" not in ours
    assert "style=" not in ours
    assert "onclick" not in ours


def test_page_reads_in_chinese() -> None:
    agent = make_user()
    ticket = make_ticket(agent, subject="夹克破了", body="袖子撕裂了", language="zh-hans")

    page = signed_in(agent).get(page_of(ticket) + "?lang=zh-hans").content.decode()

    assert 'lang="zh-hans"' in page
    assert "袖子撕裂了" in page


@pytest.mark.parametrize(("channel", "hints"), [("phone", 3), ("email", 0)])
def test_composer_says_before_that_nothing_leaves_without_a_mail_address(
    channel: str, hints: int
) -> None:
    agent = make_user()
    known = {"phone": "13812345678", "email": "wang@example.cn"}[channel]
    customer = identify_customer(channel, known, actor=agent, name="Wang")
    ticket = make_ticket(agent, customer=customer)

    page = shown(agent, ticket)

    # In the tabs of answer, proposal and result; a note and a follow-up are ours anyway.
    assert page.count("This customer has no mail address") == hints


def test_what_a_case_waits_for_is_not_what_somebody_looked_at_it_for() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    handling.wait(ticket.pk, actor=agent, status=TicketStatus.ON_HOLD, note="the carrier calls")
    disclose_case(ticket.pk, actor=agent, note="who is this caller")

    page = shown(agent, ticket)

    assert '<p class="next-why">the carrier calls</p>' in page
