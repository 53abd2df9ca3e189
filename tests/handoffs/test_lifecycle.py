"""Every status of a leg against every verb, as the table says; a refusal leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from aftersales.kernel.errors import DomainError, InvalidTransition
from compliance.models import AuditEvent
from handoffs.models import Handoff
from handoffs.services import receiving, sending
from handoffs.services.receiving import Reply
from handoffs.statuses import HandoffStatus as H
from staff.models import User
from staff.roles import Role
from tests.factories.handoffs import make_handoff_in, make_helper
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db

Verb = Callable[[Handoff, User, User], Any]
Table = dict[str, tuple[Verb, dict[H, H]]]


def warehouse() -> Any:
    return make_department("warehouse", kind="warehouse")


# verb → (call with giver and receiver, status → status afterwards; any other refuses)
ASSIST: Table = {
    "accept": (
        lambda leg, giver, other: receiving.accept_handoff(leg.pk, actor=other),
        {H.SENT: H.ACCEPTED},
    ),
    "assign": (
        lambda leg, giver, other: receiving.assign_handoff(leg.pk, actor=other, assignee=other),
        {H.SENT: H.SENT, H.ACCEPTED: H.ACCEPTED, H.RETURNED: H.RETURNED},
    ),
    "answer": (
        lambda leg, giver, other: receiving.answer_handoff(
            leg.pk, Reply(text="It is lost."), actor=other
        ),
        {H.ACCEPTED: H.ANSWERED},
    ),
    "return": (
        lambda leg, giver, other: receiving.return_handoff(
            leg.pk, actor=other, note="Which parcel?"
        ),
        {H.SENT: H.RETURNED, H.ACCEPTED: H.RETURNED},
    ),
    "decline": (
        lambda leg, giver, other: receiving.decline_handoff(leg.pk, actor=other, note="Not ours."),
        {H.SENT: H.DECLINED, H.ACCEPTED: H.DECLINED},
    ),
    "resend": (
        lambda leg, giver, other: sending.resend_handoff(leg.pk, actor=giver, note="SF100"),
        {H.RETURNED: H.SENT, H.ANSWERED: H.ACCEPTED},
    ),
    "reroute": (
        lambda leg, giver, other: sending.reroute_handoff(
            leg.pk, actor=giver, department=warehouse()
        ),
        {H.DECLINED: H.SENT},
    ),
    "withdraw": (
        lambda leg, giver, other: sending.withdraw_handoff(leg.pk, actor=giver, note="found"),
        {
            H.SENT: H.WITHDRAWN,
            H.ACCEPTED: H.WITHDRAWN,
            H.RETURNED: H.WITHDRAWN,
            H.DECLINED: H.WITHDRAWN,
        },
    ),
    "close": (
        lambda leg, giver, other: sending.close_handoff(leg.pk, actor=giver),
        {H.ANSWERED: H.CLOSED},
    ),
}
EVENTS = {
    "accept": "handoffs.accepted",
    "assign": "handoffs.assigned",
    "answer": "handoffs.answered",
    "return": "handoffs.returned",
    "decline": "handoffs.declined",
    "resend": "handoffs.resent",
    "reroute": "handoffs.rerouted",
    "withdraw": "handoffs.withdrawn",
    "close": "handoffs.closed",
}
# Outsiders cannot be assigned to, accept nothing, and answer at once.
EXTERNAL: dict[str, dict[H, H]] = {
    **{verb: after for verb, (_call, after) in ASSIST.items()},
    "accept": {},
    "assign": {},
    "answer": {H.SENT: H.ANSWERED},
    "return": {H.SENT: H.RETURNED},
    "decline": {H.SENT: H.DECLINED},
    "resend": {H.RETURNED: H.SENT, H.ANSWERED: H.SENT},
    "reroute": {},
}
TRANSFER: dict[str, dict[H, H]] = {
    "accept": {H.SENT: H.CLOSED},
    "assign": {H.SENT: H.SENT, H.RETURNED: H.RETURNED},
    "answer": {},
    "return": {H.SENT: H.RETURNED},
    "decline": {H.SENT: H.DECLINED},
    "resend": {H.RETURNED: H.SENT},
    "reroute": {H.DECLINED: H.SENT},
    "withdraw": {H.SENT: H.WITHDRAWN, H.RETURNED: H.WITHDRAWN, H.DECLINED: H.WITHDRAWN},
    "close": {},
}


def check(kind: str, verb: str, status: H, after: dict[H, H], snapshot: Any) -> None:
    giver, other = make_user(Role.LEAD), make_helper()
    warehouse()
    leg = make_handoff_in(status, make_ticket(giver), giver, kind)
    before = snapshot()
    call = ASSIST[verb][0]

    if status in after:
        call(leg, giver, giver if kind == "external" else other)
        leg.refresh_from_db()
        assert leg.status == after[status]
        event = AuditEvent.objects.filter(subject_type="handoffs.handoff").latest("pk")
        assert (event.code, event.subject_id, event.case_id) == (
            EVENTS[verb],
            leg.pk,
            leg.ticket_id,
        )
        return

    # Who declined or is done no longer sees the case.
    with pytest.raises((DomainError, Handoff.DoesNotExist)):
        call(leg, giver, giver if kind == "external" else other)
    assert snapshot() == before


@pytest.mark.parametrize("status", list(H))
@pytest.mark.parametrize("verb", list(ASSIST))
def test_assist_moves_exactly_as_the_table_says(verb: str, status: H, snapshot: Any) -> None:
    check("assist", verb, status, ASSIST[verb][1], snapshot)


@pytest.mark.parametrize("status", [H.SENT, H.RETURNED, H.ANSWERED, H.DECLINED, H.CLOSED])
@pytest.mark.parametrize("verb", list(EXTERNAL))
def test_external_moves_exactly_as_the_table_says(verb: str, status: H, snapshot: Any) -> None:
    check("external", verb, status, EXTERNAL[verb], snapshot)


@pytest.mark.parametrize("status", [H.SENT, H.RETURNED, H.DECLINED, H.CLOSED, H.WITHDRAWN])
@pytest.mark.parametrize("verb", list(TRANSFER))
def test_transfer_moves_exactly_as_the_table_says(verb: str, status: H, snapshot: Any) -> None:
    check("transfer", verb, status, TRANSFER[verb], snapshot)


def test_every_move_of_the_table_is_reached_by_some_verb() -> None:
    tables = [{verb: after for verb, (_c, after) in ASSIST.items()}, EXTERNAL, TRANSFER]
    reached = {pair for table in tables for after in table.values() for pair in after.items()} - {
        (status, status) for status in H
    }
    # A transfer passes «accepted» on its way to «done»; a leg accepted before goes back there.
    reached = reached - {(H.SENT, H.CLOSED)} | {(H.ACCEPTED, H.CLOSED), (H.RETURNED, H.ACCEPTED)}

    assert reached == {(one, to) for one, targets in H.transitions().items() for to in targets}


def test_resending_goes_back_to_whoever_had_accepted(snapshot: Any) -> None:
    giver, other = make_user(), make_helper()
    leg = make_handoff_in(H.ACCEPTED, make_ticket(giver), giver)
    receiving.return_handoff(leg.pk, actor=other, note="Which parcel?")

    leg = sending.resend_handoff(leg.pk, actor=giver, note="SF100")

    assert (leg.status, leg.ping_pong_count) == (H.ACCEPTED, 2)
    assert leg.accepted_by is not None
    assert [(turn.verb, turn.text) for turn in leg.turns.all()] == [
        ("sent", "Where is the parcel?"),
        ("accepted", ""),
        ("returned", "Which parcel?"),
        ("resent", "SF100"),
    ]


def test_repeated_acceptance_names_where_it_stands() -> None:
    giver, other = make_user(), make_helper()
    leg = make_handoff_in(H.ACCEPTED, make_ticket(giver), giver)

    with pytest.raises(InvalidTransition) as refusal:
        receiving.accept_handoff(leg.pk, actor=other)

    assert str(refusal.value) == f"{leg.number} is “Accepted”; this cannot be done now."
    assert refusal.value.allowed == ("returned", "answered", "declined", "closed", "withdrawn")
