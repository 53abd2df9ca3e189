"""What a leg's lifecycle does beyond its table (``tests/lifecycles/legs.py``)."""

from __future__ import annotations

import pytest

from aftersales.kernel.errors import InvalidTransition
from handoffs.services import receiving, sending
from handoffs.statuses import HandoffStatus as H
from tests.factories.handoffs import make_handoff_in, make_helper
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db


def test_resending_goes_back_to_whoever_had_accepted() -> None:
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
