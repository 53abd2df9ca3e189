"""The public web form: one case each, nothing proven is assumed, nothing known is revealed."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail, signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_q.models import OrmQ

from aftersales.kernel.clock import now
from compliance.models import AuditEvent, JournalEntry
from customers.models import Customer, Order, Shop
from staff.services import system_actor
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_customer
from tickets.models import Message, RawIntake, Ticket
from tickets.portal.form_tokens import SALT

pytestmark = pytest.mark.django_db

RunJobs = Callable[[], list[str]]


@pytest.fixture(autouse=True)
def desk() -> None:
    make_department()


def form_token(seconds_ago: int = 30) -> str:
    return signing.dumps([uuid.uuid4().hex, int(now().timestamp()) - seconds_ago], salt=SALT)


def send(client: Client, path: str = "/contact/?lang=en", **changes: Any) -> Any:
    data = {
        "name": "Li Wei",
        "email": "li.wei@example.com",
        "phone": "",
        "order_number": "",
        "kind": "complaint",
        "subject": "Torn jacket",
        "body": "The jacket arrived torn.",
        "website": "",
        "form_token": form_token(),
    }
    return client.post(path, data | changes)


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def footprint() -> tuple[int, ...]:
    rows = (AuditEvent, JournalEntry, OrmQ, RawIntake, Ticket, Customer)
    return tuple(model.objects.count() for model in rows)


def make_shop(code: str = "north", **overrides: Any) -> Shop:
    values = {"name": "North Jackets", "name_zh": "北方夹克"} | overrides
    shop = Shop(code=code, **values)
    shop.save()
    return shop


def make_order(customer: Customer, number: str = "A-1001") -> Order:
    shop = Shop.objects.filter(code="north").first() or make_shop()
    moment = now()
    order = Order(
        shop=shop,
        external_id=number,
        customer=customer,
        placed_at=moment,
        currency="CNY",
        total=99,
        received_at=moment,
        updated_at=moment,
    )
    order.save()
    return order


def test_form_opens_a_case_and_the_link_comes_by_mail(client: Client, run_jobs: RunJobs) -> None:
    response = send(client)
    thanks = client.get(response.url)
    run_jobs()

    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.kind, ticket.subject) == ("web", "complaint", "Torn jacket")
    assert ticket.customer.name == "Li Wei"
    assert ticket.created_by == system_actor()
    assert ticket.number in text_of(thanks)
    assert "/s/" not in thanks.content.decode()
    (letter,) = mail.outbox
    assert letter.to == ["li.wei@example.com"]
    assert "/s/" in letter.body
    assert "torn" not in letter.body.lower()


def test_form_sent_twice_is_one_case_and_one_answer(client: Client, run_jobs: RunJobs) -> None:
    token = form_token()

    first = send(client, form_token=token)
    second = send(client, form_token=token)
    run_jobs()

    number = Ticket.objects.get().number
    assert number in text_of(client.get(first.url))
    assert number in text_of(client.get(second.url))
    assert Message.objects.filter(kind="inbound").count() == 1
    assert len(mail.outbox) == 1


def test_other_words_in_the_same_form_are_another_request(client: Client) -> None:
    token = form_token()

    first = send(client, form_token=token)
    second = send(client, form_token=token, body="The jacket arrived torn and wet.")
    again = send(client, form_token=token, body="The jacket arrived torn and wet.")

    torn, wet = Ticket.objects.order_by("pk")
    assert wet.messages.get(kind="inbound").body == "The jacket arrived torn and wet."
    assert torn.number in text_of(client.get(first.url))
    assert wet.number in text_of(client.get(second.url))
    assert wet.number in text_of(client.get(again.url))


def test_new_phone_number_gets_the_link_at_once(client: Client) -> None:
    response = send(client, email="", phone="138 1234 5678")

    page = client.get(response.url).content.decode()
    (link,) = re.findall(r'href="(/s/[^"]+)"', page)
    assert Ticket.objects.get().number in text_of(client.get(link))


def test_abuse_59_known_phone_number_gets_no_link(client: Client) -> None:
    owner = make_customer()
    owner.contact_points.create(channel="phone", address="13812345678")

    response = send(client, email="", phone="+86 138 1234 5678")

    assert Ticket.objects.get().customer == owner
    assert "/s/" not in client.get(response.url).content.decode()


def test_own_order_is_linked(client: Client) -> None:
    customer = make_customer(email="li.wei@example.com")
    order = make_order(customer)

    send(client, order_number="A-1001")

    ticket = Ticket.objects.get()
    assert ticket.order == order
    assert not ticket.messages.filter(kind="note").exists()


def test_abuse_54_foreign_order_is_only_a_claim(client: Client) -> None:
    make_order(make_customer())

    response = send(client, order_number="A-1001")

    ticket = Ticket.objects.get()
    assert ticket.order is None
    note = ticket.messages.get(kind="note")
    assert "Claims order A-1001" in note.body
    assert "A-1001" not in text_of(client.get(response.url))


def test_form_of_a_shop_files_the_case_there_in_its_language(client: Client) -> None:
    shop = make_shop(language="en")

    page = client.get("/contact/north/")
    send(client, "/contact/north/")

    assert "North Jackets" in text_of(page)
    assert page["Content-Language"] == "en"
    assert Ticket.objects.get().shop == shop


def test_unknown_or_closed_shop_has_no_form(client: Client) -> None:
    make_shop("gone", is_active=False)

    assert client.get("/contact/nowhere/").status_code == 404
    assert client.get("/contact/gone/").status_code == 404


def test_files_go_with_the_case(client: Client) -> None:
    send(client, uploads=[SimpleUploadedFile("torn.txt", b"words")])

    message = Ticket.objects.get().messages.get(kind="inbound")
    assert [file.file_name for file in message.attachments.all()] == ["torn.txt"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"email": ""}, "Please leave a mail address or a phone number."),
        ({"email": "not a mail"}, "Not a mail address."),
        ({"email": "Support@desk.example"}, "This is our own address."),
        ({"email": "", "phone": "call me"}, "Not a phone number."),
        ({"body": ""}, "This field is required."),
        ({"subject": "x" * 201}, "at most 200 characters"),
        ({"kind": "bribe"}, "Select a valid choice"),
        ({"form_token": "forged"}, "open for a long time"),
        ({"form_token": ""}, "open for a long time"),
    ],
)
def test_bad_form_says_why_and_changes_nothing(
    client: Client, changes: dict[str, str], problem: str
) -> None:
    system_actor()  # drawn by the first who asks, after a test that emptied the tables
    before = footprint()

    response = send(client, **changes)

    assert response.status_code == 422
    assert problem in text_of(response)
    assert footprint() == before


def test_form_filled_in_within_a_second_is_asked_again(client: Client) -> None:
    before = footprint()

    response = send(client, form_token=form_token(seconds_ago=1))

    assert response.status_code == 422
    assert "That was very quick" in text_of(response)
    assert "The jacket arrived torn." in response.content.decode()
    assert footprint() == before


def test_thirty_megabytes_are_refused_with_the_words_kept(client: Client) -> None:
    before = footprint()

    response = send(client, uploads=[SimpleUploadedFile("film.mp4", b"x" * 30 * 1024 * 1024)])

    assert response.status_code == 422
    assert "“film.mp4” is too large (20 MB at most)." in text_of(response)
    assert "The jacket arrived torn." in response.content.decode()
    assert footprint() == before


def test_bait_takes_in_machines_and_tells_them_nothing(client: Client) -> None:
    before = footprint()

    response = send(client, website="https://spam.example")

    assert response.status_code == 302
    assert client.get(response.url).status_code == 200
    assert footprint() == before


def test_eleventh_form_of_an_hour_is_refused(client: Client) -> None:
    codes = [send(client, email=f"c{n}@example.com").status_code for n in range(11)]

    assert codes == [302] * 10 + [429]
    assert Ticket.objects.count() == 10


def test_form_needs_a_token_against_forgery() -> None:
    assert send(Client(enforce_csrf_checks=True)).status_code == 403


def test_thanks_page_says_nothing_without_our_signature(client: Client) -> None:
    make_user()

    response = client.get("/contact/thanks/?for=forged")

    assert (response.status_code, response.url) == (302, "/contact/")
