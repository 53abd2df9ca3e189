"""Locking clocks outside a verb: cases first, what somebody else holds is left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from clocks import registry, rulebook
from clocks.models import Clock
from clocks.rulebook import Rule

Owner = tuple[str, int]


def owner_of(clock: Clock) -> Owner:
    """What has to be locked before the clock: its case, else its object."""
    case = registry.case_subject()
    if clock.case_id is not None and case is not None:
        return case.type, clock.case_id
    return clock.subject_type, clock.subject_id


def lock_owners(clocks: Iterable[Clock], most: int) -> dict[Owner, Any]:
    """Cases and objects of the clocks that are free, locked; at most ``most`` of each type."""
    wanted: dict[str, dict[int, None]] = defaultdict(dict)
    for clock in clocks:
        kind, pk = owner_of(clock)
        wanted[kind][pk] = None
    found: dict[Owner, Any] = {}
    for kind, ids in wanted.items():
        lock = registry.get(kind).lock
        if lock is not None:
            found.update({(kind, pk): row for pk, row in lock(list(ids), most).items()})
    return found


def by_clock(rows: QuerySet[Any], clocks: Sequence[Clock]) -> dict[int, list[Any]]:
    """Rows that hang on clocks, by clock, in one query."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows.filter(clock__in=clocks):
        found[row.clock_id].append(row)
    return found


def rule_of(clock: Clock) -> Rule:
    """The version a clock runs under, put onto the clock so that nobody reads it again."""
    rule = rulebook.version(clock.rule_id)
    clock.rule = rule.row
    return rule
