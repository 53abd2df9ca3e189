"""The seeded past, told once: complete, consistent, alive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count

from aftersales.demo.intake import judged
from aftersales.demo.logins import demo_logins
from aftersales.demo.promises import catch_up
from aftersales.demo.seed import seed_demo
from clocks.checks import deviations
from clocks.models import Clock
from compliance.integrity import find_discrepancies
from compliance.models import AuditEvent, JournalEntry
from handoffs.models import CaseExample, Handoff, ResponsibilityRule
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.kept import kept
from tickets import files, models
from tickets.choices import LinkKind
from tickets.links import read_link_token, status_url
from tickets.services.intake.door import Arrival, count_again
from tickets.services.intake.spelling import twin_id
from tickets.services.status_links import ticket_of_token
from tickets.statuses import (
    FollowUpStatus,
    IntakeOutcome,
    InvestigationStatus,
    ProposalStatus,
    SurveyStatus,
    TicketStatus,
)

pytestmark = pytest.mark.django_db

CASES = 60
TODAY = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def counts(model: Any, field: str) -> dict[str, int]:
    rows = model.objects.order_by().values_list(field).annotate(n=Count("pk"))
    return dict(rows)


@pytest.fixture(scope="module")
def seeded(told_once: None) -> None:
    with time_machine.travel(TODAY):
        seed_demo(CASES, 7, lambda _more: None)


def test_promises_are_those_that_follow_from_the_events(seeded: None) -> None:
    with time_machine.travel(TODAY):
        assert list(deviations()) == []
        assert not Clock.objects.with_step_due(TODAY).exists()

    assert set(counts(Clock, "state")) == {"running", "met", "breached", "canceled", "paused"}
    open_cases = models.Ticket.objects.filter(status__in=["new", "open"])
    assert open_cases.exists()
    for ticket in open_cases:
        owed = Clock.objects.live().filter(case_id=ticket.pk, counts_for_due=True)
        nearest = owed.filter(due_at__isnull=False).order_by("due_at").first()
        assert ticket.due_at == (nearest.due_at if nearest else None)


def test_steps_that_came_due_while_the_desk_was_told_are_done_once(seeded: None) -> None:
    with time_machine.travel(TODAY + timedelta(days=2)):
        due = Clock.objects.with_step_due(TODAY + timedelta(days=2))
        assert due.filter(steps__isnull=False).exists()

        catch_up()

        assert not due.exists()
        assert list(deviations()) == []


def test_seed_leaves_every_status_and_outcome(seeded: None) -> None:
    assert set(counts(models.Ticket, "status")) == set(TicketStatus.values)
    assert set(counts(models.Proposal, "status")) == set(ProposalStatus.values)
    assert set(counts(models.FollowUp, "status")) == set(FollowUpStatus.values)
    assert set(counts(models.CsatResponse, "status")) == set(SurveyStatus.values)
    assert set(counts(models.RawIntake, "outcome")) == set(IntakeOutcome.values) - {
        "stored",
        "message",
        "duplicate",
    }
    assert set(counts(models.Investigation, "status")) == set(InvestigationStatus.values)
    assert set(counts(models.TicketLink, "kind")) == {
        LinkKind.MERGED,
        LinkKind.CONTINUES,
        LinkKind.RELATED,
    }
    assert counts(models.OutboundMail, "status")["parked"] == 1


def test_what_became_of_stray_mails_is_what_the_door_says_of_their_bytes(seeded: None) -> None:
    strays = models.RawIntake.objects.filter(
        outcome__in=("ignored", "quarantined"), duplicate_of=None
    )
    told = {(row.outcome, row.reason): judged(files.read(row.digest)) for row in strays}

    assert len(told) >= 7
    assert all(reason for _outcome, reason in told)
    assert all(given == found for given, found in told.items())


def test_other_mails_under_a_known_id_are_those_the_door_sets_aside(seeded: None) -> None:
    twins = list(models.RawIntake.objects.exclude(duplicate_of=None))
    actor = system_actor()

    assert [(twin.outcome, twin.reason) for twin in twins] == [
        (
            "quarantined",
            kept(
                "之前收到过相同编号但内容不同的消息。 / "
                "The same id was received before with other content."
            ),
        )
    ] * 2
    for twin in twins:
        first, raw = twin.duplicate_of, files.read(twin.digest)
        assert first is not None
        assert twin.external_id == twin_id(first.external_id, twin.digest)
        arrival = Arrival(channel="mail", raw=raw, external_id=first.external_id)
        assert count_again(first.pk, arrival, twin.digest, actor=actor) == (twin, False)
        twin.refresh_from_db()
        assert twin.seen_count == 2


def test_seed_leaves_work_between_departments(seeded: None) -> None:
    assert counts(Handoff, "status") == {"returned": 1, "sent": 2, "closed": 1}
    assert counts(Handoff, "kind") == {"assist": 2, "external": 2}
    assert counts(CaseExample, "status") == {"approved": 3}
    assert set(counts(ResponsibilityRule, "part")) == {"R", "A", "I"}
    for example in CaseExample.objects.select_related("ticket__customer"):
        assert example.ticket.customer
        assert example.ticket.customer.name not in example.body


def test_seed_keeps_history_journal_and_rows_in_step(seeded: None) -> None:
    assert list(find_discrepancies()) == []


def test_check_sees_a_seeded_row_changed_behind_its_back(seeded: None) -> None:
    with connection.cursor() as db:
        db.execute("ALTER TABLE tickets_tag DISABLE TRIGGER USER")  # the owner may
        db.execute("UPDATE tickets_tag SET slug = slug || 'x' WHERE slug = 'vip'")

    kinds = {one.kind for one in find_discrepancies() if one.table == "tickets_tag"}

    assert "row_edited" in kinds


def test_seed_signs_every_change_and_orders_the_journal_by_time(seeded: None) -> None:
    assert not JournalEntry.objects.filter(source="").exists()
    assert not AuditEvent.objects.filter(actor_name="").exists()
    seeded_rows = JournalEntry.objects.exclude(change_id=None).order_by("id")
    times = list(seeded_rows.values_list("recorded_at", flat=True))
    early = [when for when in times if when < times[-1].replace(hour=0, minute=0)]
    assert early == sorted(early)


def test_seed_ends_with_cases_that_are_alive(seeded: None) -> None:
    offered = models.Proposal.objects.filter(status="offered").latest("offered_at")
    link = models.StatusLink.objects.filter(ticket=offered.ticket).latest("id")
    token = status_url(link.public_id).rstrip("/").rpartition("/")[2]

    assert read_link_token(token) == link.public_id
    assert ticket_of_token(token) == offered.ticket
    assert models.Ticket.objects.filter(status="new", acknowledged_at=None).exists()


def test_every_role_but_the_machine_has_a_login(seeded: None) -> None:
    names = [username for _label, username, _password in demo_logins()]
    held = {role for user in User.objects.filter(username__in=names) for role in user.roles}

    assert held == set(Role.values) - {Role.SERVICE_ACCOUNT}
    assert all(User.objects.get(username=n).check_password(p) for _l, n, p in demo_logins())


def test_command_refuses_a_desk_with_cases(seeded: None) -> None:
    before = models.Ticket.objects.count()

    with pytest.raises(CommandError):
        call_command("seed_demo", cases=10)

    assert models.Ticket.objects.count() == before
