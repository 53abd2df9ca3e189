"""The case itself: every verb of its life."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from aftersales.kernel.clock import now
from staff.models import User
from tests.factories.tickets import make_ticket_in
from tests.lifecycles.cast import Cast
from tests.lifecycles.table import Call, Table
from tickets.models import Ticket
from tickets.services import (
    conversation,
    follow_ups,
    handling,
    investigation,
    joining,
    opening,
    outcome,
    proposals,
    ratings,
)
from tickets.services.handling import Assessment, Details
from tickets.services.proposals import Offer
from tickets.statuses import TicketStatus

# What whoever has the right can do to a case by itself; verb → call.
ALONE: dict[str, Callable[[Ticket, User], object]] = {
    "acknowledge": lambda t, a: handling.acknowledge(t.pk, actor=a),
    "assess": lambda t, a: handling.assess(t.pk, Assessment(priority="high"), actor=a),
    "change_details": lambda t, a: handling.change_details(
        t.pk, Details(subject="Torn sleeve"), actor=a
    ),
    "route": lambda t, a: handling.route(t.pk, actor=a, department=t.department),
    "assign": lambda t, a: handling.assign(t.pk, actor=a, assignee=a),
    "wait_for_customer": lambda t, a: handling.wait(t.pk, actor=a, status=TicketStatus.PENDING),
    "wait_for_others": lambda t, a: handling.wait(
        t.pk, actor=a, status=TicketStatus.ON_HOLD, note="carrier"
    ),
    "resume": lambda t, a: handling.resume(t.pk, actor=a),
    "reply": lambda t, a: conversation.reply(t.pk, actor=a, body="We look into it."),
    "note": lambda t, a: conversation.note(t.pk, actor=a, body="Called the warehouse."),
    "investigate": lambda t, a: investigation.open_investigation(t.pk, actor=a, question="Why?"),
    "propose": lambda t, a: proposals.propose(
        t.pk, Offer(remedy="explanation", terms="Sorry."), actor=a
    ),
    "tell_result": lambda t, a: outcome.tell_result(t.pk, actor=a, body="Settled."),
    "resolve": lambda t, a: outcome.resolve_ticket(t.pk, actor=a),
    "reopen": lambda t, a: outcome.reopen_ticket(t.pk, actor=a, note="not settled"),
    "close": lambda t, a: outcome.close_ticket(t.pk, actor=a),
    "cancel": lambda t, a: outcome.cancel_ticket(t.pk, actor=a, note="withdrawn"),
    "urge": lambda t, a: outcome.urge(t.pk, actor=a),
    "rate": lambda t, a: ratings.rate(t.pk, actor=a, score=4),
    "learn": lambda t, a: outcome.learn(t.pk, actor=a, lesson="Blunt knives"),
    "plan_follow_up": lambda t, a: follow_ups.plan_follow_up(
        t.pk, actor=a, kind="call_back", text="Call", due_at=now() + timedelta(days=1)
    ),
    "unmerge": lambda t, a: joining.unmerge_ticket(t.pk, actor=a, note="wrong"),
    "unsplit": lambda t, a: joining.unsplit_ticket(t.pk, actor=a, note="wrong"),
    "receive_message": lambda t, a: opening.receive_message(
        t.pk, opening.Words(body="Any news?", channel="mail"), actor=a
    ),
}


def by_lead(verb: str) -> Call:
    return lambda row, cast: ALONE[verb](row, cast.lead)


def merge(row: Ticket, cast: Cast) -> None:
    joining.merge_tickets(row.pk, cast.ticket.pk, actor=cast.lead, is_sure=True)


TICKET = Table(
    "case",
    TicketStatus,
    lambda status, cast: make_ticket_in(status, cast.lead),
    {verb: by_lead(verb) for verb in ALONE} | {"merge": merge},
    """
                       new       open      pending   on_hold   resolved   closed  canceled
    acknowledge        new       open      pending   on_hold   no         no      no
    assess             open      open      pending   on_hold   no         no      no
    change_details     new       open      pending   on_hold   resolved   no      no
    route              open      open      pending   on_hold   no         no      no
    assign             open      open      pending   on_hold   no         no      no
    wait_for_customer  pending   pending   no        pending   no         no      no
    wait_for_others    on_hold   on_hold   on_hold   no        no         no      no
    resume             open      no        open      open      no         no      no
    reply              open      open      pending   on_hold   no         no      no
    note               new       open      pending   on_hold   resolved   closed  canceled
    investigate        open      open      pending   on_hold   no         no      no
    propose            pending   pending   pending   pending   no         no      no
    tell_result        resolved  resolved  resolved  resolved  no         no      no
    resolve            untold    untold    untold    untold    no         no      no
    reopen             no        no        no        no        open       no      no
    close              no        no        no        no        rule:gate  no      no
    cancel             canceled  canceled  canceled  canceled  canceled   no      no
    urge               new       open      pending   on_hold   no         no      no
    rate               no        no        no        no        resolved   closed  no
    learn              new       open      pending   on_hold   resolved   closed  canceled
    plan_follow_up     new       open      pending   on_hold   resolved   no      no
    merge              canceled  canceled  canceled  canceled  no         no      no
    unmerge            no        no        no        no        no         no      no
    unsplit            no        no        no        no        no         no      no
    receive_message    new       open      open      on_hold   open       closed  canceled
    """,
    short={"untold": "rule:result_untold"},
    beside={
        ("resolved", "closed"): "the gates hold it here: tests/tickets/test_closing.py",
        **{
            ("canceled", before): "a merge is undone, not a cancelation: test_conversation.py"
            for before in ("new", "open", "pending", "on_hold")
        },
    },
)

TABLES = [TICKET]
