"""The status page: what it shows, what it never shows, which links open nothing."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftersales.kernel.clock import now
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket, make_ticket_in
from tests.tickets.portal_page import footprint, form_token, page_of, text_of, write
from tickets.links import link_token
from tickets.models import StatusLink, TicketLink
from tickets.services import conversation, joining, status_links
from tickets.services.files import NewFile, add_file
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db


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


def test_page_leaves_out_the_steps_that_were_passed_over(client: Client) -> None:
    ticket = make_ticket_in(TicketStatus.CLOSED)

    text = text_of(client.get(page_of(ticket)))

    for words in ("Received", "Checked what happened", "Settled"):
        assert words in text
    for words in ("You agreed", "Your answer", "Carried out", "Solution proposed"):
        assert words not in text


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


def test_abuse_59_internal_hidden_and_foreign_files_do_not_exist_for_the_customer(
    client: Client,
) -> None:
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
