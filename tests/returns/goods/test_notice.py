"""When the customer told us of a return: the time allowed and the shop's duties run by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from aftersales.kernel.context import Source, entering
from compliance.models import AuditEvent
from returns.models import ReturnAuthorization
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.people import make_user
from tests.factories.returns import (
    SIGNED_AT,
    make_delivered_order,
    make_return,
    make_return_ticket,
)
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def day_after_delivery() -> Iterator[None]:
    with time_machine.travel(SIGNED_AT + DAY, tick=False):
        yield


@pytest.fixture
def agent() -> User:
    return make_user(Role.AGENT)


def test_notice_of_the_customer_counts_not_our_typing(agent: User) -> None:
    """A11: the case came in time, we enter the return much later."""
    ticket = make_return_ticket(agent)

    with time_machine.travel(SIGNED_AT + 60 * DAY, tick=False):
        rma = make_return(ticket, agent)

    assert (rma.noticed_at, rma.outcome) == (ticket.received_at, "eligible")


def on_the_page(ticket: Ticket, **told: Any) -> ReturnAuthorization:
    """The customer asks on the status page."""
    with entering(source=Source.PORTAL):
        return make_return(ticket, system_actor(), **told)


@pytest.mark.parametrize(("days", "is_notice"), [(14, True), (15, False), (90, False)])
def test_form_on_the_page_belongs_to_the_case_for_a_while(
    agent: User, days: int, is_notice: bool
) -> None:
    ticket = make_return_ticket(agent)
    moment = ticket.received_at + days * DAY

    with time_machine.travel(moment, tick=False):
        rma = on_the_page(ticket)

    told = ("eligible", "authorized") if is_notice else ("not_eligible", "needs_review")
    assert (rma.outcome, rma.status) == told
    assert rma.noticed_at == (ticket.received_at if is_notice else moment)
    event = AuditEvent.objects.get(code="returns.requested")
    assert event.occurred_at == rma.noticed_at


@pytest.mark.parametrize("before", ["placed", "delivered"])
@pytest.mark.parametrize("is_typed", [True, False])
def test_case_older_than_the_goods_did_not_ask_for_them(
    agent: User, before: str, is_typed: bool
) -> None:
    """The order was put on a case that came in before it, or before it arrived."""
    ticket = make_return_ticket(agent, order=None)
    at = {"placed": SIGNED_AT + 2 * DAY, "delivered": datetime(2026, 3, 2, tzinfo=UTC)}[before]
    signed = SIGNED_AT + 3 * DAY
    ticket.order = make_delivered_order(signed.isoformat(), placed_at=at.isoformat())
    ticket.customer = ticket.order.customer
    ticket.save(update_fields=["order", "customer"])
    moment = signed + 90 * DAY

    with time_machine.travel(moment, tick=False):
        rma = make_return(ticket, agent) if is_typed else on_the_page(ticket)

    assert (rma.noticed_at, rma.outcome, rma.status) == (moment, "not_eligible", "needs_review")


def test_time_somebody_states_is_taken_as_said(agent: User) -> None:
    ticket = make_return_ticket(agent)

    with time_machine.travel(SIGNED_AT + 90 * DAY, tick=False):
        rma = make_return(ticket, agent, noticed_at=SIGNED_AT + 3 * DAY)

    assert (rma.noticed_at, rma.outcome) == (SIGNED_AT + 3 * DAY, "eligible")
