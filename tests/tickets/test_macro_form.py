"""What the desk says after a macro."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages

from tests.factories.people import make_user
from tests.factories.tickets import (
    make_ticket,
)
from tests.tickets.case_page import (
    do,
    page_of,
    signed_in,
)
from tickets.models import Draft, Macro, SavedReply, Tag
from tickets.services import (
    conversation,
)

pytestmark = pytest.mark.django_db


def test_macro_leaves_its_answer_below_the_draft_and_opens_the_proposal() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    text = SavedReply(name="Exchange", body="We exchange it.")
    text.save()
    macro = Macro(name="Exchange", reply=text, propose_remedy="exchange")
    macro.save()
    conversation.save_draft(ticket.pk, actor=agent, kind="outbound", body="Dear Ms Li,")

    response = do(agent, ticket, "macro", tool=macro.pk)

    assert response.url == f"{page_of(ticket)}?tab=propose&remedy=exchange"
    assert Draft.objects.get(ticket=ticket).body == "Dear Ms Li,\n\nWe exchange it."
    page = signed_in(agent).get(response.url).content.decode()
    assert 'id="tab-propose" value="propose" checked' in page
    assert '<option value="exchange" selected>' in page


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"set_priority": "high"}, "Macro applied: priority “High”."),
        (
            {
                "add_tags": ["vip", "gift"],
                "set_status": "pending",
                "follow_up_kind": "call_back",
                "follow_up_days": 2,
                "assign_to_me": True,
            },
            "Macro applied: tags vip, gift; follow-up “Call back” planned;"
            " now “Waiting for customer”; assigned to you.",
        ),
        ({}, "Macro applied."),
    ],
)
def test_a_macro_without_an_answer_says_what_it_did(values: dict[str, Any], said: str) -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    for slug in values.get("add_tags", ()):
        Tag(slug=slug).save()
    macro = Macro(name="Hurry", **values)
    macro.save()

    response = do(agent, ticket, "macro", tool=macro.pk)

    assert [str(one) for one in get_messages(response.wsgi_request)] == [said]
    assert not Draft.objects.exists()


def test_a_macro_with_an_answer_asks_to_look_at_it() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    text = SavedReply(name="Exchange", body="We exchange it.")
    text.save()
    macro = Macro(name="Exchange", reply=text, set_priority="high")
    macro.save()

    response = do(agent, ticket, "macro", tool=macro.pk)

    told = [str(one) for one in get_messages(response.wsgi_request)]
    assert told == ["Macro applied; look at the answer before you send it."]
