"""One event with everything it meets: the objects it is about and the promises that run on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import models
from django.utils.functional import cached_property

from aftersales.kernel.conditions import Facts, matches
from aftersales.kernel.prepared import plain_rows
from aftersales.kernel.reading import by_condition, by_values
from clocks import registry
from clocks.models import Clock, ClockPause
from clocks.registry import Subject
from clocks.rulebook import Rule, Rulebook
from clocks.track import Cause, let_go_of, owed_of, tokens_of
from compliance.models import AuditEvent

OF_CLOCKS: Final = "clock_id = ANY(%s) ORDER BY started_at, id"
DONE: Final = """
    SELECT clock_id, step_id FROM clocks_clockstep
    WHERE clock_id = ANY(%s) AND (done_at IS NOT NULL OR parked_at IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class EventActor:
    """Whoever did what the event tells, as the trail names them."""

    pk: int
    audit_name: str


@dataclass(frozen=True)
class Target:
    """An object of the event that something can be promised about."""

    subject: Subject
    obj: Any

    @cached_property
    def facts(self) -> Facts:
        return self.subject.facts_of(self.obj)

    def has(self, clock: Clock) -> bool:
        return clock.subject_type == self.subject.type and clock.subject_id == self.obj.pk


@dataclass
class Scene:
    """Clocks are locked when they are read, after the case, which the calling verb has locked."""

    event: AuditEvent
    subject: models.Model
    case: models.Model | None
    book: Rulebook
    is_changed: bool = False
    fresh: list[Clock] = field(default_factory=list)

    @property
    def moment(self) -> datetime:
        return self.event.occurred_at

    @cached_property
    def actor(self) -> EventActor:
        return EventActor(self.event.actor_id, self.event.actor_name)

    @cached_property
    def tokens(self) -> frozenset[str]:
        return tokens_of(self.event.code, self.event.data)

    @cached_property
    def owed(self) -> dict[str, datetime]:
        """Promises the event brings to its case, by the time since when they are owed."""
        return owed_of(self.event.data)

    @cached_property
    def let_go(self) -> frozenset[str]:
        """Promises of its case that nobody waits for any more."""
        return let_go_of(self.event.data)

    @cached_property
    def cause(self) -> Cause:
        """Whose pause this is: the object's own, if promises can be about it, else the case's."""
        event = self.event
        if event.case_id is None or registry.find(event.subject_type):
            return event.subject_type, event.subject_id
        case = registry.case_subject()
        return (case.type if case else event.subject_type), event.case_id

    @cached_property
    def targets(self) -> list[Target]:
        objects = [self.subject]
        if self.case is not None and not _same(self.case, self.subject):
            objects.append(self.case)
        found = ((registry.find(one._meta.label_lower), one) for one in objects)
        return [Target(subject, obj) for subject, obj in found if subject is not None]

    @cached_property
    def live(self) -> list[Clock]:
        """Every clock still owed on the object and in its case; none yet in a case being made."""
        if self.case is not None and self.case._state.adding:
            return []
        event = self.event
        mine = (
            {"subject_type": event.subject_type, "subject_id": event.subject_id}
            if event.case_id is None
            else {"case_id": event.case_id}
        )
        return by_values(Clock, {**mine, "stopped_at": None}, is_locked=True)

    @cached_property
    def pauses(self) -> dict[int, list[ClockPause]]:
        """Pauses of all clocks at hand, read at once when the first is needed."""
        found: dict[int, list[ClockPause]] = defaultdict(list)
        for pause in by_condition(ClockPause, OF_CLOCKS, [[clock.pk for clock in self.live]]):
            found[pause.clock_id].append(pause)
        return found

    @cached_property
    def done(self) -> dict[int, set[int]]:
        """Steps done or given up, by clock."""
        return done_steps(self.live)

    def concerned(self) -> Iterator[Clock]:
        """Clocks the event can stop or pause; one about a sister object is none of them."""
        for clock in self.live:
            is_same_kind = clock.subject_type == self.event.subject_type
            if not is_same_kind or clock.subject_id == self.event.subject_id:
                yield clock

    def running(self, promise: str, target: Target) -> Clock | None:
        """The clock of a promise that is still owed."""
        clocks = (*self.live, *self.fresh)
        return next(
            (one for one in clocks if one.is_live and one.promise == promise and target.has(one)),
            None,
        )


def done_steps(clocks: Sequence[Clock]) -> dict[int, set[int]]:
    """Ids of steps that are done or parked, by clock."""
    found: dict[int, set[int]] = defaultdict(set)
    for clock_id, step_id in plain_rows(DONE, [[clock.pk for clock in clocks]]):
        found[clock_id].add(step_id)
    return found


def first_match(rules: Sequence[Rule], facts: Facts) -> Rule | None:
    """The first alternative whose conditions hold."""
    return next((rule for rule in rules if matches(rule.row.conditions, facts)), None)


def _same(one: models.Model, other: models.Model) -> bool:
    return one._meta.label_lower == other._meta.label_lower and one.pk == other.pk
