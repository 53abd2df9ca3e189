"""What a customer presses on the status page of a case that is over, one row per act and ending."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition
from compliance.models import AuditEvent
from returns.models import ReturnAuthorization
from returns.services import authorizing, requesting
from staff.models import User
from tests.factories.returns import SIGNED_AT, lines_of, make_return, make_return_ticket
from tests.factories.tickets import make_proposal
from tests.tickets.portal_page import footprint, page_of, text_of, write
from tickets.choices import LinkKind
from tickets.models import Proposal, Ticket
from tickets.services import joining

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("day_of_delivery")]

ENDS = ("resolved", "closed", "canceled")
OVER = "This request is finished. Write to us if something is open."
OVER_ZH = "该服务单已办结。如有其他问题，请给我们留言。"
GONE = "This proposal is no longer open."
SENT = {"carrier": "SF", "tracking_number": "SF123456"}
LATER = SIGNED_AT + timedelta(days=60)

Act = Callable[[Client, Ticket, User], Any]


def end(ticket: Ticket, status: str) -> None:
    """The case is over although something hangs on it, which its own verbs would not allow."""
    told = {} if status == "canceled" else {"resolved_at": now(), "result_told_at": now()}
    closed = {"closed_at": now()} if status == "closed" else {}
    Ticket.objects.filter(pk=ticket.pk).update(status=status, **told, **closed)


def on_return(verb: str, **data: Any) -> Act:
    def act(client: Client, ticket: Ticket, lead: User) -> Any:
        rma = ReturnAuthorization.objects.get(ticket=ticket)
        return client.post(f"{page_of(ticket)}returns/{rma.number}/{verb}/", data, follow=True)

    return act


def on_proposal(answer: str) -> Act:
    def act(client: Client, ticket: Ticket, lead: User) -> Any:
        proposal = Proposal.objects.get(ticket=ticket)
        url = f"{page_of(ticket)}proposals/{proposal.pk}/"
        return client.post(url, {"answer": answer}, follow=True)

    return act


def ask(client: Client, ticket: Ticket, lead: User) -> Any:
    jacket = lines_of(ticket.order)[0]
    values = {"kind": "return_and_refund", "claim": "changed_mind", "key": uuid.uuid4().hex}
    url = f"{page_of(ticket)}returns/"
    return client.post(url, values | {f"quantity_{jacket.pk}": "1"}, follow=True)


def urge(client: Client, ticket: Ticket, lead: User) -> Any:
    return client.post(f"{page_of(ticket)}urge/", follow=True)


def rate(client: Client, ticket: Ticket, lead: User) -> Any:
    return client.post(f"{page_of(ticket)}rate/", {"score": "4"}, follow=True)


def authorized(ticket: Ticket, lead: User) -> None:
    make_return(ticket, lead)


def declined(ticket: Ticket, lead: User) -> None:
    rma = make_return(ticket, lead)
    authorizing.decline_return(rma.pk, actor=lead, reason="late", note="60 days ago.")


def offered(ticket: Ticket, lead: User) -> None:
    make_proposal(ticket, lead)


def nothing(ticket: Ticket, lead: User) -> None:
    pass


# act → what there was before, the act, the words on each ending; "" where it is done all the same.
TABLE: dict[str, tuple[Callable[[Ticket, User], None], Act, tuple[str, str, str]]] = {
    "withdraw": (authorized, on_return("cancel"), (OVER, OVER, OVER)),
    "tracking number": (authorized, on_return("send", **SENT), ("", OVER, OVER)),
    "appeal": (declined, on_return("appeal", note="Look."), (OVER, OVER, OVER)),
    "ask for a return": (nothing, ask, (OVER, OVER, OVER)),
    "accept": (offered, on_proposal("accept"), (GONE, GONE, GONE)),
    "decline": (offered, on_proposal("decline"), (GONE, GONE, GONE)),
    "urge": (nothing, urge, (OVER, OVER, OVER)),
    "rate": (nothing, rate, ("", "", OVER)),
}
ROWS = [
    (name, status, words)
    for name, (_before, _act, told) in TABLE.items()
    for status, words in zip(ENDS, told, strict=True)
]
DONE = {"tracking number": "returns.parcel_announced", "rate": "tickets.rated"}


@pytest.mark.parametrize(("name", "status", "words"), ROWS)
def test_what_is_pressed_on_a_finished_case(
    client: Client, lead: User, name: str, status: str, words: str
) -> None:
    prepare, act, _told = TABLE[name]
    with time_machine.travel(LATER if prepare is declined else SIGNED_AT, tick=False):
        ticket = make_return_ticket(lead)
        prepare(ticket, lead)
        end(ticket, status)
        page_of(ticket)
        before = footprint()

        answer = act(client, ticket, lead)

    if words:
        assert words in text_of(answer)
        assert footprint() == before
    else:
        assert OVER not in text_of(answer)
        assert AuditEvent.objects.filter(code=DONE[name]).count() == 1


@pytest.mark.parametrize("status", ENDS)
def test_words_and_files_on_a_finished_case_are_taken(
    client: Client, lead: User, status: str
) -> None:
    ticket = make_return_ticket(lead)
    end(ticket, status)
    photo = SimpleUploadedFile("tear.txt", b"words")

    answer = write(client, page_of(ticket), body="It tore again.", uploads=[photo])

    ticket.refresh_from_db()
    link = ticket.links_in.filter(kind=LinkKind.CONTINUES).first()
    home = link.ticket if link else ticket
    assert (ticket.status, home == ticket) == {
        "resolved": ("open", True),
        "closed": ("closed", False),
        "canceled": ("canceled", False),
    }[status]
    assert answer.url.startswith(page_of(home))
    assert home.messages.get(body="It tore again.").attachments.get().file_name == "tear.txt"


@pytest.mark.parametrize("verb", ["cancel", "send"])
def test_refusal_is_told_in_the_customers_language(client: Client, lead: User, verb: str) -> None:
    ticket = make_return_ticket(lead, language="zh-hans")
    rma = make_return(ticket, lead)
    end(ticket, "closed")

    answer = on_return(verb, **SENT)(client, ticket, lead)

    assert OVER_ZH in text_of(answer)
    rma.refresh_from_db()
    assert rma.status == "authorized"


def test_way_to_ask_leads_back_from_a_finished_case(client: Client, lead: User) -> None:
    ticket = make_return_ticket(lead)
    end(ticket, "closed")

    answer = client.get(f"{page_of(ticket)}returns/", follow=True)

    assert answer.redirect_chain == [(f"{page_of(ticket)}#returns", 302)]
    assert OVER in text_of(answer)


def test_return_withdrawn_twice_or_too_late_says_so(client: Client, lead: User) -> None:
    ticket = make_return_ticket(lead)
    authorized(ticket, lead)
    on_return("cancel")(client, ticket, lead)
    before = footprint()

    again = on_return("cancel")(client, ticket, lead)

    assert "We have your withdrawal already." in text_of(again)
    assert footprint() == before

    other = make_return_ticket(lead)
    authorized(other, lead)
    on_return("send", **SENT)(client, other, lead)
    before = footprint()

    late = on_return("cancel")(client, other, lead)

    assert "It is too late to withdraw this." in text_of(late)
    assert footprint() == before


def test_page_of_a_merged_case_acts_on_the_one_that_goes_on(client: Client, lead: User) -> None:
    with time_machine.travel(LATER, tick=False):
        ticket = make_return_ticket(lead)
        other = make_return_ticket(lead, ticket.order)
        declined(ticket, lead)
    page = page_of(ticket)
    joining.merge_tickets(ticket.pk, other.pk, actor=lead, note="Asked twice.")
    rma = ReturnAuthorization.objects.get()
    before = footprint()

    of_source = client.post(f"{page}returns/{rma.number}/appeal/")

    assert of_source.status_code == 404
    assert footprint() == before
    assert "Understood, it is urgent." in text_of(client.post(f"{page}urge/", follow=True))
    other.refresh_from_db()
    assert other.urged_count == 1


@pytest.mark.parametrize("status", ENDS)
def test_desk_cancels_returns_of_resolved_cases_only(lead: User, status: str) -> None:
    ticket = make_return_ticket(lead)
    rma = make_return(ticket, lead)
    end(ticket, status)
    before = footprint()

    if status == "resolved":
        requesting.cancel_return(rma.pk, actor=lead, note="keeps it")
    else:
        with pytest.raises(InvalidTransition, match="reopen it first"):
            requesting.cancel_return(rma.pk, actor=lead, note="keeps it")
        assert footprint() == before
    rma.refresh_from_db()
    assert rma.status == ("canceled" if status == "resolved" else "authorized")
