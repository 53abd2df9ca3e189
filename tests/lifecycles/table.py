"""A lifecycle's table as a test reads it: statuses across, verbs down, every cell by hand.

A cell says what becomes of the row when the verb is called on it:

``word``       the call goes through and the row stands at that status afterwards
``no``         ``InvalidTransition``, and nothing is left behind
``rule:code``  ``RuleViolated`` with that code, and nothing is left behind; ``short`` abbreviates
``denied``     ``NotPermitted``: whoever calls is not the one whose turn it is
``unseen``     whoever calls does not see the row (any more)
``-``          the call goes through and nothing whatever changes
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django_q.models import OrmQ

from aftersales.kernel.errors import InvalidTransition, NotPermitted, RuleViolated
from aftersales.kernel.transitions import StatusChoices
from compliance.models import AuditEvent, JournalEntry
from tests.lifecycles.cast import Cast
from tickets.models import Message, Ticket

Make = Callable[[Any, Cast], Any]
Call = Callable[[Any, Cast], Any]


@dataclass(frozen=True)
class Table:
    """``make`` brings a row to a status by its own verbs.

    ``beside`` names moves that hang on more than the status, each with where it is shown;
    ``passing`` those of a verb that goes on at once. ``events``: verb → what it records.
    """

    name: str
    enum: type[StatusChoices]
    make: Make
    verbs: Mapping[str, Call]
    cells: str
    column: str = "status"
    short: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[tuple[str, str], str] = field(default_factory=dict)
    passing: Set[tuple[str, str]] = frozenset()
    events: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> dict[str, dict[str, str]]:
        """Verb → status → cell."""
        head, *lines = [line.split() for line in self.cells.strip().splitlines()]
        found = {}
        for verb, *cells in lines:
            words = [self.short.get(cell, cell) for cell in cells]
            found[verb] = dict(zip(head, words, strict=True))
        return found

    @property
    def statuses(self) -> list[str]:
        return self.cells.strip().splitlines()[0].split()

    @property
    def moves(self) -> set[tuple[str, str]]:
        """Every (status, next status) that some cell shows."""
        return {
            (before, cell)
            for row in self.rows.values()
            for before, cell in row.items()
            if cell in self.enum.values and cell != before
        } - self.passing


def told(table: Table, status: str, cast: Cast) -> dict[str, str]:
    """Bring one row to the status and try every verb on it, each taken back again."""
    made = table.make(table.enum(status), cast)
    assert getattr(fresh(made), table.column) == status, table.name
    found = {}
    for verb in table.verbs:
        with transaction.atomic():
            found[verb] = outcome(table, verb, fresh(made), cast)
            transaction.set_rollback(True)
    return found


def outcome(table: Table, verb: str, row: Any, cast: Cast) -> str:
    """What the call comes to, in the words of a cell."""
    before = world(row)
    try:
        table.verbs[verb](row, cast)
    except InvalidTransition:
        refused = "no"
    except RuleViolated as refusal:
        refused = f"rule:{refusal.code}"
    except NotPermitted:
        refused = "denied"
    except ObjectDoesNotExist:
        refused = "unseen"
    else:
        after = world(row)
        if after == before:
            return "-"
        now_at = str(getattr(fresh(row), table.column))
        is_moved = now_at != before["row"][table.column]
        if is_moved and hasattr(row, "history"):
            assert after["history"] > before["history"], verb
        if verb in table.events:
            event = AuditEvent.objects.filter(subject_type=type(row)._meta.label_lower).latest("pk")
            assert (event.code, event.subject_id) == (table.events[verb], row.pk)
        return now_at
    assert world(row) == before, verb
    return refused


def fresh(row: Any) -> Any:
    return type(row)._base_manager.get(pk=row.pk)


def world(row: models.Model) -> dict[str, Any]:
    """Everything a refusal must leave as it was."""
    ticket_id = getattr(row, "ticket_id", None)
    return {
        "row": type(row)._base_manager.filter(pk=row.pk).values().get(),
        "history": row.history.count() if hasattr(row, "history") else 0,  # type: ignore[attr-defined]
        "case": Ticket.objects.filter(pk=ticket_id).values().first() if ticket_id else None,
        "messages": Message.objects.count(),
        "events": AuditEvent.objects.count(),
        "journal": JournalEntry.objects.count(),
        "queue": OrmQ.objects.count(),
    }


def columns(tables: list[Table]) -> Iterator[Any]:
    """Every table with each of its statuses, as parameters of a test."""
    for table in tables:
        for status in table.statuses:
            yield pytest.param(table, status, id=f"{table.name}-{status}")
