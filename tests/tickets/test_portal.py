"""The status page: what it shows, what it never shows, and that each act has one effect."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ

from aftersales.kernel.clock import now
from compliance.models import AuditEvent, JournalEntry
from staff.services import system_actor
from tests.factories.people import make_user
from tests.factories.tickets import make_proposal, make_ticket, make_ticket_in
from tickets.links import link_token
from tickets.models import Message, StatusLink, Ticket, TicketLink
from tickets.portal.form_tokens import SALT
from tickets.services import conversation, joining, proposals, status_links
from tickets.services.files import NewFile, add_file
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db


def page_of(ticket: Ticket) -> str:
    return urlsplit(status_links.ensure_status_link(ticket, actor=system_actor())).path


def form_token(seconds_ago: int = 10) -> str:
    return signing.dumps([uuid.uuid4().hex, int(now().timestamp()) - seconds_ago], salt=SALT)


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def footprint() -> tuple[int, int, int, int]:
    """What a refusal must leave alone."""
    return (
        AuditEvent.objects.count(),
        JournalEntry.objects.count(),
        OrmQ.objects.count(),
        Message.objects.count(),
    )


# What the page shows


def test_page_shows_progress_promise_and_conversation(client: Client) -> None:
    ticket = make_ticket(channel="web")

    text = text_of(client.get(page_of(ticket)))

    assert ticket.number in text
    assert "Jacket arrived torn" in text
    assert "We have received your request" in text
    assert "You will have an answer by" in text
    assert "The left sleeve of the jacket is torn." in text
    assert "Received" in text
    assert "Routed" not in text


def test_page_hides_notes_hidden_undone_and_not_yet_effective_messages(client: Client) -> None:
    lead = make_user("lead")
    ticket = make_ticket(lead)
    conversation.note(ticket.pk, actor=lead, body="secret note")
    hidden = conversation.reply(ticket.pk, actor=lead, body="hidden answer")
    conversation.hide_message(hidden.pk, actor=lead, note="wrong customer")
    undone = conversation.reply(ticket.pk, actor=lead, body="undone answer")
    conversation.undo_reply(undone.pk, actor=lead)
    conversation.reply(ticket.pk, actor=lead, body="fresh answer")
    page = page_of(ticket)

    before = text_of(client.get(page))
    with time_machine.travel(now() + timedelta(seconds=60), tick=False):
        after = text_of(client.get(page))

    assert "fresh answer" not in before
    assert "fresh answer" in after
    for secret in ("secret note", "hidden answer", "undone answer"):
        assert secret not in before + after


def test_page_never_names_the_staff(client: Client) -> None:
    lead = make_user("lead", display_name="Wang Internal")
    ticket = make_ticket(lead)
    conversation.reply(ticket.pk, actor=lead, body="We look into it.")

    with time_machine.travel(now() + timedelta(seconds=60), tick=False):
        text = text_of(client.get(page_of(ticket)))

    assert "We look into it." in text
    assert "Wang Internal" not in text


def test_page_escapes_what_people_write(client: Client) -> None:
    ticket = make_ticket(body="<script>alert(1)</script>", subject="<b>bold</b>")

    html = client.get(page_of(ticket)).content.decode()

    assert "<script>" not in html
    assert "<b>bold</b>" not in html
    assert "&lt;script&gt;" in html


def test_page_costs_the_same_for_one_and_for_three_messages(client: Client) -> None:
    lead = make_user("lead")
    ticket = make_ticket(lead)
    page = page_of(ticket)

    with CaptureQueriesContext(connection) as one:
        client.get(page)
    for word in ("first", "second"):
        message = conversation.reply(ticket.pk, actor=lead, body=word)
        add_file(ticket.pk, NewFile("a.txt", b"words"), actor=lead, message=message)
    with (
        time_machine.travel(now() + timedelta(seconds=60), tick=False),
        CaptureQueriesContext(connection) as three,
    ):
        client.get(page)

    assert len(one) == len(three) <= 15


def test_headers_keep_the_page_private(client: Client) -> None:
    response = client.get(page_of(make_ticket()))

    assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cache-Control"] == "no-store, private"
    assert "script-src" not in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_page_speaks_the_language_of_the_case(client: Client, language: str) -> None:
    page = page_of(make_ticket(language=language))

    response = client.get(page, headers={"accept-language": "fr"})

    assert response["Content-Language"] == language
    assert f'<html lang="{language}">' in response.content.decode()


def test_page_language_can_be_chosen_and_is_remembered(client: Client) -> None:
    page = page_of(make_ticket(language="zh-hans"))

    assert client.get(f"{page}?lang=en")["Content-Language"] == "en"
    assert client.get(page)["Content-Language"] == "en"


# Links that open nothing


def test_every_bad_link_gets_the_same_answer(client: Client) -> None:
    lead = make_user("lead")
    expired, revoked, deleted = make_ticket(lead), make_ticket(lead), make_ticket(lead)
    pages = [page_of(expired), page_of(revoked)]
    StatusLink.objects.filter(ticket=expired).update(expires_at=now() - timedelta(seconds=1))
    status_links.revoke_status_links(revoked.pk, actor=lead, note="sent to the wrong person")
    good = page_of(deleted)
    pages += [
        f"/s/{link_token(uuid.uuid4())}/",
        good[:-3] + ("AA/" if good[-3:] != "AA/" else "BB/"),
        "/s/nonsense/",
        f"/s/{deleted.pk}/",
        f"/s/{deleted.number}/",
        f"/s/{StatusLink.objects.get(ticket=deleted).public_id.hex}/",
    ]

    answers = {page: client.get(page) for page in pages}

    assert {response.status_code for response in answers.values()} == {404}
    bodies = {response.content for response in answers.values()}
    assert len(bodies) == 1
    text = text_of(answers[pages[0]])
    assert "How to get a new link" in text
    assert "T-0" not in text
    assert answers[pages[0]]["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("act", ["message/", "urge/", "rate/", "no-surveys/", "proposals/1/"])
def test_bad_link_does_nothing(client: Client, act: str) -> None:
    ticket = make_ticket_in(TicketStatus.RESOLVED)
    page = page_of(ticket)
    StatusLink.objects.update(revoked_at=now())
    before = footprint()

    response = client.post(page + act, {"body": "hi", "score": 5, "form_token": form_token()})

    assert response.status_code == 404
    assert footprint() == before


@pytest.mark.parametrize("act", ["message/", "urge/", "rate/", "no-surveys/", "proposals/1/"])
def test_acts_need_a_post_with_token(act: str) -> None:
    client = Client(enforce_csrf_checks=True)
    page = page_of(make_ticket())
    before = footprint()

    assert client.get(page + act).status_code == 405
    assert client.post(page + act, {"body": "hi"}).status_code == 403
    assert footprint() == before


def test_too_many_requests_are_asked_to_wait(client: Client) -> None:
    page = page_of(make_ticket())

    codes = [client.post(f"{page}urge/").status_code for _ in range(21)]

    assert codes == [302] * 20 + [429]


# Writing


def write(client: Client, page: str, **data: Any) -> Any:
    return client.post(f"{page}message/", {"form_token": form_token(), **data})


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


# Files and merged cases


def test_files_come_as_downloads_whatever_they_are(client: Client) -> None:
    lead = make_user("lead")
    ticket = make_ticket(lead)
    content = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    file = add_file(ticket.pk, NewFile("照片.svg", content), actor=lead)

    response = client.get(f"{page_of(ticket)}files/{file.pk}/")

    assert response.content == content
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"{page_of(ticket)}files/{file.pk}/small/").status_code == 404


def test_internal_hidden_and_foreign_files_do_not_exist_for_the_customer(client: Client) -> None:
    lead = make_user("lead")
    ticket, other = make_ticket(lead), make_ticket(lead)
    hidden = conversation.reply(ticket.pk, actor=lead, body="look at this")
    note = conversation.note(ticket.pk, actor=lead, body="for us")
    kept = [
        add_file(ticket.pk, NewFile("a.txt", b"a"), actor=lead, is_internal=True),
        add_file(ticket.pk, NewFile("b.txt", b"b"), actor=lead, message=hidden),
        add_file(ticket.pk, NewFile("c.txt", b"c"), actor=lead, message=note),
        add_file(other.pk, NewFile("d.txt", b"d"), actor=lead),
    ]
    page = page_of(ticket)
    with time_machine.travel(now() + timedelta(seconds=60), tick=False):
        assert client.get(f"{page}files/{kept[1].pk}/").status_code == 200
        conversation.hide_message(hidden.pk, actor=lead, note="wrong photo")

        codes = {client.get(f"{page}files/{file.pk}/").status_code for file in kept}
        text = text_of(client.get(page))

    assert codes == {404}
    assert not any(file.file_name in text for file in kept)


def test_link_of_a_merged_case_opens_the_one_that_goes_on(client: Client) -> None:
    lead = make_user("lead")
    target = make_ticket(lead, subject="The first")
    source = make_ticket(lead, subject="The same again", customer=target.customer)
    page = page_of(source)
    joining.merge_tickets(source.pk, target.pk, actor=lead, note="same jacket")

    text = text_of(client.get(page))
    write(client, page, body="More words.")

    assert target.number in text
    assert target.messages.filter(body="More words.").exists()


def test_link_never_opens_another_customers_case(client: Client) -> None:
    lead = make_user("lead")
    target, source = make_ticket(lead, subject="Somebody else's"), make_ticket(lead)
    page = page_of(source)
    link: dict[str, Any] = {"kind": "merged", "ticket": source, "target": target}
    TicketLink(**link, created_by=lead, created_at=now()).save()

    assert "Somebody else's" not in text_of(client.get(page))


def test_page_works_without_a_session(client: Client) -> None:
    client.get(page_of(make_ticket()))

    assert settings.SESSION_COOKIE_NAME not in client.cookies
