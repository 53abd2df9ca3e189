"""Before goods are sent nothing can come back: the money is asked for instead."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from aftersales.kernel.errors import RuleViolated
from compliance.models import AuditEvent
from returns.models import ReturnAuthorization
from returns.services import authorizing
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_user
from tests.factories.returns import make_delivered_order, make_return, make_return_ticket
from tests.returns.goods.test_portal import ask
from tests.tickets.portal_page import text_of
from tickets.services.files import NewFile, add_file

pytestmark = pytest.mark.django_db
UNSENT: dict[str, Any] = {"status": "paid", "shipments": []}
TOLD = (
    "This order was not sent yet, so nothing can come back."
    " Ask for “Refund without return”, then it is canceled."
)


@pytest.fixture
def agent() -> User:
    return make_user(Role.AGENT)


@pytest.mark.parametrize(
    ("kind", "claim"),
    [("return_and_refund", "changed_mind"), ("exchange", "does_not_fit"), ("repair", "defect")],
)
def test_goods_that_were_never_sent_do_not_come_back(agent: User, kind: str, claim: str) -> None:
    ticket = make_return_ticket(agent, make_delivered_order(**UNSENT))
    events = AuditEvent.objects.count()

    with pytest.raises(RuleViolated) as refusal:
        make_return(ticket, agent, kind=kind, claim=claim)

    assert str(refusal.value) == TOLD
    assert (refusal.value.code, refusal.value.field) == ("not_sent", "kind")
    assert ReturnAuthorization.objects.count() == 0
    assert AuditEvent.objects.count() == events


def test_order_that_was_never_sent_is_refunded_by_a_person_on_that_ground(agent: User) -> None:
    ticket = make_return_ticket(agent, make_delivered_order(**UNSENT))
    rma = make_return(ticket, agent, kind="refund_only")
    proof = add_file(ticket.pk, NewFile("shop.txt", b"not sent"), actor=agent)
    ground = authorizing.Ground(basis="not_sent", evidence=proof.pk)
    assert (rma.outcome, rma.status) == ("needs_person", "needs_review")

    done = authorizing.authorize_return(
        rma.pk, actor=agent, ground=ground, note="the shop stopped the parcel"
    )

    assert (done.status, done.refund_basis, done.expects_goods) == ("inspected", "not_sent", False)


@pytest.mark.parametrize(
    "order",
    [
        pytest.param({"status": "paid"}, id="with a parcel already"),
        pytest.param({"status": "shipped", "shipments": []}, id="parcel not told to us"),
        pytest.param({"status": "paid", "shipments": [], "address": ""}, id="handed over"),
    ],
)
def test_goods_that_left_the_shop_may_come_back(agent: User, order: dict[str, Any]) -> None:
    rma = make_return(make_return_ticket(agent, make_delivered_order(**order)), agent)

    assert rma.expects_goods


def test_customer_reads_what_to_ask_for_instead(client: Client, agent: User) -> None:
    ticket = make_return_ticket(agent, make_delivered_order(**UNSENT))

    refused = ask(client, ticket, remark="I chose the wrong size.")
    taken = ask(client, ticket, kind="refund_only")

    assert refused.status_code == 422
    assert TOLD in text_of(refused)
    assert "I chose the wrong size." in refused.content.decode()
    assert "We have your request. A colleague looks at it." in text_of(taken)
    assert ReturnAuthorization.objects.get().kind == "refund_only"
