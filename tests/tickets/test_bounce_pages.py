"""The pages that show a mail that came back, and settle it."""

from __future__ import annotations

import pytest
from django.test import Client

from customers.services import add_contact_point
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_user
from tests.factories.tickets import deliver_mails, make_ticket
from tests.tickets.test_bounces import came_back, told
from tests.tickets.timing import MINUTE, later
from tickets.services import conversation

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="staff.backends.RoleBackend")
    return client


def test_the_outbox_shows_finds_and_settles_it() -> None:
    lead = make_user(Role.LEAD)
    ticket, letter = told(lead)
    came_back(letter)
    other, sent = told(lead)
    client, url = signed_in(lead), "/admin/tickets/outboundmail/"

    figures = client.get("/admin/").text
    listed = client.get(f"{url}?stuck=1").text
    by_status = client.get(f"{url}?status__exact=bounced").text
    page = client.get(f"{url}{letter.pk}/change/").text
    dialog = client.get(f"{url}{letter.pk}/settle/").text
    answer = client.post(
        f"{url}{letter.pk}/settle/", {"_form_submitted": "1", "note": "told on the phone"}
    )

    letter.refresh_from_db()
    assert f"{url}?stuck=1" in figures
    assert ticket.number in listed
    assert other.number not in listed
    assert ticket.number in by_status
    assert other.number not in by_status
    assert "Came back" in page
    assert "/settle/" in page
    assert 'name="note"' in dialog
    assert (answer.status_code, letter.status) == (200, "settled")
    assert "/settle/" not in client.get(f"{url}{sent.pk}/change/").text


def test_the_outbox_sends_it_to_the_address_given() -> None:
    lead = make_user(Role.LEAD)
    ticket, letter = told(lead)
    came_back(letter)
    assert ticket.customer
    add_contact_point(ticket.customer.pk, "email", "new@example.com", actor=lead)
    client, url = signed_in(lead), f"/admin/tickets/outboundmail/{letter.pk}/retry/"

    refused = client.post(
        url, {"_form_submitted": "1", "note": "told on the phone", "address": "x@example.com"}
    )
    done = client.post(
        url, {"_form_submitted": "1", "note": "told on the phone", "address": "new@example.com"}
    )

    letter.refresh_from_db()
    assert "This is no mail address of the customer" in refused.text
    assert "HX-Redirect" in done.headers
    assert (letter.status, letter.to_address) == ("queued", "new@example.com")


def test_the_case_page_says_that_its_mail_came_back() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    conversation.reply(ticket.pk, actor=lead, body="We look into it.")
    with later(MINUTE):
        deliver_mails(ticket)
    came_back(ticket.mails.get())

    page = signed_in(lead).get(f"/admin/tickets/ticket/{ticket.number}/change/").text

    assert '<span class="mail bounced">Came back</span>' in page
    assert "A mail did not arrive" in page
