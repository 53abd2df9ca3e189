"""Who sees a case through a leg, for how long, and who may do what on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from aftersales.kernel.errors import NotPermitted
from handoffs.models import Handoff
from handoffs.services import receiving, sending
from handoffs.services.receiving import Reply
from handoffs.statuses import HandoffStatus as H
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.handoffs import (
    logistics,
    make_ask,
    make_handoff,
    make_handoff_in,
    make_helper,
)
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket
from tickets.models import Ticket
from tickets.queries.queue import Scope

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("status", "sees"),
    [
        (H.SENT, True),
        (H.ACCEPTED, True),
        (H.RETURNED, True),
        (H.ANSWERED, True),
        (H.DECLINED, False),
        (H.CLOSED, False),
        (H.WITHDRAWN, False),
    ],
)
def test_abuse_67_asked_department_sees_the_case_as_long_as_the_leg_lasts(
    status: H, sees: bool
) -> None:
    giver, other = make_user(Role.LEAD), make_helper()
    ticket = make_ticket(giver)
    assert not Ticket.objects.visible_to(other).exists()

    make_handoff_in(status, ticket, giver)

    assert Ticket.objects.visible_to(other).exists() == sees
    assert Scope.of(other).tickets().exists() == sees
    assert Handoff.objects.visible_to(other).exists() == sees
    assert Handoff.objects.visible_to(giver).exists()


def test_other_departments_and_other_cases_stay_hidden() -> None:
    giver, other = make_user(), make_helper()
    asked = make_ticket(giver)
    make_ticket(giver)
    make_handoff(asked, giver)
    stranger = make_user(department=make_department("elsewhere"))
    homeless = make_user(department=None)

    assert list(Ticket.objects.visible_to(other)) == [asked]
    assert not Ticket.objects.visible_to(stranger).exists()
    assert not Ticket.objects.visible_to(homeless).exists()
    assert not Handoff.objects.visible_to(stranger).exists()
    assert Handoff.objects.visible_to(make_user(Role.AUDITOR)).count() == 1
    assert not Handoff.objects.visible_to(make_user(Role.SERVICE_ACCOUNT)).exists()


def test_question_to_an_outsider_shows_the_case_to_nobody_new() -> None:
    giver, other = make_user(), make_helper()

    make_handoff(make_ticket(giver), giver, "external")

    assert not Ticket.objects.visible_to(other).exists()


Call = Callable[[Handoff, User], Any]
RECEIVING: dict[str, tuple[H, Call]] = {
    "accept": (H.SENT, lambda leg, by: receiving.accept_handoff(leg.pk, actor=by)),
    "answer": (
        H.ACCEPTED,
        lambda leg, by: receiving.answer_handoff(leg.pk, Reply(text="Lost."), actor=by),
    ),
    "return": (H.SENT, lambda leg, by: receiving.return_handoff(leg.pk, actor=by, note="which?")),
    "decline": (H.SENT, lambda leg, by: receiving.decline_handoff(leg.pk, actor=by, note="no.")),
}
GIVING: dict[str, tuple[H, Call]] = {
    "resend": (H.RETURNED, lambda leg, by: sending.resend_handoff(leg.pk, actor=by, note="SF1")),
    "reroute": (
        H.DECLINED,
        lambda leg, by: sending.reroute_handoff(
            leg.pk, actor=by, department=make_department("warehouse", kind="warehouse")
        ),
    ),
    "withdraw": (H.SENT, lambda leg, by: sending.withdraw_handoff(leg.pk, actor=by, note="ok")),
    "close": (H.ANSWERED, lambda leg, by: sending.close_handoff(leg.pk, actor=by)),
}


@pytest.mark.parametrize("verb", list(RECEIVING))
@pytest.mark.parametrize("role", [Role.WAREHOUSE, Role.FINANCE, Role.QUALITY, Role.SUPPLIER_DESK])
def test_every_helping_role_of_the_asked_department_may(verb: str, role: str) -> None:
    giver, helper = make_user(), make_helper(role)
    status, call = RECEIVING[verb]

    call(make_handoff_in(status, make_ticket(giver), giver), helper)

    assert Handoff.objects.get().turns.last().by == helper


@pytest.mark.parametrize("verb", [*RECEIVING, *GIVING])
def test_others_may_not(verb: str, snapshot: Any) -> None:
    """None: stranger. Wrong department: the other side of the leg. Right: tested above."""
    giver = make_user()
    status, call = (RECEIVING | GIVING)[verb]
    make_department("warehouse", kind="warehouse")
    leg = make_handoff_in(status, make_ticket(giver), giver)
    wrong = giver if verb in RECEIVING else make_helper()
    stranger = make_user(department=make_department("elsewhere"))
    auditor = make_user(Role.AUDITOR, department=None)
    before = snapshot()

    with pytest.raises((NotPermitted, Handoff.DoesNotExist)):
        call(leg, wrong)
    with pytest.raises(Handoff.DoesNotExist):
        call(leg, stranger)
    with pytest.raises(NotPermitted):
        call(leg, auditor)

    assert snapshot() == before


@pytest.mark.parametrize("verb", list(GIVING))
def test_asking_side_and_the_machine_may(verb: str) -> None:
    giver, colleague = make_user(), make_user()
    status, call = GIVING[verb]

    call(make_handoff_in(status, make_ticket(giver), giver), colleague)
    call(make_handoff_in(status, make_ticket(giver), giver), system_actor())

    assert Handoff.objects.count() == 2


def test_helpers_ask_others_but_do_not_give_away_what_is_not_theirs(snapshot: Any) -> None:
    giver, other = make_user(), make_helper()
    ticket = make_ticket(giver)
    make_handoff(ticket, giver)
    warehouse = make_department("warehouse", kind="warehouse")
    before = snapshot()

    with pytest.raises(NotPermitted):
        sending.send_handoff(ticket.pk, make_ask("transfer", department=warehouse), actor=other)
    with pytest.raises(NotPermitted):
        sending.send_handoff(
            ticket.pk, make_ask(department=warehouse), actor=make_helper(Role.WAREHOUSE)
        )
    after = snapshot()
    assert after["legs"] == before["legs"]

    leg = sending.send_handoff(ticket.pk, make_ask(department=warehouse), actor=other)
    assert (leg.from_department, leg.to_department) == (logistics(), warehouse)


def test_only_who_can_work_on_cases_takes_one_over(snapshot: Any) -> None:
    giver, helper = make_user(), make_helper(Role.WAREHOUSE)
    leg = make_handoff(make_ticket(giver), giver, "transfer")
    before = snapshot()

    with pytest.raises(NotPermitted):
        receiving.accept_handoff(leg.pk, actor=helper)

    assert snapshot() == before
