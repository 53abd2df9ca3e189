"""Legs over the API: a whole conversation, filters, refusals, cost."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handoffs.models import Handoff
from handoffs.statuses import HandoffStatus as H
from staff.roles import Role
from tests.api.calls import Caller
from tests.factories.handoffs import (
    logistics,
    make_example,
    make_handoff,
    make_handoff_in,
    make_helper,
)
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tickets.services.files import NewFile, add_file

pytestmark = pytest.mark.django_db

QUESTION = {
    "template": "carrier_trace",
    "question": "Where is it?",
    "department": "logistics",
    "answers": {"tracking_number": "SF100", "declared_value": 120},
}


@pytest.fixture
def agent() -> Caller:
    return Caller(make_user())


@pytest.fixture
def helper() -> Caller:
    return Caller(make_helper(Role.WAREHOUSE))


def ok(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return response.json()


def test_question_goes_there_and_back(agent: Caller, helper: Caller) -> None:
    assert agent.user
    assert helper.user
    logistics()
    ticket = make_ticket(agent.user)
    label = add_file(ticket.pk, NewFile("label.txt", b"label"), actor=agent.user)
    asked = QUESTION | {"files": [label.pk]}
    sent = ok(agent.post(f"tickets/{ticket.number}/handoffs/", asked), 201)
    leg = f"handoffs/{sent['number']}/"
    ok(helper.post(f"{leg}accept/"))
    ok(helper.post(f"{leg}return/", {"note": "Which day?"}))
    ok(agent.post(f"{leg}resend/", {"note": "Monday."}))
    proof = add_file(ticket.pk, NewFile("proof.txt", b"lost"), actor=helper.user)
    reply = {
        "text": "It is lost.",
        "answers": {"finding": "lost", "proof": proof.pk},
        "charge": {"responsible_party": "carrier", "amount": "120.00", "currency": "CNY"},
    }
    ok(helper.post(f"{leg}answer/", reply))
    ok(agent.post(f"{leg}close/"))

    told = ok(agent.get(leg))
    assert (told["status"], told["asked"]) == (
        "closed",
        {"tracking_number": "SF100", "declared_value": "120"},
    )
    assert (told["answered"], told["cost_amount"]) == ({"finding": "lost", "proof": 1}, "120.00")
    verbs = " ".join(turn["verb"] for turn in told["turns"])
    assert verbs == "sent accepted returned resent answered closed"
    assert [(file["attachment"], file["field"]) for file in told["files"]] == [
        (label.pk, ""),
        (proof.pk, "proof"),
    ]


def test_question_to_a_carrier_masks_their_contacts(agent: Caller) -> None:
    assert agent.user
    ticket = make_ticket(agent.user)

    sent = ok(
        agent.post(
            f"tickets/{ticket.number}/handoffs/",
            {
                "template": "carrier_question",
                "question": "Where is it?",
                "answers": {"tracking_number": "SF100"},
                "outsider": {"name": "SF", "email": "trace@sf.example", "phone": "13812345678"},
            },
        ),
        201,
    )

    assert sent["outsider"] == {
        "name": "SF",
        "email": "t***@sf.example",
        "phone": "138****5678",
        "language": "zh-hans",
    }
    assert "/h/" in ok(agent.post(f"handoffs/{sent['number']}/link/"))["url"]


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"template": "nothing"}, 400, "template"),
        ({"department": "nowhere"}, 400, "department"),
        ({"answers": {}}, 422, "tracking_number"),
        ({"answers": {"tracking_number": "x", "last_seen_on": "May"}}, 422, "last_seen_on"),
        ({"files": [999]}, 422, "files"),
        ({"queston": "?"}, 400, "queston"),
        ({"department": "service"}, 422, "department"),
    ],
)
def test_bad_question_is_refused(
    agent: Caller, change: dict[str, Any], status: int, field: str, snapshot: Any
) -> None:
    assert agent.user
    logistics()
    ticket = make_ticket(agent.user)
    body = {
        "template": "carrier_trace",
        "question": "Where is it?",
        "department": "logistics",
        "answers": {"tracking_number": "SF100"},
    } | change
    before = snapshot()

    response = agent.post(f"tickets/{ticket.number}/handoffs/", body)

    assert (response.status_code, response.json()["error"]["field"]) == (status, field)
    assert snapshot() == before


@pytest.mark.parametrize(
    ("charge", "status"),
    [
        ({"responsible_party": "carrier", "amount": "1.005", "currency": "CNY"}, 400),
        ({"responsible_party": "carrier", "amount": "-5", "currency": "CNY"}, 422),
        ({"responsible_party": "carrier", "amount": "5"}, 422),
        ({"responsible_party": "carrier", "amount": "5.50", "currency": "JPY"}, 422),
        ({"responsible_party": "moon"}, 400),
    ],
)
def test_cost_is_exact_money(agent: Caller, charge: Any, status: int, snapshot: Any) -> None:
    assert agent.user
    leg = make_handoff_in(H.ANSWERED, make_ticket(agent.user), agent.user)
    before = snapshot()

    response = agent.post(f"handoffs/{leg.number}/close/", {"charge": charge})

    assert response.status_code == status
    assert snapshot() == before


def test_second_acceptance_is_told_what_is_possible(helper: Caller) -> None:
    giver = make_user()
    leg = make_handoff(make_ticket(giver), giver)
    ok(helper.post(f"handoffs/{leg.number}/accept/"))

    error = helper.post(f"handoffs/{leg.number}/accept/").json()["error"]

    assert error["code"] == "invalid_transition"
    assert error["allowed"] == ["returned", "answered", "declined", "closed", "withdrawn"]


def test_sending_twice_under_one_key_sends_once(agent: Caller) -> None:
    assert agent.user
    logistics()
    path = f"tickets/{make_ticket(agent.user).number}/handoffs/"
    body = {"template": "legal_advice", "question": "Ours?", "department": "logistics"}
    body["answers"] = {"claim": "double"}  # type: ignore[assignment]

    first = agent.post(path, body, Idempotency_Key="one")
    second = agent.post(path, body, Idempotency_Key="one")

    assert first.json() == second.json()
    assert Handoff.objects.count() == 1


def test_list_is_filtered_and_costs_the_same_at_one_and_three(agent: Caller) -> None:
    assert agent.user
    ticket = make_ticket(agent.user)
    first = make_handoff(ticket, agent.user)

    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            ok(agent.get(path))
        return len(queries)

    one = cost("handoffs/"), cost(f"tickets/{ticket.number}/handoffs/")
    second = make_handoff_in(H.DECLINED, ticket, agent.user)
    make_handoff(ticket, agent.user, "external")
    assert (cost("handoffs/"), cost(f"tickets/{ticket.number}/handoffs/")) == one

    def found(query: str) -> list[str]:
        return [leg["number"] for leg in ok(agent.get(f"handoffs/?{query}"))["results"]]

    assert found("status=declined") == [second.number]
    assert found("to_department=logistics") == [second.number, first.number]
    assert found("late=true") == found("late=True") == found("late=1") == []
    assert len(found("late=0")) == len(found("late=FALSE")) == len(found("late=")) == 3
    assert agent.get("handoffs/?state=declined").status_code == 400


def test_examples_are_found_by_every_word(agent: Caller) -> None:
    lead = Caller(make_user(Role.LEAD))
    assert agent.user
    example = make_example(agent.user)
    ok(lead.post(f"examples/{example.pk}/approve/"))

    assert [one["title"] for one in ok(agent.get("examples/?q=sleeve jacket"))["results"]] == [
        "Torn sleeve"
    ]
    assert ok(agent.get("examples/?q=sleeve freezer"))["results"] == []
