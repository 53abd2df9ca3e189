"""What a program said of a failure is for those who run the desk; everybody else reads words."""

from __future__ import annotations

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from aftersales.kernel import jobs
from staff.models import User
from staff.roles import Role
from tests.api.calls import Caller
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.tickets.timing import MINUTE, later
from tickets.models import OutboundMail, Ticket
from tickets.services import conversation, outbox

pytestmark = pytest.mark.django_db

WORDS = {"en": "The other side did not answer in time.", "zh-hans": "对方未在规定时间内应答。"}
SAID = "TimeoutError: timed out"
ROLES = [Role.LEAD, Role.AUDITOR, Role.ADMINISTRATOR]


@pytest.fixture
def parked(monkeypatch: pytest.MonkeyPatch) -> OutboundMail:
    """An answer whose mail host was silent to the last."""
    lead = make_user(Role.LEAD)
    with later(-MINUTE):
        message = conversation.reply(make_ticket(lead).pk, actor=lead, body="On its way.")
    letter = OutboundMail.objects.get(message=message)
    OutboundMail.objects.filter(pk=letter.pk).update(attempts=outbox.MOST_ATTEMPTS - 1)

    def be_silent(self: EmailMessage, fail_silently: bool = False) -> int:
        raise TimeoutError("timed out")

    monkeypatch.setattr(EmailMessage, "send", be_silent)
    jobs.run("tickets.send_mail", letter.pk)
    letter.refresh_from_db()
    assert letter.status == "parked"
    return letter


def page(user: User, address: str, language: str) -> str:
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("role", ROLES)
def test_page_of_a_mail(parked: OutboundMail, role: str, language: str) -> None:
    address = reverse("admin:tickets_outboundmail_change", args=[parked.pk])

    text = page(make_user(role, roles=[role]), address, language)

    assert WORDS[language] in text
    assert (SAID in text) is (role == Role.ADMINISTRATOR)


@pytest.mark.parametrize("language", WORDS)
def test_change_browser_and_events(parked: OutboundMail, language: str) -> None:
    reader = make_user(Role.AUDITOR)
    for address in (
        reverse("admin:compliance_journalentry_changelist"),
        reverse("admin:compliance_journalentry_object", args=["tickets.outboundmail", parked.pk]),
        reverse("admin:compliance_auditevent_changelist"),
    ):
        text = page(reader, address, language)

        assert (WORDS[language] in text, "TimeoutError" in text) == (True, False)


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("role", ROLES)
def test_events_of_the_api(parked: OutboundMail, role: str, language: str) -> None:
    caller = Caller(make_user(role, roles=[role]))
    ticket: Ticket = parked.ticket
    addresses = [f"tickets/{ticket.number}/events/"]
    if role != Role.LEAD:
        addresses.append("events/")

    for address in addresses:
        rows = caller.get(address, accept_language=language).json()["results"]
        (event,) = [one for one in rows if one["code"] == "tickets.mail_parked"]

        said = SAID if role == Role.ADMINISTRATOR else WORDS[language]
        assert event["data"] == {"error": said}
