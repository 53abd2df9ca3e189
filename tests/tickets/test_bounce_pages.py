"""The pages that show a mail that came back, and settle it."""

from __future__ import annotations

import pytest
from django.test import Client

from compliance.models import AuditEvent
from customers.services import add_contact_point, merge_customers
from staff.models import User
from staff.roles import Role
from tests.api.calls import Caller
from tests.factories.people import make_department, make_user
from tests.factories.tickets import deliver_mails, make_customer, make_ticket
from tests.tickets.case_page import do
from tests.tickets.test_bounces import came_back, told
from tests.tickets.timing import MINUTE, later
from tickets.models import OutboundMail, Ticket
from tickets.services import conversation
from tickets.services.shared import mail_address

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
    add_contact_point(ticket.customer.pk, "email", "new@example.com", actor=lead, note="by phone")
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


NEW = {"channel": "email", "address": "New@Example.com", "is_verified": "on"}


def unanswered(agent: User) -> tuple[Ticket, OutboundMail]:
    """An answer of the agent that came back."""
    ticket = make_ticket(agent)
    conversation.reply(ticket.pk, actor=agent, body="We look into it.")
    with later(MINUTE):
        deliver_mails(ticket)
    return ticket, came_back(ticket.mails.get())


def test_an_agent_notes_the_right_address_on_the_case_and_sends_again() -> None:
    agent = make_user()
    ticket, letter = unanswered(agent)
    assert ticket.customer
    page = signed_in(agent).get(f"/admin/tickets/ticket/{ticket.number}/change/").text

    noted = do(agent, ticket, "contact-add", **NEW, note="said on the phone")

    point = ticket.customer.contact_points.latest("pk")
    event = AuditEvent.objects.get(code="customers.contact_added")
    form = signed_in(agent).get(
        f"/admin/tickets/ticket/{ticket.number}/do/mail-again/?row={letter.pk}"
    )
    sent = do(agent, ticket, "mail-again", row=letter.pk, point=point.pk, note="again")
    letter.refresh_from_db()
    assert (noted.status_code, sent.status_code) == (302, 302)
    assert (point.address, point.is_verified) == ("new@example.com", True)
    assert (event.case_id, event.note) == (ticket.pk, "said on the phone")
    assert f'<option value="{point.pk}" selected>{point.masked}</option>' in form.text
    assert "new@example.com" not in form.text
    assert (letter.status, letter.to_address) == ("queued", "new@example.com")
    assert mail_address(ticket) == "new@example.com"
    for code in ("contact-add", "mail-again", "mail-settle"):
        assert f'data-verb="{code}"' in page


def test_an_agent_settles_the_mail_of_a_case_in_sight_only() -> None:
    agent = make_user()
    ticket, letter = unanswered(agent)
    stranger = make_user(department=make_department("logistics", kind="logistics"))

    refused = do(stranger, ticket, "mail-settle", row=letter.pk, note="told on the phone")
    elsewhere = do(agent, make_ticket(agent), "mail-settle", row=letter.pk, note="told by phone")
    letter.refresh_from_db()
    assert (refused.status_code, elsewhere.status_code, letter.status) == (404, 404, "bounced")
    settled = do(agent, ticket, "mail-settle", row=letter.pk, note="told on the phone")

    letter.refresh_from_db()
    assert (settled.status_code, letter.status) == (302, "settled")


def test_addresses_offered_are_the_persons_own_the_confirmed_first() -> None:
    lead = make_user(Role.LEAD)
    ticket, letter = unanswered(lead)
    assert ticket.customer
    record, stranger = make_customer(), make_customer()
    merge_customers(record.pk, ticket.customer.pk, actor=lead)
    add_contact_point(
        ticket.customer.pk, "email", "b@example.com", actor=lead, note="said", is_verified=True
    )
    add_contact_point(ticket.customer.pk, "email", "c@example.com", actor=lead, note="said")

    url = f"/admin/tickets/ticket/{ticket.number}/do/mail-again/?row={letter.pk}"
    offered = signed_in(lead).get(url).context["form"]["point"].field.queryset

    (old,) = ticket.customer.contact_points.filter(pk__lt=record.contact_points.get().pk)
    addresses = [point.address for point in offered]
    assert addresses[:2] == ["b@example.com", "c@example.com"]
    assert addresses[2:] == [record.contact_points.get().address, old.address]
    foreign = do(lead, ticket, "mail-again", row=letter.pk, point=stranger.contact_points.get().pk)
    letter.refresh_from_db()
    assert (foreign.status_code, letter.status) == (422, "bounced")


def test_an_agent_notes_an_address_on_the_customers_page() -> None:
    agent = make_user()
    customer = make_customer(agent)
    url = f"/admin/customers/customer/{customer.pk}/"

    page = signed_in(agent).get(f"{url}change/").text
    refused = signed_in(agent).post(f"{url}add_address/", NEW | {"_form_submitted": "1"})
    done = signed_in(agent).post(
        f"{url}add_address/", NEW | {"_form_submitted": "1", "note": "said on the phone"}
    )

    point = customer.contact_points.latest("pk")
    assert "/add_address/" in page
    assert "HX-Redirect" not in refused.headers
    assert "HX-Redirect" in done.headers
    assert (point.address, point.is_verified) == ("new@example.com", True)
    assert "/add_address/" not in signed_in(make_user(Role.AUDITOR)).get(f"{url}change/").text


def test_the_api_notes_an_address_and_answers_masked() -> None:
    agent = make_user()
    customer = make_customer(agent)
    told = {"channel": "phone", "address": "138 1234 5678", "note": "said on the phone"}

    answer = Caller(agent).post(f"customers/{customer.pk}/contact-points/", told)
    again = Caller(agent).post(f"customers/{customer.pk}/contact-points/", told)

    expected = {"channel": "phone", "address": "138****5678", "is_verified": False}
    assert (answer.status_code, answer.json()) == (201, expected)
    assert again.status_code == 409
    assert customer.contact_points.count() == 2
