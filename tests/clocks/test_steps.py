"""Steps that tell people and open findings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from clocks.models import Clock, ClockStep
from clocks.sweep import sweep_due
from compliance.models import Finding
from staff.models import Notice, User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.clocks import clock_of, only_rule
from tests.factories.people import make_user
from tests.factories.staff import make_absence
from tests.factories.tickets import make_ticket
from tests.kept import kept
from tickets.services import conversation

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def sweep() -> None:
    sweep_due(actor=system_actor())


def told() -> list[tuple[User, str]]:
    return [(one.recipient, one.code) for one in Notice.objects.order_by("id")]


def test_assignee_is_told_before_and_lead_when_late(
    clock_time: time_machine.Coordinates,
) -> None:
    only_rule(
        {"action": "notify", "target": "assignee", "at_percent": 80},
        {"action": "notify", "target": "lead", "at_percent": 100},
    )
    lead, agent = make_user(Role.LEAD), make_user()
    ticket = make_ticket(lead, assignee=agent)

    clock_time.shift(60 * MINUTE)
    sweep()

    assert told() == [(agent, "clocks.nearly_late"), (lead, "clocks.late")]
    late = Notice.objects.get(code="clocks.late")
    assert late.title == f"{ticket.number}: “Answer” is late"
    assert late.body == "It was promised by 2 Mar 2026, 11:00."
    assert late.url == f"/admin/tickets/ticket/{ticket.number}/change/"
    assert (late.case_id, late.urgency) == (ticket.pk, "urgent")
    assert list(ClockStep.objects.values_list("result", flat=True)) == [
        kept(f"已通知{agent}。 / Told {agent}."),
        kept(f"已通知{lead}。 / Told {lead}."),
    ]


def test_absent_assignee_is_stood_in_for(clock_time: time_machine.Coordinates) -> None:
    only_rule({"action": "notify", "target": "assignee", "at_percent": 80})
    agent, deputy = make_user(), make_user()
    make_absence(agent, starts_at=START, ends_at=START + timedelta(days=1), deputy=deputy)
    make_ticket(deputy, assignee=agent)

    clock_time.shift(50 * MINUTE)
    sweep()

    assert told() == [(deputy, "clocks.nearly_late")]


def test_deputy_of_the_assignee(clock_time: time_machine.Coordinates) -> None:
    only_rule({"action": "notify", "target": "deputy", "at_percent": 80})
    agent, deputy = make_user(), make_user()
    make_absence(agent, starts_at=START, ends_at=START + timedelta(days=1), deputy=deputy)
    make_ticket(deputy, assignee=agent)

    clock_time.shift(50 * MINUTE)
    sweep()

    assert told() == [(deputy, "clocks.nearly_late")]


def test_department_without_a_lead_falls_to_the_administrators(
    clock_time: time_machine.Coordinates,
) -> None:
    only_rule({"action": "notify", "target": "lead", "at_percent": 80})
    administrator = make_user(Role.ADMINISTRATOR)
    make_ticket(make_user())

    clock_time.shift(50 * MINUTE)
    sweep()

    assert told() == [(administrator, "clocks.nearly_late")]


def test_holders_of_a_role(clock_time: time_machine.Coordinates) -> None:
    only_rule({"action": "notify", "target": "role", "role": "finance", "at_percent": 80})
    cashier = make_user(Role.FINANCE)
    make_ticket(make_user())

    clock_time.shift(50 * MINUTE)
    sweep()

    assert told() == [(cashier, "clocks.nearly_late")]


def test_nobody_to_tell_is_said(clock_time: time_machine.Coordinates) -> None:
    only_rule({"action": "notify", "target": "lead", "at_percent": 80})
    make_ticket(make_user())

    clock_time.shift(50 * MINUTE)
    sweep()

    assert ClockStep.objects.get().result == kept("没有可通知的人。 / Nobody to tell.")


def test_missed_law_is_a_finding_even_when_kept_late(
    clock_time: time_machine.Coordinates,
) -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    Clock.objects.exclude(promise="law_acknowledgement").delete()

    clock_time.shift(timedelta(hours=25))
    conversation.reply(ticket.pk, actor=lead, body="We look into it.")
    sweep()

    finding = Finding.objects.get()
    assert (finding.code, finding.severity, finding.case_id) == (
        "clocks.late",
        "medium",
        ticket.pk,
    )
    assert finding.evidence["rule"] == "cn-cmp-ack"
    late = clock_of(ticket, "law_acknowledgement")
    assert (finding.owner, finding.subject_type, finding.subject_id) == (
        lead,
        "clocks.clock",
        late.pk,
    )
    assert clock_of(ticket, "law_acknowledgement").next_step_at is None
