"""What the case page asks for while somebody works: drafts, presence, the picker of replies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from staff.roles import Role
from staff.services import system_actor
from tests.factories.people import make_department, make_user
from tests.factories.tickets import (
    make_customer,
    make_investigation,
    make_proposal,
    make_ticket,
    make_ticket_in,
)
from tests.tickets.case_page import address, shown, signed_in, traces
from tickets.models import Draft, Presence, SavedReply
from tickets.queries.case import load_case
from tickets.services.files import NewFile, add_file
from tickets.services.investigation import add_evidence
from tickets.services.joining import merge_tickets
from tickets.services.proposals import withdraw_proposal
from tickets.services.ratings import rate

pytestmark = pytest.mark.django_db


def test_draft_is_kept_and_restored_for_its_author() -> None:
    agent, colleague = make_user(), make_user()
    ticket = make_ticket(agent)

    answer = signed_in(agent).post(
        address(ticket, "draft"), {"kind": "note", "body": "Half a thought"}
    )

    assert answer.json()["saved"].startswith("draft saved ")
    assert ">Half a thought</textarea>" in shown(agent, ticket)
    assert "Half a thought" not in shown(colleague, ticket)


def test_draft_of_an_unknown_kind_is_refused() -> None:
    agent = make_user()
    ticket = make_ticket(agent)

    answer = signed_in(agent).post(address(ticket, "draft"), {"kind": "poem", "body": "Roses"})

    assert answer.status_code == 422
    assert not Draft.objects.exists()


def test_draft_is_refused_to_an_auditor() -> None:
    ticket = make_ticket()
    before = traces(ticket)

    answer = signed_in(make_user(Role.AUDITOR)).post(
        address(ticket, "draft"), {"kind": "note", "body": "I was never here"}
    )

    assert answer.status_code == 403
    assert traces(ticket) == before


def test_presence_names_who_else_writes() -> None:
    agent, colleague = make_user(), make_user()
    ticket = make_ticket(agent)
    signed_in(colleague).post(address(ticket, "presence"), {"writing": "1"})

    answer = signed_in(agent).post(address(ticket, "presence"), {"writing": "0"}).json()

    assert answer == {
        "others": [{"name": str(colleague), "writing": True}],
        "newest": ticket.messages.get().pk,
    }


def test_presence_is_forgotten_after_half_a_minute() -> None:
    agent, colleague = make_user(), make_user()
    ticket = make_ticket(agent)
    signed_in(colleague).post(address(ticket, "presence"), {"writing": "1"})
    Presence.objects.update(seen_at=timezone.now() - timedelta(seconds=31))

    answer = signed_in(agent).post(address(ticket, "presence"), {"writing": "0"}).json()

    assert answer["others"] == []


def test_presence_of_an_auditor_is_not_announced() -> None:
    ticket = make_ticket()

    answer = signed_in(make_user(Role.AUDITOR)).post(address(ticket, "presence"))

    assert answer.status_code == 403
    assert not Presence.objects.exists()


@pytest.mark.parametrize("tail", ["draft", "presence", "tools", "personal-data", "go/next"])
def test_parts_of_a_case_out_of_scope_are_not_found(tail: str) -> None:
    ticket = make_ticket()
    stranger = signed_in(make_user(Role.LEAD, department=make_department("other")))
    send = stranger.post if tail in ("draft", "presence") else stranger.get

    assert send(address(ticket, tail)).status_code == 404


def test_picker_offers_replies_with_their_variables_filled() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    SavedReply(name="Photo", shortcut="photo", body="A photo for {{ number }}, please.").save()

    answer = signed_in(agent).get(address(ticket, "tools")).json()

    assert answer["tools"] == [
        {
            "kind": "reply",
            "name": "Photo",
            "shortcut": "photo",
            "text": f"A photo for {ticket.number}, please.",
            "hint": f"A photo for {ticket.number}, please.",
        }
    ]


def test_page_shows_the_files_of_the_case_and_of_what_was_merged_into_it() -> None:
    lead = make_user(Role.LEAD)
    ticket, other = make_ticket(lead), make_ticket(lead)
    add_file(other.pk, NewFile("other-proof.txt", b"torn"), actor=lead)
    assert "other-proof.txt" not in shown(lead, ticket)
    merge_tickets(other.pk, ticket.pk, actor=lead, is_sure=True)

    assert "other-proof.txt" in shown(lead, ticket)

    add_file(ticket.pk, NewFile("own-proof.txt", b"torn, too"), actor=lead)
    page = shown(lead, ticket)
    assert ("own-proof.txt" in page, "other-proof.txt" in page) == (True, True)


def test_page_shows_the_only_file_of_a_case() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    add_file(ticket.pk, NewFile("own-proof.txt", b"torn"), actor=lead)

    assert "own-proof.txt" in shown(lead, ticket)


def test_other_cases_of_the_customer_are_those_in_sight() -> None:
    agent, stranger = make_user(), make_user(department=make_department("logistics"))
    customer = make_customer(agent)
    case, own = (make_ticket(agent, customer=customer) for _ in range(2))
    followed, hidden = (make_ticket(stranger, customer=customer) for _ in range(2))
    followed.watchers.create(user=agent, since=timezone.now())

    page = load_case(case.number, agent)

    assert hidden.department_id != agent.department_id
    assert [one.number for one in page.other_cases] == [followed.number, own.number]
    everything = load_case(case.number, make_user(Role.AUDITOR)).other_cases
    assert {one.number for one in everything} == {own.number, followed.number, hidden.number}


def test_stream_says_what_was_offered_found_and_rated() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    found = make_investigation(ticket, agent)
    add_evidence(found.pk, actor=agent, kind="trace", text="Left <b>Suzhou</b> twice")
    offer = make_proposal(ticket, agent)
    withdraw_proposal(offer.pk, actor=agent, note="too much")
    events = {entry.label: entry for entry in load_case(ticket.number, agent).timeline.history}

    assert events["Remedy proposed"].detail == "Refund 99.00 CNY"
    assert events["Proposal withdrawn"].detail == "Refund 99.00 CNY"
    trace = events["Evidence added"]
    assert (trace.detail, trace.said) == ("Carrier trace", "Left <b>Suzhou</b> twice")
    assert events["Case received"].detail == ""
    page = shown(agent, ticket)
    assert "Remedy proposed: Refund 99.00 CNY</b>" in page
    assert "Evidence added: Carrier trace</b>" in page
    assert "— Left &lt;b&gt;Suzhou&lt;/b&gt; twice</span>" in page


def test_stream_shows_the_rating_with_its_words() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket_in("resolved", lead)
    rate(ticket.pk, actor=system_actor(), score=4, comment="Quick, but the box was torn")

    page = shown(lead, ticket)

    assert "Rated: 4/5</b>" in page
    assert "— Quick, but the box was torn</span>" in page


EMPTY_WORK = "What is looked into, offered and promised on this case shows here."


def test_panel_of_work_says_what_it_would_show_while_it_is_empty() -> None:
    agent = make_user()
    fresh, busy = make_ticket(agent), make_ticket(agent)
    make_investigation(busy, agent)

    assert [EMPTY_WORK in shown(agent, ticket) for ticket in (fresh, busy)] == [True, False]
