"""How long a customer may still ask for a return, as a clock of the case (law.md 6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation

from clocks.checks import deviations
from clocks.models import Clock, ClockStep
from clocks.queries.explain import explain
from clocks.sweep import sweep_due
from compliance.models import AuditEvent
from returns.services import requesting
from staff.models import User
from staff.services import system_actor
from tests.factories.returns import (
    SIGNED_AT,
    make_delivered_order,
    make_return,
    make_return_ticket,
)
from tests.factories.tickets import make_ticket
from tickets.models import Ticket
from tickets.services import handling, outcome
from tickets.services.handling import Details

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
# Signed on 24 September 2026; the seventh day falls into the holiday and rolls to 8 October.
ENDS_AT = datetime(2026, 10, 8, 16, tzinfo=UTC)


def windows(ticket: Ticket, code: str = "cn-nrr-window") -> list[Clock]:
    return list(Clock.objects.filter(case_id=ticket.pk, rule__code=code).order_by("id"))


def states(ticket: Ticket, code: str = "cn-nrr-window") -> list[tuple[str, datetime | None]]:
    return [(clock.state, clock.due_at) for clock in windows(ticket, code)]


def test_window_runs_before_anything_is_asked_consumer_law_25_measures_10(lead: User) -> None:
    with time_machine.travel(SIGNED_AT + DAY, tick=False):
        ticket = make_return_ticket(lead)

    assert states(ticket) == [("running", ENDS_AT)]
    assert states(ticket, "cn-q-ret7") == [("running", ENDS_AT)]
    ticket.refresh_from_db()
    assert ticket.due_at != ENDS_AT  # a right of the customer sorts no queue


def test_quality_window_is_only_shown_where_a_fault_may_be_meant(lead: User) -> None:
    with time_machine.travel(SIGNED_AT + DAY, tick=False):
        ticket = make_return_ticket(lead, kind="consultation")

    assert states(ticket) == [("running", ENDS_AT)]
    assert states(ticket, "cn-q-ret7") == []


@pytest.mark.parametrize(
    "order",
    [
        pytest.param({"delivered_at": None}, id="still under way"),
        pytest.param({"is_business": True}, id="bought for a business"),
        pytest.param({"address": "", "shipments": []}, id="handed over in a shop"),
    ],
)
def test_no_window_where_the_law_gives_none(lead: User, order: dict[str, object]) -> None:
    with time_machine.travel(SIGNED_AT + DAY, tick=False):
        ticket = make_return_ticket(lead, order=make_delivered_order(**order))

    assert states(ticket) == []


@pytest.mark.parametrize(
    "order",
    [
        pytest.param({"delivered_at": None}, id="still under way"),
        pytest.param({"shipments": []}, id="never shipped"),
    ],
)
def test_fault_of_goods_not_known_to_be_delivered_waits_for_a_person(
    lead: User, order: dict[str, object]
) -> None:
    with time_machine.travel(SIGNED_AT + DAY, tick=False):
        ticket = make_return_ticket(lead, order=make_delivered_order(**order))
        rma = make_return(ticket, lead, claim="defect")

    assert (rma.status, rma.outcome) == ("needs_review", "needs_person")
    assert rma.verdicts[0][1].decided_by == "Q01"


def test_window_that_is_over_starts_no_clock(lead: User) -> None:
    with time_machine.travel(ENDS_AT, tick=False):
        ticket = make_return_ticket(lead)

    assert states(ticket) == []


def test_asking_ends_the_window_and_withdrawing_opens_it_again_civil_code_203(lead: User) -> None:
    with time_machine.travel(SIGNED_AT + DAY, tick=False):
        ticket = make_return_ticket(lead)
        rma = make_return(ticket, lead)
        asked = states(ticket)
        requesting.cancel_return(rma.pk, actor=lead, note="kept it")

    assert asked == [("met", ENDS_AT)]
    assert states(ticket) == [("met", ENDS_AT), ("running", ENDS_AT)]


def test_order_put_on_the_case_later_opens_the_window(lead: User) -> None:
    order = make_delivered_order()
    with time_machine.travel(SIGNED_AT + DAY, tick=False):
        ticket = make_ticket(lead, kind="consultation", customer=order.customer)
        assert states(ticket) == []
        handling.change_details(ticket.pk, Details(order=order), actor=lead)

    assert states(ticket) == [("running", ENDS_AT)]
    assert list(deviations()) == []


def test_another_order_moves_the_window_and_says_so(lead: User) -> None:
    buyer = {"customer": {"external_id": "C-twice", "name": "王芳", "phone": "13900000000"}}
    first = make_delivered_order(**buyer)
    second = make_delivered_order("2026-10-12T10:00:00+08:00", **buyer)
    with time_machine.travel(SIGNED_AT + DAY, tick=False):
        ticket = make_return_ticket(lead, order=first)
        handling.change_details(ticket.pk, Details(order=second), actor=lead)

    assert states(ticket) == [("running", datetime(2026, 10, 19, 16, tzinfo=UTC))]
    moved = AuditEvent.objects.get(code="clocks.reevaluated", case_id=ticket.pk)
    assert [change["promise"] for change in moved.data["changes"]] == [
        "law_return_window",
        "law_quality_window",
    ]


def test_window_runs_out_and_nobody_is_late(lead: User) -> None:
    with time_machine.travel(SIGNED_AT + DAY, tick=False):
        ticket = make_return_ticket(lead)
    events = AuditEvent.objects.filter(case_id=ticket.pk, code="clocks.breached")
    with time_machine.travel(ENDS_AT + DAY, tick=False):
        sweep_due(actor=system_actor())
        (window,) = windows(ticket)

    assert (window.state, window.stopped_at, window.next_step_at) == ("expired", ENDS_AT, None)
    assert window.breached_at is None
    assert not events.filter(data__promise="law_return_window").exists()
    assert not ClockStep.objects.filter(clock=window).exists()
    assert explain(window)[-2].text.startswith("Ran out at 9 Oct 2026, 00:00")


def test_window_that_ran_out_unswept_is_over_when_the_next_event_comes(lead: User) -> None:
    with time_machine.travel(SIGNED_AT + DAY, tick=False):
        ticket = make_return_ticket(lead)
    with time_machine.travel(ENDS_AT + DAY, tick=False):
        outcome.cancel_ticket(ticket.pk, actor=lead, note="Asked twice.")

    assert states(ticket) == [("expired", ENDS_AT)]
    assert windows(ticket)[0].stopped_at == ENDS_AT


def test_request_told_in_time_but_entered_late_keeps_the_window_measures_10(lead: User) -> None:
    """The case was opened inside the window: that is when the customer told us."""
    with time_machine.travel(SIGNED_AT + DAY, tick=False):
        ticket = make_return_ticket(lead)
    with time_machine.travel(ENDS_AT + DAY, tick=False):
        make_return(ticket, lead)

    assert states(ticket) == [("met", ENDS_AT)]


def test_closing_the_case_ends_the_clock(lead: User) -> None:
    with time_machine.travel(SIGNED_AT + DAY, tick=False):
        ticket = make_return_ticket(lead)
        outcome.cancel_ticket(ticket.pk, actor=lead, note="Asked twice.")

    assert states(ticket) == [("canceled", ENDS_AT)]


def test_case_page_tells_how_long_the_customer_may_ask(lead: User, client: Client) -> None:
    with time_machine.travel(SIGNED_AT + DAY, tick=False), translation.override("en"):
        ticket = make_return_ticket(lead)
        client.force_login(lead)
        page = client.get(reverse("admin:tickets_ticket_change", args=[ticket.number]))

    assert "Time left to ask for a return without a reason" in page.text
    assert "9 Oct 2026, 00:00" in page.text
