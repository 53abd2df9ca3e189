"""Handing over from the case page, the page of a leg, the inbox."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from handoffs.models import Handoff, HandoffTemplate
from handoffs.services import receiving
from handoffs.statuses import HandoffStatus as H
from staff.models import User
from staff.roles import Role
from tests.factories.handoffs import (
    logistics,
    make_handoff,
    make_handoff_in,
    make_helper,
    make_template,
)
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket, make_ticket_in
from tests.tickets.case_page import address, do, page_of, signed_in
from tickets.models import Ticket
from tickets.services.files import NewFile, add_file
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db

INBOX = "/admin/handoffs/handoff/"


def leg_page(leg: Handoff) -> str:
    return f"{INBOX}{leg.pk}/change/"


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_case_page_hands_over_with_the_templates_own_fields() -> None:
    agent = make_user()
    logistics()
    ticket = make_ticket(agent)
    file = add_file(ticket.pk, NewFile("label.txt", b"label"), actor=agent)
    page = text_of(signed_in(agent), address(ticket, "do/hand-over") + "?template=carrier_trace")
    assert "Tracking number" in page
    assert "The day of the last scan." in page
    assert "The case goes on hold until there is an answer." in page

    response = do(
        agent,
        ticket,
        "hand-over",
        template="carrier_trace",
        question="Where is it?",
        department=logistics().pk,
        ask_tracking_number="SF100",
        ask_last_seen_on="2026-03-01",
        shared=[file.pk],
    )

    assert (response.status_code, response.url) == (302, page_of(ticket))
    leg = Handoff.objects.get()
    assert leg.asked == {"tracking_number": "SF100", "last_seen_on": "2026-03-01"}
    assert [one.attachment for one in leg.files.all()] == [file]
    assert leg.holds_case


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"template": "nothing"}, "Choose what to ask."),
        ({"template": "carrier_trace"}, "This field is required."),
        (
            {"template": "carrier_trace", "ask_tracking_number": "x", "ask_declared_value": "much"},
            "“Declared value”: not a number.",
        ),
    ],
)
def test_refused_question_is_shown_again(given: dict[str, str], said: str, snapshot: Any) -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    data = {"question": "Where is it?", "department": logistics().pk} | given
    before = snapshot()

    response = do(agent, ticket, "hand-over", **data)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert snapshot() == before


def test_question_to_an_outsider_is_sent_and_linked() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    do(
        agent,
        ticket,
        "hand-over",
        template="carrier_question",
        question="Where is it?",
        party_name="SF Express",
        party_email="trace@sf.example",
        party_language="en",
        ask_tracking_number="SF100",
    )
    leg = Handoff.objects.get()

    page = text_of(signed_in(agent), leg_page(leg))

    assert (leg.party_name, leg.party_language) == ("SF Express", "en")
    assert "/h/" in page
    assert "End the link…" in page
    assert do(agent, ticket, "leg-revoke", row=leg.pk, note="wrong firm").status_code == 302
    assert "Make a link" in text_of(signed_in(agent), leg_page(leg))


def test_helper_accepts_asks_back_and_answers_from_the_leg() -> None:
    agent, helper = make_user(), make_helper(Role.WAREHOUSE)
    ticket = make_ticket(agent)
    template = HandoffTemplate.objects.get(code="warehouse_check")
    leg = make_handoff(ticket, agent, template=template, answers={"sku": "JKT-1"})
    client = signed_in(helper)
    assert "Where is the parcel?" in text_of(client, leg_page(leg))

    assert do(helper, ticket, "leg-accept", row=leg.pk).url == leg_page(leg)
    assert do(helper, ticket, "leg-return", row=leg.pk, note="Which box?").url == leg_page(leg)
    assert do(agent, ticket, "leg-resend", row=leg.pk, note="B1").url == page_of(ticket)
    answered = client.post(
        address(ticket, "do/leg-answer"),
        {
            "row": leg.pk,
            "text": "Packed as ordered.",
            "answer_finding": "as_packed",
            "responsible_party": "carrier",
            "cost_amount": "12.50",
            "cost_currency": "CNY",
        },
    )

    assert answered.url == leg_page(leg)
    page = text_of(signed_in(agent), page_of(ticket))
    for words in ("Packed as ordered.", "Which box?", "12.50 CNY", "2 times back and forth"):
        assert words in page
    assert do(agent, ticket, "leg-close", row=leg.pk, note="").status_code == 302
    assert Handoff.objects.get().status == H.CLOSED


def test_who_declines_goes_back_to_the_inbox() -> None:
    agent, helper = make_user(), make_helper(Role.WAREHOUSE)
    ticket = make_ticket(agent)
    leg = make_handoff(ticket, agent)

    response = do(helper, ticket, "leg-decline", row=leg.pk, note="not ours")

    assert response.url == INBOX
    assert signed_in(helper).get(page_of(ticket)).status_code == 404
    assert signed_in(helper).get(leg_page(leg)).status_code == 404
    reroute = do(
        agent,
        ticket,
        "leg-reroute",
        row=leg.pk,
        department=make_department("warehouse", kind="warehouse").pk,
    )
    assert reroute.status_code == 302
    assert Handoff.objects.get().to_department.code == "warehouse"


def test_taking_a_case_over_leads_to_the_case() -> None:
    agent, lead = make_user(), make_helper()
    ticket = make_ticket(agent)
    leg = make_handoff(ticket, agent, "transfer")

    assert do(lead, ticket, "leg-accept", row=leg.pk).url == page_of(ticket)
    assert Ticket.objects.get().department == logistics()


@pytest.mark.parametrize(
    ("status", "giver", "receiver"),
    [
        (H.SENT, {"withdraw"}, {"accept", "return", "assign", "decline"}),
        (H.ACCEPTED, {"withdraw"}, {"answer", "return", "assign", "decline"}),
        (H.RETURNED, {"resend", "withdraw"}, {"assign"}),
        (H.ANSWERED, {"close", "resend"}, set()),
        (H.DECLINED, {"reroute", "withdraw"}, None),
        (H.CLOSED, set(), None),
    ],
)
def test_leg_offers_each_side_what_it_can_do(
    status: H, giver: set[str], receiver: set[str] | None
) -> None:
    agent, lead = make_user(), make_helper()
    ticket = make_ticket(agent)
    leg = make_handoff_in(status, ticket, agent)
    every = [
        "accept",
        "answer",
        "return",
        "assign",
        "decline",
        "resend",
        "reroute",
        "withdraw",
        "close",
        "link",
        "revoke",
    ]

    for user, expected in ((agent, giver), (lead, receiver)):
        if expected is None:
            continue
        page = text_of(signed_in(user), leg_page(leg))
        assert {verb for verb in every if f"do/leg-{verb}/" in page} == expected


def test_inbox_counts_and_shows_nearest_first() -> None:
    agent, helper = make_user(), make_helper(Role.WAREHOUSE)
    ticket = make_ticket(agent)
    make_handoff_in(H.ACCEPTED, ticket, agent)
    newest = make_handoff(ticket, agent)
    make_handoff_in(H.RETURNED, ticket, agent)
    receiving.assign_handoff(newest.pk, actor=helper, assignee=helper)

    page = text_of(signed_in(helper), INBOX)
    own = text_of(signed_in(helper), f"{INBOX}?place=mine")
    sent = text_of(signed_in(agent), f"{INBOX}?place=back")

    assert '>Asked of us <span class="d-badge">2</span>' in page
    assert '>To accept <span class="d-badge">1</span>' in page
    assert '>Mine <span class="d-badge">1</span>' in page
    assert (newest.number in own, own.count("d-strong")) == (True, 1)
    assert '>Back with us <span class="d-badge">1</span>' in sent


def test_inbox_of_a_stranger_is_empty_and_an_auditors_is_whole() -> None:
    agent = make_user()
    leg = make_handoff(make_ticket(agent), agent)
    stranger = make_user(department=make_department("elsewhere"))
    auditor = make_user(Role.AUDITOR, department=None)

    assert leg.number not in text_of(signed_in(stranger), f"{INBOX}?place=all")
    page = text_of(signed_in(auditor), INBOX)
    assert leg.number in page
    assert "Asked of us" not in page
    assert "do/leg-" not in text_of(signed_in(auditor), leg_page(leg))
    assert signed_in(stranger).get(leg_page(leg)).status_code == 404


def count_queries(user: User, url: str, counted: Any) -> int:
    client = signed_in(user)
    client.get(url)
    with counted() as found:
        client.get(url)
    return len(found)


def test_lists_and_case_page_cost_the_same_at_one_and_three() -> None:
    from django.db import connection  # noqa: PLC0415 -- used here only
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 -- the same

    def counted() -> CaptureQueriesContext:
        return CaptureQueriesContext(connection)

    agent, helper = make_user(), make_helper(Role.WAREHOUSE)
    ticket = make_ticket(agent)
    make_handoff_in(H.ACCEPTED, ticket, agent)
    places = ((helper, INBOX), (agent, page_of(ticket)))
    before = [count_queries(user, url, counted) for user, url in places]

    make_handoff_in(H.ACCEPTED, ticket, agent)
    make_handoff_in(H.RETURNED, ticket, agent, "external")

    assert [count_queries(user, url, counted) for user, url in places] == before


def test_finished_case_without_legs_shows_no_panel() -> None:
    agent = make_user(Role.LEAD)
    closed = make_ticket_in(TicketStatus.CLOSED, agent)
    open_case = make_ticket(agent)

    assert 'id="departments"' not in text_of(signed_in(agent), page_of(closed))
    page = text_of(signed_in(agent), page_of(open_case))
    assert "Nobody else was asked." in page
    assert "do/hand-over/" in page


def test_suggestion_of_the_grid_is_shown_and_chosen() -> None:
    from handoffs.services.responsibility import set_responsibility  # noqa: PLC0415 -- once

    agent, admin = make_user(), make_user(Role.ADMINISTRATOR)
    ticket = make_ticket(agent)
    set_responsibility(None, "acknowledged", {"R": [logistics()]}, actor=admin)
    make_template("ask")

    page = text_of(signed_in(agent), address(ticket, "do/hand-over"))

    assert "Responsible for this step: Logistics." in page
    assert 'name="template" value="carrier_trace"' in page
    assert f'<option value="{logistics().pk}" selected>' in page


def test_home_shows_what_the_department_was_asked() -> None:
    agent, helper, colleague = make_user(), make_helper(Role.WAREHOUSE), make_helper(Role.AGENT)
    leg = make_handoff(make_ticket(agent), agent)

    for user in (helper, colleague):
        page = text_of(signed_in(user), "/admin/")
        assert "Asked of my department" in page
        assert leg.number in page
    assert "Asked of my department" not in text_of(signed_in(agent), "/admin/")
