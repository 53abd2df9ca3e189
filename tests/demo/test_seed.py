"""The seeded past: complete, consistent, and the same for the same seed."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count
from django.utils import translation

from aftersales.demo.fates import FATES
from aftersales.demo.logins import demo_logins
from aftersales.demo.progress import Progress
from aftersales.demo.rows import Batch, Stamp, resting_triggers
from aftersales.demo.seed import Seeder, seed_demo
from clocks.checks import deviations
from clocks.models import Clock
from compliance.integrity import find_discrepancies
from compliance.models import AuditEvent, JournalEntry
from handoffs.models import CaseExample, Handoff, ResponsibilityRule
from staff.models import User
from staff.roles import Role
from staff.services import stored_system_actor
from tickets import models
from tickets.choices import LinkKind
from tickets.links import read_link_token, status_url
from tickets.services.status_links import ticket_of_token
from tickets.statuses import (
    FollowUpStatus,
    IntakeOutcome,
    InvestigationStatus,
    ProposalStatus,
    SurveyStatus,
    TicketStatus,
)

CASES = 60
TODAY = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def counts(model: Any, field: str) -> dict[str, int]:
    rows = model.objects.order_by().values_list(field).annotate(n=Count("pk"))
    return dict(rows)


@pytest.fixture
def seeded(db: None) -> None:
    with time_machine.travel(TODAY):
        seed_demo(CASES, 5, lambda: None)


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


def test_seed_leaves_every_status_and_outcome(seeded: None) -> None:
    assert set(counts(models.Ticket, "status")) == set(TicketStatus.values)
    assert set(counts(models.Proposal, "status")) == set(ProposalStatus.values)
    assert set(counts(models.FollowUp, "status")) == set(FollowUpStatus.values)
    assert set(counts(models.CsatResponse, "status")) == set(SurveyStatus.values)
    assert set(counts(models.RawIntake, "outcome")) == set(IntakeOutcome.values) - {
        "stored",
        "message",
    }
    assert set(counts(models.Investigation, "status")) == set(InvestigationStatus.values)
    assert set(counts(models.TicketLink, "kind")) == {
        LinkKind.MERGED,
        LinkKind.CONTINUES,
        LinkKind.RELATED,
    }
    assert counts(models.OutboundMail, "status")["parked"] == 1


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


def test_seed_keeps_in_step_when_whole_lives_fit_into_the_last_minutes(db: None) -> None:
    with transaction.atomic(), translation.override("en"):
        seeder = Seeder(4, TODAY)
        with resting_triggers(seeder.batch.tables):
            for fate in FATES:
                seeder.happen(fate, TODAY - timedelta(minutes=2, seconds=20))
            seeder.write()

    assert list(find_discrepancies()) == []
    for model in (models.Ticket, models.CsatResponse):
        versions: Any = model.history  # type: ignore[attr-defined]
        rows = versions.order_by("id", "history_id").values_list("id", "history_date")
        assert list(rows) == sorted(rows)


def test_versions_keep_their_order_when_a_change_is_dated_too_early(db: None) -> None:
    batch = Batch(models.Tag)
    late, early = (Stamp(None, "Ann", "shell", TODAY - timedelta(hours=h)) for h in (1, 2))
    tag = batch[models.Tag].add({"slug": "a"}, late, uuid4().hex)
    batch[models.Tag].change(tag, {"slug": "b"}, early, uuid4().hex)
    with transaction.atomic(), resting_triggers(batch.tables):
        batch.write()

    slugs = models.Tag.history.order_by("history_id").values_list("slug", "history_date")
    assert list(slugs) == [("a", late.at), ("b", late.at)]
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


def test_seed_is_the_same_for_the_same_seed(db: None) -> None:
    pictures = []
    for seed in (5, 5, 6):
        with suppress(Undo), transaction.atomic():
            stored_system_actor.cache_clear()
            seed_demo(CASES, seed, lambda: None, TODAY)
            pictures.append(picture())
            raise Undo
    stored_system_actor.cache_clear()

    assert [row[1:] for row in pictures[0]] == [row[1:] for row in pictures[1]]
    assert [row[1:] for row in pictures[0]] != [row[1:] for row in pictures[2]]


class Undo(Exception):
    """Rolls a seeding back."""


def picture() -> list[tuple[Any, ...]]:
    rows = models.Ticket.objects.order_by("number")
    past = rows.filter(received_at__lt=TODAY)
    return list(past.values_list("number", "subject", "status", "received_at", "customer__name"))


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
    before = picture()

    with pytest.raises(CommandError):
        call_command("seed_demo", cases=10)

    assert picture() == before


def test_failed_seeding_leaves_nothing(db: None) -> None:
    def fail() -> None:
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        seed_demo(CASES, 5, fail)

    assert models.Ticket.objects.count() == 0
    assert AuditEvent.objects.count() == 0


class Paper:
    """A stream that nobody watches."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str, /) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        return None

    def isatty(self) -> bool:
        return False


def test_progress_writes_one_line_where_nobody_watches() -> None:
    paper = Paper()
    progress = Progress(paper, 10, "Work")

    for _ in range(10):
        progress.advance()
    progress.finish("done")

    assert paper.text == "Work done\n"
