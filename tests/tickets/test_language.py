"""The language a case is led in: the customer's words where they say enough, else the record's."""

from __future__ import annotations

import pytest
from django.test import Client

from staff.roles import Role
from staff.services import system_actor
from tests.api.calls import Caller
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_customer, make_ticket
from tests.tickets.mails import mail
from tests.tickets.test_web_form import send
from tickets.models import Ticket
from tickets.services.entry import Entry, record_entry
from tickets.services.intake import Arrival, receive

pytestmark = pytest.mark.django_db

SHORT_EN = "Order LC2611 broken?"
LONG_EN = "The zip of the bag I bought last week does not close any more."
LONG_ZH = "上周买的双肩包拉链拉不上了，请尽快处理。"
SHORT_ZH = "坏了"


@pytest.mark.parametrize(
    ("channel", "known", "said", "led_in"),
    [
        ("web", "zh-hans", SHORT_EN, "zh-hans"),
        ("web", "zh-hans", LONG_EN, "en"),
        ("web", "en", SHORT_ZH, "en"),
        ("web", "en", LONG_ZH, "zh-hans"),
        ("chat", "zh-hans", LONG_EN, "en"),
        ("web", "zh-hans", f"{LONG_ZH}\n--\n{LONG_EN}", "zh-hans"),
        (
            "web",
            "zh-hans",
            "坏了，见 https://pictures.example.com/album/broken-zip-of-bag",
            "zh-hans",
        ),
        ("web", "en", f"LC2611: {LONG_ZH}", "zh-hans"),
        # The agent's own note of what was said.
        ("phone", "en", LONG_ZH, "en"),
        ("counter", "zh-hans", LONG_EN, "zh-hans"),
        ("web", "", SHORT_EN, "en"),
        ("phone", "", LONG_ZH, "zh-hans"),
    ],
)
def test_language_of_a_case(channel: str, known: str, said: str, led_in: str) -> None:
    customer = make_customer(language=known) if known else None

    ticket = make_ticket(
        make_user(Role.LEAD),
        channel=channel,
        customer=customer,
        subject=said,
        body=said,
        language="",
    )

    assert ticket.language == led_in


def test_language_somebody_named_stands() -> None:
    customer = make_customer(language="en")

    ticket = make_ticket(customer=customer, body=LONG_ZH, language="en", channel="web")

    assert ticket.language == "en"


@pytest.mark.parametrize(("said", "led_in"), [("Broken?", "zh-hans"), (LONG_EN, "en")])
def test_mail_of_somebody_we_know_is_answered_in_their_language(said: str, led_in: str) -> None:
    make_customer(make_user(), email="wang@example.com", language="zh-hans")

    arrival = Arrival(channel="mail", external_id="<one@example.com>", raw=mail(said.encode()))
    receive(arrival, actor=system_actor())

    assert Ticket.objects.get().language == led_in


@pytest.mark.parametrize(("said", "led_in"), [("The zip broke.", "en"), ("拉链坏了", "zh-hans")])
def test_somebody_new_is_known_by_the_language_of_their_first_words(said: str, led_in: str) -> None:
    make_department()
    lead = make_user(Role.LEAD)
    form = {"subject": said, "body": said, "email": "form@example.com"}
    caller = {"email": "api@example.com"}

    send(Client(), **form)
    Caller(lead).post("tickets/", {"subject": said, "body": said, "customer": caller})
    entry = {"kind": "complaint", "priority": "normal", "caller": "13812345678"}
    record_entry(Entry(token="t-1", subject=said, body=said, channel="phone", **entry), actor=lead)
    arrival = Arrival(channel="mail", external_id="<one@example.com>", raw=mail(said.encode()))
    receive(arrival, actor=system_actor())

    rows = Ticket.objects.order_by("pk").values_list("channel", "language", "customer__language")
    assert list(rows) == [(one, led_in, led_in) for one in ("web", "api", "phone", "mail")]
