"""A remedy the house has agreed to is proposed: the promise to propose one ends with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from aftersales.kernel.clock import now
from clocks.checks import deviations
from clocks.models import Clock
from returns.choices import ReturnKind
from returns.services import authorizing
from returns.services.authorizing import Ground
from returns.services.money import approving
from returns.services.requesting import cancel_return
from staff.models import User
from tests.factories.money import approve, make_money_lead, make_refund, submit
from tests.factories.returns import SIGNED_AT, make_return, make_return_ticket
from tickets.models import Ticket
from tickets.services import handling
from tickets.services.files import NewFile, add_file
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
CLAIMS = {"repair": "defect", "reship": "missing_part", "refund_only": "defect"}


def proposal(ticket: Ticket) -> tuple[str, Any]:
    """How the promise of a remedy stands, and since when if it ended."""
    clock = Clock.objects.get(case_id=ticket.pk, promise="proposal")
    return clock.state, clock.stopped_at


@pytest.mark.parametrize("kind", ReturnKind.values)
def test_authorized_return_of_any_kind_ends_it(lead: User, kind: str) -> None:
    with time_machine.travel(SIGNED_AT, tick=False) as at:
        ticket = make_return_ticket(lead)
        photo = add_file(ticket.pk, NewFile("tear.txt", b"words"), actor=lead)
        claim = CLAIMS.get(kind, "changed_mind")
        rma = make_return(ticket, lead, kind=kind, claim=claim)
        at.shift(3 * HOUR)
        if rma.decided_at is None:
            assert proposal(ticket)[0] == "running"
            ground = Ground(basis="low_value", evidence=photo.pk)
            given = ground if kind == "refund_only" else None
            authorizing.authorize_return(rma.pk, actor=lead, note="Clear photos", ground=given)

        assert proposal(ticket) == ("met", rma.decided_at or now())
        assert list(deviations()) == []


def test_return_that_is_asked_for_or_declined_leaves_it_running(lead: User) -> None:
    with time_machine.travel(SIGNED_AT + timedelta(days=30), tick=False):
        ticket = make_return_ticket(lead)
        rma = make_return(ticket, lead)
        assert (rma.status, proposal(ticket)) == ("needs_review", ("running", None))

        authorizing.decline_return(rma.pk, actor=lead, reason="late", note="30 days ago.")

        assert proposal(ticket) == ("running", None)
        assert list(deviations()) == []


def test_withdrawn_return_does_not_begin_it_anew_as_a_withdrawn_proposal_does_not(
    lead: User,
) -> None:
    with time_machine.travel(SIGNED_AT, tick=False) as at:
        ticket = make_return_ticket(lead)
        rma = make_return(ticket, lead)
        at.shift(HOUR)
        cancel_return(rma.pk, actor=lead, note="keeps it")

        assert proposal(ticket) == ("met", SIGNED_AT)
        assert list(deviations()) == []


def test_return_authorized_while_we_wait_for_the_customer_ends_it_too(lead: User) -> None:
    with time_machine.travel(SIGNED_AT, tick=False) as at:
        ticket = make_return_ticket(lead)
        handling.wait(ticket.pk, actor=lead, status=TicketStatus.PENDING, note="asked for a photo")
        at.shift(HOUR)
        assert proposal(ticket)[0] == "paused"
        make_return(ticket, lead)

        assert proposal(ticket) == ("met", SIGNED_AT + HOUR)
        assert list(deviations()) == []


def test_refund_without_return_ends_it_once_it_is_approved(lead: User) -> None:
    with time_machine.travel(SIGNED_AT, tick=False) as at:
        ticket = make_return_ticket(lead)
        payment = ticket.order.payments.get()
        refund = make_refund(payment, lead, "20.00", ticket=ticket)
        submit(refund)
        assert proposal(ticket) == ("running", None)

        at.shift(2 * HOUR)
        approve(refund)

        assert proposal(ticket) == ("met", SIGNED_AT + 2 * HOUR)
        assert list(deviations()) == []


def test_refund_that_is_declined_leaves_it_running(lead: User) -> None:
    with time_machine.travel(SIGNED_AT, tick=False):
        ticket = make_return_ticket(lead)
        refund = make_refund(ticket.order.payments.get(), lead, "20.00", ticket=ticket)
        submit(refund)

        approving.decline_refund(refund.pk, actor=make_money_lead(), note="no proof")

        assert proposal(ticket) == ("running", None)
        assert list(deviations()) == []


def test_late_remedy_stays_late(lead: User) -> None:
    with time_machine.travel(SIGNED_AT, tick=False) as at:
        ticket = make_return_ticket(lead)
        at.shift(timedelta(days=6))
        make_return(ticket, lead)

        assert proposal(ticket)[0] in ("met", "breached")
        clock = Clock.objects.get(case_id=ticket.pk, promise="proposal")
        assert clock.stopped_at == SIGNED_AT + timedelta(days=6)
        assert clock.breached_at is not None
        assert list(deviations()) == []
