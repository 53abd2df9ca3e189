"""Rules in the admin: seen with counts and warnings, changed with a preview, versions told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clocks.models import Clock, ClockRule
from compliance.models import AuditEvent
from staff.models import User
from staff.roles import Role
from tests.factories.clocks import clock_of, make_rule, only_rule
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket
from tickets.services import handling
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LIST = "/admin/clocks/clockrule/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def of(rule: ClockRule, page: str = "change") -> str:
    return f"{LIST}{rule.pk}/{page}/"


def given(rule: ClockRule, **overrides: Any) -> dict[str, Any]:
    """The form as it is shown, with changes."""
    values: dict[str, Any] = {
        "name": rule.name,
        "name_zh": rule.name_zh,
        "position": rule.position,
        "kind": rule.kind,
        "mode": rule.mode,
        "amount": rule.amount,
        "unit": rule.unit,
        "roll": rule.roll,
        "calendar": rule.calendar_id,
        "counts_for_due": "on",
        "is_active": "on",
        "starts_on": rule.starts_on,
        "stops_on": rule.stops_on,
        "pauses_on": rule.pauses_on,
        "resumes_on": rule.resumes_on,
        "cancels_on": rule.cancels_on,
        "note": "Faster from now on",
    }
    return values | overrides


def test_list_shows_promises_with_counts_and_warnings() -> None:
    lead = make_user(Role.LEAD)
    only_rule()
    make_rule(code="shadowed", name="Shadowed", position=200)
    make_ticket(lead)

    page = signed_in(lead).get(LIST).content.decode()

    assert "Answer" in page
    assert "“Answer” comes earlier and takes everything this rule asks for." in page


@pytest.mark.parametrize("page", ["list", "rule"])
def test_department_without_a_lead_and_a_missing_calendar_are_said_on_the_pages(page: str) -> None:
    lead = make_user(Role.LEAD)
    rule = only_rule({"action": "notify", "target": "lead", "at_percent": 80})
    path = LIST if page == "list" else of(rule)

    with time_machine.travel(START, tick=False):
        calm = signed_in(lead).get(path).content.decode()
    make_department("orphaned", name="Orphaned")
    with time_machine.travel(START.replace(month=11), tick=False):
        alarmed = signed_in(lead).get(path).content.decode()

    for words in (
        "Nobody leads Orphaned: administrators are told instead.",
        "CN 2027 has no official list of holidays.",
    ):
        assert words not in calm
        assert words in alarmed


def test_lists_cost_the_same_with_one_rule_and_with_three() -> None:
    lead = make_user(Role.LEAD)
    client = signed_in(lead)
    only_rule()
    one = cost(client, LIST)
    for number in range(3):
        make_rule(code=f"rule-{number}", promise=f"promise-{number}")

    assert cost(client, LIST) == one


def test_running_clocks_cost_the_same_with_one_and_with_three() -> None:
    lead = make_user(Role.LEAD)
    client = signed_in(lead)
    only_rule()
    make_ticket(lead)
    one = cost(client, "/admin/clocks/clock/")
    make_ticket(lead)
    make_ticket(lead)

    assert cost(client, "/admin/clocks/clock/") == one


def cost(client: Client, url: str) -> int:
    from django.core.cache import cache  # noqa: PLC0415 -- counts are kept for a minute

    client.get(url)
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_lead_changes_a_rule_with_preview_and_running_clocks_keep_theirs() -> None:
    lead = make_user(Role.LEAD)
    client = signed_in(lead)
    with time_machine.travel(START, tick=False):
        rule = only_rule()
        ticket = make_ticket(lead)

    shown = client.post(of(rule, "revise"), given(rule, amount=30, preview=""))
    assert ClockRule.objects.filter(code="answer").count() == 1
    page = shown.content.decode()
    assert "Matches 1 of 1 open ones; the promises of 1 would be due at another time." in page
    assert ticket.number in page

    saved = client.post(of(rule, "revise"), given(rule, amount=30, save=""))
    second = ClockRule.objects.get(code="answer", version=2)
    assert saved.headers["Location"] == of(second)
    assert (second.amount, second.is_current, second.note) == (30, True, "Faster from now on")
    rule.refresh_from_db()
    assert (rule.amount, rule.is_current) == (60, False)
    assert clock_of(ticket).rule == rule
    event = AuditEvent.objects.get(code="clocks.rule_revised")
    assert (event.note, event.data["fields"]) == ("Faster from now on", ["amount"])


def test_auditor_sees_old_and_new_rule_but_changes_nothing() -> None:
    lead, auditor = make_user(Role.LEAD), make_user(Role.AUDITOR)
    rule = only_rule()
    signed_in(lead).post(of(rule, "revise"), given(rule, amount=30, save=""))
    second = ClockRule.objects.get(code="answer", version=2)
    client = signed_in(auditor)

    page = client.get(of(second)).content.decode()
    assert "amount: 60 → 30" in page
    assert "Faster from now on" in page
    trail = client.get("/admin/compliance/journalentry/").content.decode()
    assert "Answer" in trail
    assert client.get(of(second, "revise")).status_code == 403
    assert client.post(of(second, "retire"), {"note": "not mine"}).status_code == 403
    second.refresh_from_db()
    assert second.is_current


def test_lead_cannot_change_law_and_agent_sees_no_rules() -> None:
    law = ClockRule.objects.get(code="cn-cmp-ack")

    assert signed_in(make_user(Role.LEAD)).get(of(law, "revise")).status_code == 403
    assert signed_in(make_user(Role.ADMINISTRATOR)).get(of(law, "revise")).status_code == 200
    assert signed_in(make_user()).get(LIST).status_code == 403


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount": 0}, "A whole number above zero that can be reached."),
        ({"note": ""}, "This field is required."),
        ({"starts_on": []}, "Say what starts it."),
        (
            {
                "conditions-0-fact": "urged_count",
                "conditions-0-op": "is",
                "conditions-0-value": "x",
            },
            "A whole number is expected.",
        ),
        (
            {"conditions-0-fact": "channel", "conditions-0-op": "in", "conditions-0-value": " "},
            "“is one of” needs at least one value.",
        ),
        (
            {"steps-0-action": "notify", "steps-0-amount": "120", "steps-0-moment": "percent"},
            "a percentage is from 1 to 100.",
        ),
    ],
)
def test_refused_change_says_why_and_changes_nothing(change: dict[str, Any], words: str) -> None:
    lead = make_user(Role.LEAD)
    rule = only_rule()

    response = signed_in(lead).post(of(rule, "revise"), given(rule, save="", **change))

    assert words in response.content.decode()
    assert ClockRule.objects.filter(code="answer").count() == 1
    assert not AuditEvent.objects.filter(code="clocks.rule_revised").exists()


def test_conditions_and_steps_are_written_as_people_say_them() -> None:
    lead = make_user(Role.LEAD)
    rule = only_rule()
    rows = {
        "conditions-0-fact": "channel",
        "conditions-0-op": "in",
        "conditions-0-value": "Chat, E-mail",
        "conditions-1-fact": "is_green_channel",
        "conditions-1-op": "is",
        "conditions-1-value": "yes",
        "steps-0-action": "notify",
        "steps-0-amount": "80",
        "steps-0-moment": "percent",
        "steps-0-target": "lead",
    }

    signed_in(lead).post(of(rule, "revise"), given(rule, save="", **rows))

    second = ClockRule.objects.get(code="answer", version=2)
    assert second.conditions == [
        {"fact": "channel", "op": "in", "value": ["chat", "mail"]},
        {"fact": "is_green_channel", "op": "is", "value": True},
    ]
    step = second.steps.get()
    assert (step.at_percent, step.action, step.target) == (80, "notify", "lead")


def test_rule_is_ended_on_its_page() -> None:
    lead = make_user(Role.LEAD)
    rule = only_rule()
    client = signed_in(lead)

    assert client.get(of(rule, "retire")).status_code == 405
    client.post(of(rule, "retire"), {"note": "No longer promised"})

    rule.refresh_from_db()
    assert not rule.is_current
    make_ticket(lead)
    assert not Clock.objects.exists()


def test_clock_page_tells_the_story() -> None:
    lead = make_user(Role.LEAD)
    with time_machine.travel(START, tick=False) as traveller:
        only_rule()
        ticket = make_ticket(lead)
        traveller.shift(timedelta(minutes=10))
        handling.wait(ticket.pk, actor=lead, status=TicketStatus.PENDING)
        traveller.shift(timedelta(minutes=90))
        handling.resume(ticket.pk, actor=lead)
        clock = clock_of(ticket)
        client = signed_in(lead)

        page = client.get(f"/admin/clocks/clock/{clock.pk}/change/").content.decode()
        story = client.get(f"/admin/clocks/clock/{clock.pk}/story/").content.decode()

    for text in (page, story):
        assert "Rule “Answer”, version 1: 60 minutes, calendar “Round the clock”." in text
        assert f"Started by “Case received” by {lead.audit_name} at 2 Mar 2026, 10:00." in text
        assert f"Paused 1 h 30 min by “Waiting” by {lead.audit_name}" in text
        assert "Due 2 Mar 2026, 12:30: the term from its start, without the pauses." in text


def test_clock_of_a_case_out_of_sight_is_not_found() -> None:
    from tests.factories.people import make_department  # noqa: PLC0415 -- here only

    only_rule()
    clock = clock_of(make_ticket(make_user(Role.LEAD)))
    stranger = make_user(Role.LEAD, department=make_department("logistics", kind="logistics"))

    client = signed_in(stranger)
    assert client.get(f"/admin/clocks/clock/{clock.pk}/story/").status_code == 404
    assert "Answer" not in client.get("/admin/clocks/clock/").content.decode()
