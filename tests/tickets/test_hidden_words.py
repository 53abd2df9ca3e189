"""Hidden words are hidden on every page that could show them, for those who may not hide."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.api.calls import Caller
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tickets import files
from tickets.models import Attachment, Message, OutboundMail, RawIntake
from tickets.services import conversation
from tickets.services.files import NewFile, add_file
from tickets.services.joining import split_ticket, unsplit_ticket
from tickets.services.opening import Words, receive_message

pytestmark = pytest.mark.django_db
CARD = "My card number is 4111"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def lead() -> User:
    return make_user(Role.LEAD)


@pytest.fixture
def agent(lead: User) -> User:
    return make_user(Role.AGENT, department=lead.department)


@pytest.fixture
def hidden(lead: User) -> Message:
    """A message with a file, hidden by the lead."""
    ticket = make_ticket(lead, body=CARD)
    message = ticket.messages.get()
    add_file(ticket.pk, NewFile("card.txt", b"4111"), actor=lead, message=message)
    return conversation.hide_message(message.pk, actor=lead, note="card number")


def test_history_of_a_hidden_message_and_its_file_is_for_those_who_may_read_it(
    hidden: Message, lead: User, agent: User
) -> None:
    file = Attachment.objects.get()
    pages = [
        f"/admin/compliance/journalentry/object/tickets.message/{hidden.pk}/",
        f"/admin/compliance/journalentry/object/tickets.attachment/{file.pk}/",
    ]

    assert [browser(agent).get(page).status_code for page in pages] == [404, 404]
    assert [browser(lead).get(page).status_code for page in pages] == [200, 200]
    conversation.show_message(hidden.pk, actor=lead, note="was no card")
    assert [browser(agent).get(page).status_code for page in pages] == [200, 200]


def test_files_of_a_hidden_message_are_not_handed_out(
    hidden: Message, lead: User, agent: User
) -> None:
    file, number = Attachment.objects.get(), hidden.ticket.number
    page = f"/admin/tickets/ticket/{number}/file/{file.pk}/"
    listed = f"/api/v1/tickets/{number}/attachments/"

    assert browser(agent).get(page).status_code == 404
    assert browser(agent).get(f"{listed}{file.pk}/").status_code == 404
    assert browser(agent).get(listed).json()["results"] == []
    assert browser(lead).get(page).content == b"4111"
    assert read(browser(lead).get(f"{listed}{file.pk}/")) == b"4111"
    assert [row["id"] for row in browser(lead).get(listed).json()["results"]] == [file.pk]


def test_history_of_the_mail_does_not_tell_what_was_hidden(lead: User, agent: User) -> None:
    ticket = make_ticket(lead)
    message = conversation.reply(ticket.pk, actor=lead, body="The code is 4711")
    mail = OutboundMail.objects.get(message=message)
    page = f"/admin/compliance/journalentry/object/tickets.outboundmail/{mail.pk}/"
    assert browser(agent).get(page).status_code == 200

    conversation.hide_message(message.pk, actor=lead, note="wrong code")

    assert browser(agent).get(page).status_code == 404
    assert browser(lead).get(page).status_code == 200


def test_raw_mail_of_a_hidden_message_is_not_found(lead: User, agent: User) -> None:
    ticket = make_ticket(lead)
    hidden = conversation.hide_message(ticket.messages.get().pk, actor=lead, note="card number")
    raw = RawIntake.objects.create(
        channel="mail", external_id="<a@b>", digest=files.put(CARD.encode()), size=9,
        ticket=ticket, message=hidden, outcome="ticket", received_at=hidden.created_at,
    )  # fmt: skip
    page = f"/admin/tickets/rawintake/{raw.pk}/change/"

    assert browser(agent).get(page).status_code == 404
    assert browser(lead).get(page).status_code == 200


def test_lost_file_is_not_found(lead: User) -> None:
    ticket = make_ticket(lead)
    file = add_file(ticket.pk, NewFile("note.txt", b"gone"), actor=lead)
    files.path_of(file.digest).unlink()

    address = f"/api/v1/tickets/{ticket.number}/attachments/{file.pk}/"

    assert browser(lead).get(address).status_code == 404


def read(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def finds(user: User, word: str) -> list[str]:
    page = Caller(user).get(f"tickets/?q={quote(word)}").json()
    return [row["number"] for row in page["results"]]


def test_hidden_words_find_nothing_until_they_come_back(lead: User, agent: User) -> None:
    ticket = make_ticket(lead, body="The sleeve is torn")
    message = conversation.note(ticket.pk, actor=lead, body="Sleeve, card xyzzy, 身份证号")

    conversation.hide_message(message.pk, actor=lead, note="card number")

    assert [finds(agent, word) for word in ("xyzzy", "身份证")] == [[], []]
    assert [finds(agent, word) for word in ("sleeve", "jacket")] == [[ticket.number]] * 2
    conversation.show_message(message.pk, actor=lead, note="was no card")
    assert [finds(agent, word) for word in ("xyzzy", "身份证")] == [[ticket.number]] * 2


def test_words_split_off_and_hidden_there_find_neither_case(lead: User, agent: User) -> None:
    ticket = make_ticket(lead, body="The sleeve is torn")
    words = Words(body="My card is xyzzy", channel="phone")
    message = receive_message(ticket.pk, words, actor=system_actor())
    part = split_ticket(ticket.pk, actor=lead, message_ids=[message.pk], subject="The card")
    assert finds(agent, "xyzzy") == [ticket.number, part.number]

    conversation.hide_message(message.pk, actor=lead, note="card number")
    assert finds(agent, "xyzzy") == []

    unsplit_ticket(part.pk, actor=lead, note="belongs together")
    assert finds(agent, "xyzzy") == []
    assert finds(agent, "sleeve") == [ticket.number]
