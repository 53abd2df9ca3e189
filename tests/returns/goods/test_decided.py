"""What the customer and the desk read of a decision never contradicts it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from compliance.models import AuditEvent
from returns.models import ReturnAuthorization
from returns.services import authorizing, requesting
from staff.models import User
from tests.factories.returns import SIGNED_AT, make_address, make_policy, make_return
from tests.tickets.portal_page import page_of, text_of
from tickets.models import Message
from tickets.services import handling
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db

BY_PERSON = "Accepted after a person looked at it."
LATE = "The time to return without a reason ended"


def too_late(lead: User) -> ReturnAuthorization:
    make_address()
    with time_machine.travel(SIGNED_AT + timedelta(days=60), tick=False):
        return make_return(actor=lead)


def told(client: Client, rma: ReturnAuthorization, lead: User) -> tuple[str, str, str]:
    """The last mail, the status page and the case page, in English."""
    client.force_login(lead)
    case = reverse("admin:tickets_ticket_change", args=[rma.ticket.number])
    desk = client.get(case, headers={"accept-language": "en"}).text
    panel = desk[desk.index('id="goods"') :].partition("</section>")[0]
    mail = Message.objects.filter(ticket=rma.ticket, kind="outbound").latest("id").body
    return mail, text_of(client.get(page_of(rma.ticket))), panel


def test_accepted_against_the_verdict_is_a_persons_decision(client: Client, lead: User) -> None:
    rma = too_late(lead)
    assert LATE in rma.verdicts[0][1].deciding.en
    authorizing.authorize_return(rma.pk, actor=lead, note="good customer")

    for text in told(client, rma, lead):
        assert BY_PERSON in text
        assert LATE not in text
        assert "May not come back" not in text


def test_declined_against_the_verdict_is_a_persons_decision(client: Client, lead: User) -> None:
    make_policy(is_automatic=False)
    with time_machine.travel(SIGNED_AT, tick=False):
        rma = make_return(actor=lead)
    yes = rma.verdicts[0][1].deciding.en
    authorizing.decline_return(rma.pk, actor=lead, reason="not_proven", note="Sold it elsewhere.")

    for text in told(client, rma, lead)[1:]:
        assert "Declined after a person looked at it." in text
        assert yes not in text


def test_decision_that_follows_the_verdict_keeps_its_sentence(client: Client, lead: User) -> None:
    make_address()
    with time_machine.travel(SIGNED_AT, tick=False):
        rma = make_return(actor=lead)

    for text in told(client, rma, lead):
        assert rma.verdicts[0][1].deciding.en in text
        assert BY_PERSON not in text


def declined(lead: User) -> ReturnAuthorization:
    rma = too_late(lead)
    authorizing.decline_return(rma.pk, actor=lead, reason="late", note="It was 60 days ago.")
    return rma


def test_customer_is_not_told_that_declined_goods_are_awaited(client: Client, lead: User) -> None:
    make_address()
    with time_machine.travel(SIGNED_AT, tick=False):
        accepted = make_return(actor=lead)

    assert "Awaited" in text_of(client.get(page_of(accepted.ticket)))
    assert "Awaited" not in text_of(client.get(page_of(declined(lead).ticket)))


@pytest.mark.parametrize(
    ("waits", "after"),
    [
        (TicketStatus.PENDING, TicketStatus.OPEN),
        (TicketStatus.ON_HOLD, TicketStatus.ON_HOLD),
    ],
)
def test_appeal_takes_up_the_case_that_waits_for_the_customer(
    lead: User, waits: TicketStatus, after: TicketStatus
) -> None:
    rma = declined(lead)
    handling.wait(rma.ticket_id, actor=lead, status=waits, note="may they appeal?")

    requesting.appeal_return(rma.pk, actor=lead, note="I was in hospital")

    rma.ticket.refresh_from_db()
    assert rma.ticket.status == after
    events = AuditEvent.objects.filter(case_id=rma.ticket_id, code="tickets.resumed")
    assert events.exists() == (after == TicketStatus.OPEN)


def test_return_page_tells_when_and_why_the_customer_appealed(client: Client, lead: User) -> None:
    rma = declined(lead)
    page = reverse("admin:returns_returnauthorization_change", args=[rma.pk])
    client.force_login(lead)
    before = client.get(page, headers={"accept-language": "en"}).text
    with time_machine.travel(SIGNED_AT + timedelta(days=61), tick=False):
        requesting.appeal_return(rma.pk, actor=lead, note="I was in hospital")

    shown = client.get(page, headers={"accept-language": "en"}).text

    assert "Customer asked to look again" not in before
    assert "Customer asked to look again</dt><dd>24 Nov 2026, 10:00<br><q>I was in" in shown
