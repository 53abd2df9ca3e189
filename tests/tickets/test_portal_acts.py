"""What a customer does on the status page: each act has one effect, a refusal none."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from compliance.models import AuditEvent
from staff.services import system_actor
from tests.factories.people import make_user
from tests.factories.tickets import make_proposal, make_ticket, make_ticket_in
from tests.tickets.portal_page import footprint, form_token, page_of, text_of, write
from tickets.models import Ticket
from tickets.services import proposals
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db


# Writing


def test_message_reaches_the_case_once_however_often_it_is_sent(client: Client) -> None:
    ticket = make_ticket_in(TicketStatus.PENDING)
    page, token = page_of(ticket), form_token()

    first = write(client, page, body="Here is more.", form_token=token)
    second = write(client, page, body="Here is more.", form_token=token)

    assert (first.status_code, first.url) == (302, f"{page}#conversation")
    assert second.status_code == 302
    message = ticket.messages.get(body="Here is more.")
    assert (message.kind, message.channel, message.author) == ("inbound", "portal", None)
    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.OPEN
    event = AuditEvent.objects.get(code="tickets.message_received")
    assert (event.source, event.actor_name) == ("portal", system_actor().audit_name)
    assert "We have this message already." in text_of(client.get(page))


def test_other_words_in_the_same_form_are_another_message(client: Client) -> None:
    ticket = make_ticket()
    page, token = page_of(ticket), form_token()
    write(client, page, body="It broke.", form_token=token)

    write(client, page, body="It broke. Here is how.", form_token=token)
    write(
        client,
        page,
        body="It broke.",
        form_token=token,
        uploads=[SimpleUploadedFile("a.txt", b"words")],
    )
    shown = text_of(client.get(page))

    assert ticket.messages.filter(body="It broke. Here is how.").count() == 1
    assert ticket.messages.filter(body="It broke.").count() == 2
    assert ticket.attachments.get().file_name == "a.txt"
    assert "We have this message already." not in shown


def test_two_forms_with_the_same_words_are_two_messages(client: Client) -> None:
    ticket = make_ticket()
    page = page_of(ticket)

    write(client, page, body="Hello?")
    write(client, page, body="Hello?")

    assert ticket.messages.filter(body="Hello?").count() == 2


def test_message_with_files_keeps_both_together(client: Client) -> None:
    ticket = make_ticket()
    page = page_of(ticket)
    photos = [SimpleUploadedFile(name, b"words") for name in ("a.txt", "b.txt")]

    write(client, page, body="", uploads=photos)

    message = ticket.messages.order_by("-id").first()
    assert message.body == "(Files)"
    assert [file.file_name for file in message.attachments.all()] == ["a.txt", "b.txt"]
    assert "a.txt" in text_of(client.get(page))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"body": "  "}, "Please write something or choose a file."),
        ({"body": "kept words", "form_token": "forged"}, "open for a long time"),
        ({"body": "kept words", "form_token": ""}, "open for a long time"),
        ({"body": "x" * 20_001}, "at most 20000 characters"),
    ],
)
def test_refused_message_says_why_and_changes_nothing(
    client: Client, data: dict[str, Any], problem: str
) -> None:
    page = page_of(make_ticket())
    before = footprint()

    response = write(client, page, **data)

    assert response.status_code == 422
    assert problem in text_of(response)
    assert data["body"].strip() in response.content.decode()
    assert footprint() == before


def test_old_form_keeps_its_text(client: Client) -> None:
    page = page_of(make_ticket())

    response = write(client, page, body="kept words", form_token=form_token(25 * 3600))

    assert response.status_code == 422
    assert "kept words" in response.content.decode()


def test_refused_message_stands_at_its_form_and_the_language_link_leads_back(
    client: Client,
) -> None:
    page = page_of(make_ticket())

    refused = write(client, page, body="").content.decode()

    form = refused[refused.index('id="write"') :]
    assert f'action="{page}message/#write"' in form
    assert 'role="alert">Please write something or choose a file.' in form
    assert f'class="language" href="{page}?lang=zh-hans"' in refused


def test_too_large_and_too_many_files_are_refused_whole(client: Client, settings: Any) -> None:
    page = page_of(make_ticket())
    settings.ATTACHMENT_MAX_BYTES = 10
    before = footprint()
    large = SimpleUploadedFile("big.bin", b"x" * 11)
    many = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(6)]

    too_large = write(client, page, body="look", uploads=large)
    too_many = write(client, page, body="look", uploads=many)

    assert too_large.status_code == too_many.status_code == 422
    assert "“big.bin” is too large" in text_of(too_large)
    assert "at most 5 files" in text_of(too_many)
    assert footprint() == before


def test_words_on_a_closed_case_open_the_next_one_and_lead_there(client: Client) -> None:
    ticket = make_ticket_in(TicketStatus.CLOSED)
    page = page_of(ticket)

    response = write(client, page, body="It tore again.")

    successor = Ticket.objects.exclude(pk=ticket.pk).get()
    assert response.url == page_of(successor) != page
    assert f"we opened {successor.number}" in text_of(client.get(response.url))
    old = client.get(page)
    assert f"continued in request {successor.number}" in text_of(old)
    assert response.url in old.content.decode()


# Proposals


def test_proposal_is_shown_with_amount_and_accepted(client: Client) -> None:
    lead = make_user("lead")
    ticket = make_ticket(lead)
    proposal = make_proposal(ticket, lead)
    page = page_of(ticket)

    text = text_of(client.get(page))
    answer = client.post(f"{page}proposals/{proposal.pk}/", {"answer": "accept", "note": "fine"})

    assert "99.00 CNY" in text
    assert "We refund the jacket." in text
    assert answer.url == page
    proposal.refresh_from_db()
    assert (proposal.status, proposal.answered_via) == ("accepted", "portal")
    assert proposal.answer_note == "fine"
    assert "You accepted on" in text_of(client.get(page))


def test_proposal_answered_twice_is_answered_once(client: Client) -> None:
    lead = make_user("lead")
    ticket = make_ticket(lead)
    proposal = make_proposal(ticket, lead)
    answer = f"{page_of(ticket)}proposals/{proposal.pk}/"
    client.post(answer, {"answer": "decline"})
    before = footprint()

    same = client.post(answer, {"answer": "decline"}, follow=True)
    other = client.post(answer, {"answer": "accept"}, follow=True)

    assert "We have your answer already." in text_of(same)
    assert "This proposal is no longer open." in text_of(other)
    assert footprint() == before
    proposal.refresh_from_db()
    assert proposal.status == "declined"


def test_proposal_of_another_case_cannot_be_answered(client: Client) -> None:
    lead = make_user("lead")
    proposal = make_proposal(make_ticket(lead), lead)
    page = page_of(make_ticket(lead))
    before = footprint()

    response = client.post(f"{page}proposals/{proposal.pk}/", {"answer": "accept"})

    assert response.status_code == 404
    assert footprint() == before


def test_withdrawn_proposal_is_not_shown(client: Client) -> None:
    lead = make_user("lead")
    ticket = make_ticket(lead)
    proposal = make_proposal(ticket, lead)
    proposals.withdraw_proposal(proposal.pk, actor=lead, note="typed the wrong amount")

    assert "99.00" not in text_of(client.get(page_of(ticket)))
    mail = ticket.mails.get(purpose="withdrawal")
    assert mail.subject == f"Our proposal for your request {ticket.number} no longer stands"
    assert "99.00 CNY" in mail.body
    assert "typed the wrong amount" not in mail.body


def test_answer_without_a_choice_changes_nothing(client: Client) -> None:
    lead = make_user("lead")
    ticket = make_ticket(lead)
    proposal = make_proposal(ticket, lead)
    page = page_of(ticket)
    before = footprint()

    response = client.post(f"{page}proposals/{proposal.pk}/", {"answer": "maybe"}, follow=True)

    assert "Please choose whether you accept." in text_of(response)
    assert footprint() == before


# Urging, rating, being left alone


def test_urging_counts_once_in_four_hours(client: Client) -> None:
    ticket = make_ticket()
    page = page_of(ticket)

    first = client.post(f"{page}urge/", follow=True)
    before = footprint()
    second = client.post(f"{page}urge/", follow=True)

    assert "Understood, it is urgent." in text_of(first)
    assert "press again in a few hours" in text_of(second)
    assert footprint() == before
    ticket.refresh_from_db()
    assert (ticket.urged_count, ticket.priority) == (1, "high")


def test_rating_is_taken_once_after_the_result(client: Client) -> None:
    ticket = make_ticket_in(TicketStatus.RESOLVED)
    page = page_of(ticket)
    data = {"score": "4", "comment": "quick"}

    offered = text_of(client.get(page))
    client.post(f"{page}rate/", data)
    before = footprint()
    again = client.post(f"{page}rate/", {"score": "1"}, follow=True)

    assert "How did we do?" in offered
    rating = ticket.ratings.get()
    assert (rating.score, rating.comment, rating.status) == (4, "quick", "answered")
    assert "We have your rating already" in text_of(again)
    assert "You rated us 4 of 5." in text_of(again)
    assert "How did we do?" not in text_of(again)
    assert footprint() == before


@pytest.mark.parametrize("score", ["", "0", "6", "five", "4.5"])
def test_rating_outside_one_to_five_is_refused(client: Client, score: str) -> None:
    page = page_of(make_ticket_in(TicketStatus.RESOLVED))
    before = footprint()

    response = client.post(f"{page}rate/", {"score": score}, follow=True)

    assert "Please choose 1 to 5." in text_of(response)
    assert footprint() == before


def test_rating_before_the_result_is_refused(client: Client) -> None:
    ticket = make_ticket()
    page = page_of(ticket)
    before = footprint()

    client.post(f"{page}rate/", {"score": "5"})

    assert not ticket.ratings.exists()
    assert footprint() == before


def test_opting_out_of_surveys_lasts(client: Client) -> None:
    ticket = make_ticket()
    page = page_of(ticket)

    client.post(f"{page}no-surveys/")
    client.post(f"{page}no-surveys/")

    ticket.customer.refresh_from_db()
    assert not ticket.customer.wants_surveys
    assert AuditEvent.objects.filter(code="customers.survey_opt_out").count() == 1
    assert "Do not ask me for ratings" not in text_of(client.get(page))
