"""A leg between departments, to an outsider, or the case itself handed over."""

from __future__ import annotations

from typing import Any

from handoffs.models import Handoff
from handoffs.services import receiving, sending
from handoffs.services.receiving import Reply
from handoffs.statuses import HandoffStatus
from staff.models import User
from tests.factories.handoffs import make_handoff_in
from tests.factories.people import make_department
from tests.factories.tickets import make_ticket
from tests.lifecycles.cast import Cast
from tests.lifecycles.table import Call, Make, Table


def other_side(row: Any, cast: Cast) -> User:
    """An outsider's answer is written down by the giver."""
    return cast.lead if row.kind == "external" else cast.helper


def reroute(row: Any, cast: Cast) -> None:
    sending.reroute_handoff(row.pk, actor=cast.lead, department=make_department("dock"))


VERBS: dict[str, Call] = {
    "accept": lambda row, cast: receiving.accept_handoff(row.pk, actor=other_side(row, cast)),
    "assign": lambda row, cast: receiving.assign_handoff(
        row.pk, actor=other_side(row, cast), assignee=other_side(row, cast)
    ),
    "answer": lambda row, cast: receiving.answer_handoff(
        row.pk, Reply(text="It is lost."), actor=other_side(row, cast)
    ),
    "return": lambda row, cast: receiving.return_handoff(
        row.pk, actor=other_side(row, cast), note="Which parcel?"
    ),
    "decline": lambda row, cast: receiving.decline_handoff(
        row.pk, actor=other_side(row, cast), note="Not ours."
    ),
    "resend": lambda row, cast: sending.resend_handoff(row.pk, actor=cast.lead, note="SF100"),
    "reroute": reroute,
    "withdraw": lambda row, cast: sending.withdraw_handoff(row.pk, actor=cast.lead, note="found"),
    "close": lambda row, cast: sending.close_handoff(row.pk, actor=cast.lead),
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


def leg(kind: str) -> Make:
    def make(status: str, cast: Cast) -> Handoff:
        return make_handoff_in(status, make_ticket(cast.lead), cast.lead, kind)

    return make


# Who declined or is done no longer sees the case.
ASSIST = Table(
    "leg",
    HandoffStatus,
    leg("assist"),
    VERBS,
    """
              sent       accepted   returned   answered  declined   closed  withdrawn
    accept    accepted   no         no         no        unseen     unseen  unseen
    assign    sent       accepted   returned   no        unseen     unseen  unseen
    answer    no         answered   no         no        unseen     unseen  unseen
    return    returned   returned   no         no        unseen     unseen  unseen
    decline   declined   declined   no         no        unseen     unseen  unseen
    resend    no         no         sent       accepted  no         no      no
    reroute   no         no         no         no        sent       no      no
    withdraw  withdrawn  withdrawn  withdrawn  no        withdrawn  no      no
    close     no         no         no         closed    no         no      no
    """,
    events=EVENTS,
    beside={
        ("accepted", "closed"): "a transfer is accepted and done at once: the table below",
        ("returned", "accepted"): "who had accepted stays it: tests/handoffs/test_lifecycle.py",
    },
)
# Outsiders cannot be assigned to, accept nothing, and answer at once.
EXTERNAL = Table(
    "leg-to-an-outsider",
    HandoffStatus,
    leg("external"),
    VERBS,
    """
              sent       returned   answered  declined          closed  withdrawn
    accept    denied     denied     denied    denied            denied  denied
    assign    denied     denied     denied    denied            denied  denied
    answer    answered   no         no        no                no      no
    return    returned   no         no        no                no      no
    decline   declined   no         no        no                no      no
    resend    no         sent       sent      no                no      no
    reroute   no         no         no        rule:is_external  no      no
    withdraw  withdrawn  withdrawn  no        withdrawn         no      no
    close     no         no         closed    no                no      no
    """,
    events=EVENTS,
)
TRANSFER = Table(
    "leg-with-the-case",
    HandoffStatus,
    leg("transfer"),
    VERBS,
    """
              sent       returned   declined   closed  withdrawn
    accept    closed     no         unseen     no      unseen
    assign    sent       returned   unseen     no      unseen
    answer    no         no         unseen     no      unseen
    return    returned   no         unseen     no      unseen
    decline   declined   no         unseen     no      unseen
    resend    no         sent       no         no      no
    reroute   no         no         sent       no      no
    withdraw  withdrawn  withdrawn  withdrawn  no      no
    close     no         no         no         no      no
    """,
    events=EVENTS,
    passing={("sent", "closed")},
)

TABLES = [ASSIST, EXTERNAL, TRANSFER]
