"""All rules as one process knows them, so that events nobody waits for cost nothing.

Read again when the history of rules has grown, asked at most every ``CLOCK_RULES_SECONDS``.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from math import inf

from django.conf import settings
from django.db.models import Max

from clocks import registry
from clocks.choices import RuleKind
from clocks.models import ClockRule, EscalationStep
from clocks.models.rules import TOKEN_FIELDS


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of a rule with its steps, and its tokens as sets."""

    row: ClockRule
    steps: tuple[EscalationStep, ...]
    starts: frozenset[str]
    stops: frozenset[str]
    pauses: frozenset[str]
    resumes: frozenset[str]
    cancels: frozenset[str]

    @property
    def is_right(self) -> bool:
        """Whether it runs out instead of being missed."""
        return self.row.kind == RuleKind.RIGHT

    def is_in_force(self, moment: datetime) -> bool:
        """Whether it may start clocks at ``moment``."""
        row = self.row
        return (
            row.is_current
            and row.is_active
            and (row.effective_from is None or row.effective_from <= moment)
            and (row.effective_to is None or moment < row.effective_to)
        )


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Every version by id, the current ones by subject and promise, and what events matter."""

    revision: int
    versions: Mapping[int, Rule]
    alternatives: Mapping[tuple[str, str], Sequence[Rule]]
    codes: frozenset[str]

    def promises_of(self, subject_type: str) -> list[str]:
        return [promise for kind, promise in self.alternatives if kind == subject_type]


def bound(row: ClockRule, steps: Iterable[EscalationStep] = ()) -> Rule:
    """A rule as the engine uses it."""
    return Rule(row, tuple(steps), *(frozenset(getattr(row, name)) for name in TOKEN_FIELDS))


def read() -> Rulebook:
    """All rules from the database: four queries. The revision first: a rule changed while they are
    read is read again.
    """
    state = revision()
    steps: dict[int, list[EscalationStep]] = defaultdict(list)
    for step in EscalationStep.objects.order_by("rule_id", "position"):
        steps[step.rule_id].append(step)
    versions = {
        row.pk: bound(row, steps[row.pk]) for row in ClockRule.objects.select_related("calendar")
    }
    alternatives: dict[tuple[str, str], list[Rule]] = defaultdict(list)
    for rule in sorted(versions.values(), key=lambda one: (one.row.position, one.row.code)):
        if rule.row.is_current:
            alternatives[rule.row.subject_type, rule.row.promise].append(rule)
    tokens = {
        token
        for rule in versions.values()
        for token in (*rule.starts, *rule.stops, *rule.pauses, *rule.resumes, *rule.cancels)
    }
    for subject in registry.subjects().values():
        tokens.update(subject.reevaluate_on)
    codes = frozenset(token.partition(":")[0] for token in tokens)
    return Rulebook(state, versions, dict(alternatives), codes)


def revision() -> int:
    """Grows with every change of a rule."""
    return ClockRule.history.aggregate(last=Max("history_id"))["last"] or 0


class _Kept:
    """The process's copy and when it was last compared."""

    book: Rulebook | None = None
    compared: float = 0.0
    is_held: bool = False


def current() -> Rulebook:
    """The rules, at most ``CLOCK_RULES_SECONDS`` old."""
    moment = time.monotonic()
    if _Kept.book is None:
        _Kept.book, _Kept.compared = read(), moment
    elif not _Kept.is_held and moment - _Kept.compared > settings.CLOCK_RULES_SECONDS:
        if revision() != _Kept.book.revision:
            _Kept.book = read()
        _Kept.compared = moment
    return _Kept.book


@contextmanager
def held() -> Iterator[Rulebook]:
    """The rules, not compared again in the block: for loaders, which keep the connection busy."""
    book = current()
    _Kept.is_held = True
    try:
        yield book
    finally:
        _Kept.is_held = False


def version(rule_id: int) -> Rule:
    """One version of a rule; one that this process has not seen yet is read now."""
    book = current()
    if rule_id not in book.versions:
        forget()
        book = current()
    return book.versions[rule_id]


def forget() -> None:
    """Look next time whether rules have changed: after a change of this process, between tests."""
    _Kept.compared = -inf
