"""Promises between departments: whose turn, what rests meanwhile, what people are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from clocks.models import Clock, ClockRule
from clocks.queries.explain import explain
from clocks.statuses import ClockState
from clocks.sweep import sweep_due
from handoffs.models import Handoff, HandoffTemplate
from handoffs.services import receiving, sending
from handoffs.services.receiving import Reply
from staff.models import Notice
from staff.roles import Role
from staff.services import system_actor
from tests.factories.handoffs import make_handoff, make_helper, make_template
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

# Monday, ten in the morning in Shanghai.
START = datetime(2026, 3, 2, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def states(leg: Handoff) -> dict[str, str]:
    """Promise → state of the newest clock of each."""
    rows = Clock.objects.filter(subject_type="handoffs.handoff", subject_id=leg.pk).order_by("id")
    return {clock.promise: clock.state for clock in rows}


def due(leg: Handoff) -> datetime | None:
    return Handoff.objects.get(pk=leg.pk).due_at


def test_each_turn_is_a_promise_of_whoever_has_it() -> None:
    giver, other = make_user(), make_helper()
    with time_machine.travel(START, tick=False) as clock:
        leg = make_handoff(make_ticket(giver), giver)
        assert states(leg) == {"handoff_acceptance": "running", "handoff_answer": "running"}
        assert due(leg) == START + 4 * HOUR

        clock.shift(HOUR)
        receiving.accept_handoff(leg.pk, actor=other)
        assert states(leg) == {"handoff_acceptance": "met", "handoff_answer": "running"}
        assert due(leg) == Clock.objects.get(promise="handoff_answer").due_at
        answer_due = due(leg)

        clock.shift(HOUR)
        receiving.return_handoff(leg.pk, actor=other, note="Which parcel?")
        assert states(leg)["handoff_answer"] == "paused"
        assert due(leg) == START + 6 * HOUR

        clock.shift(24 * HOUR)
        sending.resend_handoff(leg.pk, actor=giver, note="SF100")
        assert states(leg)["handoff_answer"] == "running"
        assert answer_due is not None
        assert due(leg) == answer_due + 24 * HOUR

        receiving.answer_handoff(leg.pk, Reply(text="Lost."), actor=other)
        sending.close_handoff(leg.pk, actor=giver)
    assert states(leg) == {
        "handoff_acceptance": "met",
        "handoff_answer": "met",
        "handoff_turn_back": "met",
    }
    assert due(leg) is None


def test_withdrawn_question_owes_nothing() -> None:
    giver = make_user()
    leg = make_handoff(make_ticket(giver), giver)

    sending.withdraw_handoff(leg.pk, actor=giver, note="found it")

    assert set(states(leg).values()) == {ClockState.CANCELED}
    assert due(leg) is None


def test_rerouted_question_is_promised_anew() -> None:
    giver, other = make_user(), make_helper()
    leg = make_handoff(make_ticket(giver), giver)
    receiving.accept_handoff(leg.pk, actor=other)
    receiving.decline_handoff(leg.pk, actor=other, note="not ours")

    sending.reroute_handoff(
        leg.pk, actor=giver, department=make_department("warehouse", kind="warehouse")
    )

    live = Clock.objects.live().filter(subject_id=leg.pk, subject_type="handoffs.handoff")
    assert sorted(live.values_list("promise", flat=True)) == [
        "handoff_acceptance",
        "handoff_answer",
    ]


def test_template_decides_how_long_an_answer_takes() -> None:
    giver = make_user()
    ticket = make_ticket(giver)
    for code, days, answers in (
        ("warehouse_check", 1, {"sku": "A"}),
        ("legal_advice", 3, {"claim": "double"}),
    ):
        template = HandoffTemplate.objects.get(code=code)
        leg = make_handoff(ticket, giver, template=template, answers=answers)
        clock = Clock.objects.get(subject_id=leg.pk, promise="handoff_answer")
        assert clock.rule.amount == days


@pytest.mark.parametrize("pauses", [True, False])
def test_targets_of_the_case_rest_only_where_template_and_rule_say_so(pauses: bool) -> None:
    giver, other = make_user(), make_helper()
    template = make_template("ask", pauses_case=pauses)
    with time_machine.travel(START, tick=False) as clock:
        ticket = make_ticket(giver)
        leg = make_handoff(ticket, giver, template=template)
        case = Clock.objects.filter(subject_type="tickets.ticket", subject_id=ticket.pk)
        resting = sorted(case.filter(state="paused").values_list("promise", flat=True))
        clock.shift(24 * HOUR)
        receiving.decline_handoff(leg.pk, actor=other, note="not ours")

    assert resting == (["proposal", "resolution"] if pauses else [])
    resolution = case.get(promise="resolution")
    assert (resolution.state, resolution.pauses.count()) == ("running", int(pauses))
    assert case.get(promise="first_response").pauses.count() == 0
    told = [line.text for line in explain(resolution) if line.kind == "pause"]
    assert [("Handed over" in text, "Hand-over declined" in text) for text in told] == (
        [(True, True)] if pauses else []
    )


def test_due_time_of_the_case_is_its_own() -> None:
    giver = make_user()
    ticket = make_ticket(giver)
    before = Ticket.objects.get().due_at

    make_handoff(ticket, giver)

    assert Ticket.objects.get().due_at == before


def test_lead_of_the_asked_department_is_told_before_it_is_late() -> None:
    giver, lead = make_user(), make_helper(Role.LEAD)

    def told() -> list[str]:
        rows = Notice.objects.filter(recipient=lead, code__startswith="clocks.")
        return list(rows.order_by("id").values_list("code", flat=True))

    with time_machine.travel(START, tick=False) as clock:
        leg = make_handoff(make_ticket(giver), giver)
        Clock.objects.exclude(promise="handoff_acceptance").delete()
        clock.shift(timedelta(hours=3, minutes=13))
        sweep_due(actor=system_actor())
        assert told() == ["clocks.nearly_late"] * 2
        clock.shift(HOUR)
        sweep_due(actor=system_actor())

    row = Clock.objects.get(promise="handoff_acceptance")
    assert (row.state, row.subject_label) == ("breached", leg.number)
    assert told() == [*["clocks.nearly_late"] * 2, "clocks.late"]
    assert not Notice.objects.filter(recipient=giver).exists()


def test_every_desk_starts_with_these_rules() -> None:
    assert sorted(
        ClockRule.objects.filter(kind="handoff").values_list("code", flat=True)
    ) == sorted(
        [
            "handoff-acceptance",
            "handoff-answer-carrier-question",
            "handoff-answer-carrier-trace",
            "handoff-answer-finance",
            "handoff-answer-legal",
            "handoff-answer-supplier",
            "handoff-answer-technical",
            "handoff-answer-usual",
            "handoff-answer-warehouse",
            "handoff-turn-back",
        ]
    )
