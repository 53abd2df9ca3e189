"""The seeded past: complete, consistent, and the same for the same seed."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import translation

from aftersales.demo.fates import FATES
from aftersales.demo.loads import write_loads
from aftersales.demo.progress import Progress
from aftersales.demo.rows import Batch, Stamp, resting_triggers
from aftersales.demo.seed import Seeder, draw_number, numbered, seed_demo
from compliance.integrity import find_discrepancies
from compliance.models import AuditEvent
from staff.services import stored_system_actor
from tickets import models

CASES = 60
TODAY = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def test_seed_keeps_in_step_when_whole_lives_fit_into_the_last_minutes(db: None) -> None:
    with transaction.atomic(), translation.override("en"):
        seeder = Seeder(4, TODAY)
        with resting_triggers(seeder.batch.tables):
            for case in numbered(((0.0, fate) for fate in FATES), draw_number()):
                seeder.happen(case.number, case.fate, TODAY - timedelta(minutes=2, seconds=20))
            write_loads(seeder.portion())

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


def test_seed_is_the_same_for_the_same_seed(db: None) -> None:
    pictures = []
    for seed in (5, 5, 6):
        with suppress(Undo), transaction.atomic():
            stored_system_actor.cache_clear()
            seed_demo(20, seed, lambda _more: None, TODAY)
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


def test_failed_seeding_leaves_nothing(db: None) -> None:
    def fail(_more: int) -> None:
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
