"""The outsider's key: one leg, one firm, for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, NotPermitted, RuleViolated
from compliance.models import AuditEvent
from handoffs.models import Handoff, PartyLink
from handoffs.services import party_links, receiving, sending
from handoffs.services.receiving import Reply
from handoffs.services.sending import Outsider
from handoffs.statuses import HandoffStatus as H
from staff.services import system_actor
from tests.factories.handoffs import make_handoff, make_handoff_in, make_helper
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket
from tickets.links import link_token as customer_token

pytestmark = pytest.mark.django_db


def token_of(url: str) -> str:
    return url.rstrip("/").rsplit("/", 1)[1]


def test_abuse_71_link_opens_its_leg_until_it_expires_or_is_revoked() -> None:
    giver = make_user()
    leg = make_handoff(make_ticket(giver), giver, "external")
    token = token_of(party_links.give_party_link(leg.pk, actor=giver))
    assert party_links.leg_of_token(token) == leg
    with time_machine.travel(now() + timedelta(days=settings.PARTY_LINK_DAYS), tick=False):
        assert party_links.leg_of_token(token) is None

    assert party_links.revoke_party_links(leg.pk, actor=giver, note="wrong firm") == 1

    assert party_links.leg_of_token(token) is None
    with pytest.raises(InvalidTransition, match="no live link"):
        party_links.revoke_party_links(leg.pk, actor=giver, note="again")


def test_abuse_71_forged_and_foreign_tokens_open_nothing() -> None:
    giver = make_user()
    leg = make_handoff(make_ticket(giver), giver, "external")
    token = token_of(party_links.give_party_link(leg.pk, actor=giver))
    public_id = PartyLink.objects.get().public_id

    for wrong in ("", "x", f"{public_id.hex}:forged", token[:-1], customer_token(public_id)):
        assert party_links.leg_of_token(wrong) is None


@pytest.mark.parametrize("status", [H.CLOSED, H.WITHDRAWN, H.DECLINED])
def test_link_ends_with_its_leg(status: H) -> None:
    giver = make_user()
    leg = make_handoff(make_ticket(giver), giver, "external")
    token = token_of(party_links.give_party_link(leg.pk, actor=giver))
    if status == H.DECLINED:
        receiving.decline_handoff(leg.pk, actor=giver, note="not theirs")
    elif status == H.WITHDRAWN:
        sending.withdraw_handoff(leg.pk, actor=giver, note="found")
    else:
        receiving.answer_handoff(leg.pk, Reply(text="Lost."), actor=giver)
        sending.close_handoff(leg.pk, actor=giver)

    assert party_links.leg_of_token(token) is None


def test_one_mail_tells_the_outsider_where_to_answer_in_their_language() -> None:
    giver = make_user()
    leg = make_handoff_in(H.RETURNED, make_ticket(giver, language="zh-hans"), giver, "external")
    sending.resend_handoff(leg.pk, actor=giver, note="It is SF100.")

    first, second = leg.ticket.mails.order_by("pk")

    link = party_links.give_party_link(leg.pk, actor=giver)
    assert (first.to_address, first.subject) == ("trace@sf.example", f"Question {leg.number}")
    assert "Where is the parcel?" in first.body
    assert "It is SF100." in second.body
    assert link in first.body
    assert link in second.body
    assert PartyLink.objects.count() == 1
    assert "Jacket arrived torn" not in first.body


def test_outsider_without_address_gets_the_link_by_hand() -> None:
    giver = make_user()

    leg = make_handoff(make_ticket(giver), giver, "external", outsider=Outsider(name="SF"))

    assert leg.ticket.mails.count() == 0
    assert PartyLink.objects.count() == 0
    assert "/h/" in party_links.give_party_link(leg.pk, actor=giver)


def test_answer_by_link_stands_in_the_outsiders_name() -> None:
    giver = make_user()
    leg = make_handoff(make_ticket(giver), giver, "external")

    leg = receiving.answer_handoff(
        leg.pk, Reply(text="Lost.", said_by="Mr. Wang"), actor=system_actor()
    )

    assert (leg.answered_for, leg.answered_by) == ("Mr. Wang (SF Express)", system_actor())
    assert leg.turns.last().by_name == "Mr. Wang (SF Express)"
    assert AuditEvent.objects.get(code="handoffs.answered").data["to"] == "SF Express"


def test_links_are_for_questions_to_outsiders_only(snapshot: Any) -> None:
    giver, other = make_user(), make_helper()
    stranger = make_user(department=make_department("elsewhere"))
    ticket = make_ticket(giver)
    inside = make_handoff(ticket, giver)
    outside = make_handoff(ticket, giver, "external")
    before = snapshot()

    with pytest.raises(RuleViolated, match="Only a question to an outsider"):
        party_links.give_party_link(inside.pk, actor=giver)
    with pytest.raises(NotPermitted):
        party_links.give_party_link(outside.pk, actor=other)
    with pytest.raises(Handoff.DoesNotExist):
        party_links.give_party_link(outside.pk, actor=stranger)

    assert snapshot() == before
