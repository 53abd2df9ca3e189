"""Rules that can never count are named; clocks that do not follow from their events are found."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from aftersales.kernel import conditions
from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated
from clocks import registry, rulebook
from clocks.checks import deviations, warnings_of
from clocks.models import Clock, ClockPause, ClockRule
from staff.roles import Role
from tests.factories.clocks import clock_of, make_rule, only_rule
from tests.factories.people import make_user
from tests.factories.tickets import make_follow_up, make_proposal, make_ticket, make_ticket_in
from tickets.services import conversation, handling
from tickets.services.handling import Assessment
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db


def where(fact: str, op: str, value: Any) -> dict[str, Any]:
    return {"fact": fact, "op": op, "value": value}


def warnings(rule: ClockRule) -> list[str]:
    book = rulebook.current()
    return warnings_of(book.versions[rule.pk], book.alternatives[rule.subject_type, rule.promise])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"starts_on": ["tickets.flown"]}, "names an event nobody records: tickets.flown."),
        ({"conditions": [where("moon", "is", "full")]}, "“moon” is no fact of this object."),
        (
            {"conditions": [where("kind", "is", "praise"), where("kind", "is", "complaint")]},
            "These conditions never hold together",
        ),
        (
            {"conditions": [where("kind", "in", ["praise"]), where("kind", "is_not", "praise")]},
            "These conditions never hold together",
        ),
        ({"conditions": [where("kind", "in", [])]}, "These conditions never hold together"),
        (
            {
                "conditions": [
                    where("urged_count", "at_least", 3),
                    where("urged_count", "at_most", 2),
                ]
            },
            "These conditions never hold together",
        ),
        (
            {"conditions": [where("shop", "is_set", False), where("shop", "is", "cn")]},
            "These conditions never hold together",
        ),
    ],
)
def test_rule_that_can_never_match_is_named(change: dict[str, Any], words: str) -> None:
    rule = only_rule(**change)

    assert any(words in text for text in warnings(rule))


def test_rule_behind_one_that_takes_everything_is_named() -> None:
    only_rule(position=1)
    rule = make_rule(code="later", position=2, conditions=[where("kind", "is", "complaint")])

    assert warnings(rule) == ["“Answer” comes earlier and takes everything this rule asks for."]


def test_shipped_rules_have_no_warning() -> None:
    out = StringIO()

    call_command("check_clocks", json=True, stdout=out)

    assert json.loads(out.getvalue()) == {"checked": 0, "warnings": [], "deviations": []}


def test_everything_the_verbs_do_can_be_counted_anew() -> None:
    lead = make_user(Role.LEAD)
    for status in TicketStatus:
        make_ticket_in(status, lead)
    waiting = make_ticket(lead, kind="consultation")
    handling.wait(waiting.pk, actor=lead, status=TicketStatus.PENDING)
    handling.assess(waiting.pk, Assessment(kind="complaint"), actor=lead)
    make_proposal(make_ticket(lead), lead)
    make_follow_up(make_ticket(lead), lead)
    recalled = conversation.reply(make_ticket(lead).pk, actor=lead, body="Wrong case")
    conversation.undo_reply(recalled.pk, actor=lead)

    assert Clock.objects.live().count() > 20
    assert list(deviations()) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"due_at": "later"}, "It says due"),
        ({"next_step_at": None}, "It runs, but nobody will look at it."),
        ({"started_event": 1}, "Its events say that it is not owed."),
    ],
)
def test_clock_changed_behind_the_back_is_found(change: dict[str, Any], words: str) -> None:
    only_rule()
    clock = clock_of(make_ticket())
    if change.get("due_at"):
        change = {"due_at": clock.due_at + timedelta(hours=1)}
    Clock.objects.filter(pk=clock.pk).update(**change)

    with pytest.raises(CommandError, match="1 do not say what their events say"):
        call_command("check_clocks", stdout=StringIO())
    assert words in next(deviations()).text


def test_pause_nobody_recorded_is_found() -> None:
    only_rule()
    ticket = make_ticket()
    clock = clock_of(ticket)
    ClockPause.objects.create(
        clock=clock,
        cause_type="tickets.ticket",
        cause_id=ticket.pk,
        started_at=clock.started_at,
        ended_at=clock.started_at + timedelta(minutes=5),
        started_event=1,
    )

    assert {one.text for one in deviations()} >= {"Its pauses are not those of its events."}


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("chat", "Condition 1: it needs a fact, a comparison and a value."),
        (where("moon", "is", "x"), "Condition 1: “moon” is no fact of this object."),
        (where("kind", "like", "x"), "Condition 1: “like” is no comparison."),
        (where("kind", "is", "x"), "Condition 1: “kind” is never “x”."),
        (where("kind", "in", []), "Condition 1: “is one of” needs at least one value."),
        (
            where("kind", "at_least", 1),
            "Condition 1: “is at least” compares numbers, and “kind” is none.",
        ),
        (where("has_order", "is", "x"), "Condition 1: “has an order” is yes or no."),
        (where("urged_count", "is", "x"), "Condition 1: “times urged” is a number, “x” is none."),
    ],
)
def test_conditions_that_mean_nothing_are_refused(condition: Any, message: str) -> None:
    known = registry.get("tickets.ticket").by_code

    with pytest.raises(RuleViolated) as refusal:
        conditions.check([condition], known)

    assert (str(refusal.value), refusal.value.field) == (message, "conditions")


@pytest.mark.parametrize(
    ("op", "value", "fact", "holds"),
    [
        ("is", "a", "a", True),
        ("is_not", "a", None, True),
        ("in", ["a", "b"], "b", True),
        ("not_in", ["a"], "a", False),
        ("at_least", 2, 2, True),
        ("at_most", 2, None, False),
        ("is_set", True, "", False),
        ("is_set", False, None, True),
        ("contains", "浙江", "浙江省杭州市", True),
        ("contains", "浙江", "", False),
    ],
)
def test_condition_holds(op: str, value: Any, fact: Any, holds: bool) -> None:
    assert conditions.matches([where("x", op, value)], {"x": fact}) is holds
    assert conditions.matches([where("y", op, value)], {"x": fact}) is False


def test_clock_that_counts_from_another_time_is_found() -> None:
    only_rule()
    clock = clock_of(make_ticket())
    Clock.objects.filter(pk=clock.pk).update(
        started_at=clock.started_at + timedelta(minutes=1),
        due_at=clock.started_at + timedelta(minutes=61),
    )

    found = [one.text for one in deviations()]

    assert found == ["Its events say that it counts from another time."]


def test_pause_that_begins_when_the_time_is_over_is_none() -> None:
    only_rule()
    lead, moment = make_user(Role.LEAD), now()
    with time_machine.travel(moment, tick=False) as at:
        ticket = make_ticket(lead)
        at.shift(timedelta(hours=1))

        handling.wait(ticket.pk, actor=lead, status=TicketStatus.PENDING)

    clock = clock_of(ticket)
    assert (clock.state, clock.due_at, clock.pauses.count()) == (
        "running",
        moment + timedelta(hours=1),
        0,
    )
    assert list(deviations()) == []
