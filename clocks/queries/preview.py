"""What a changed rule would mean for what is open now: counted up to a cap, shown for a few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clocks import registry, rulebook
from clocks.models import Clock, ClockPause, ClockRule
from clocks.rulebook import Rule, bound
from clocks.services.scene import first_match
from clocks.timing import due_of, intervals

LOOKED_AT = 1000
SHOWN = 25


@dataclass(frozen=True, slots=True)
class Moved:
    """An open object under the draft: its due time now and as the draft would have it."""

    label: str
    url: str
    now_due: datetime | None
    new_due: datetime | None


@dataclass(frozen=True, slots=True)
class Preview:
    """How many of the open objects looked at the draft would cover, and how they would move.

    Running clocks keep their version: this is what would be promised had they begun under it.
    ``is_capped`` says that there are more open objects than were looked at.
    """

    looked_at: int
    matching: int
    moving: int
    is_capped: bool
    sample: tuple[Moved, ...]


def preview(draft: ClockRule) -> Preview:
    """Compare the draft with what runs; four queries, at most ``LOOKED_AT`` objects."""
    subject = registry.get(draft.subject_type)
    if subject.open_rows is None:
        return Preview(0, 0, 0, False, ())
    rows = list(subject.open_rows().order_by("-pk")[: LOOKED_AT + 1])
    looked = rows[:LOOKED_AT]
    rules = _with_draft(draft)
    matching = [obj for obj in looked if _covers(draft, rules, subject.facts_of(obj))]
    moved = _moved(draft, subject.type, matching)
    moving = [one for one in moved if one.now_due != one.new_due]
    others = [one for one in moved if one.now_due == one.new_due]
    return Preview(
        len(looked),
        len(matching),
        len(moving),
        len(rows) > LOOKED_AT,
        tuple([*moving, *others][:SHOWN]),
    )


def _with_draft(draft: ClockRule) -> list[Rule]:
    """The alternatives of the promise in order, the draft in the place of its code."""
    known = rulebook.current().alternatives.get((draft.subject_type, draft.promise), ())
    others = [rule for rule in known if rule.row.code != draft.code and rule.row.is_active]
    return sorted([*others, bound(draft)], key=lambda rule: (rule.row.position, rule.row.code))


def _covers(draft: ClockRule, rules: Sequence[Rule], facts: Any) -> bool:
    found = first_match(rules, facts)
    return draft.is_active and found is not None and found.row is draft


def _moved(draft: ClockRule, subject_type: str, objects: Sequence[Any]) -> list[Moved]:
    """Those of the objects on which the promise runs, with both due times."""
    by_id = {obj.pk: obj for obj in objects}
    clocks = list(
        Clock.objects.live()
        .filter(subject_type=subject_type, subject_id__in=by_id, promise=draft.promise)
        .order_by("due_at", "id")
    )
    pauses: dict[int, list[ClockPause]] = {}
    for pause in ClockPause.objects.filter(clock__in=clocks):
        pauses.setdefault(pause.clock_id, []).append(pause)
    rule = bound(draft)
    return [
        Moved(
            label=clock.case_label or clock.subject_label,
            url=registry.url_of(clock.subject_type, clock.subject_id, clock.subject_label),
            now_due=clock.due_at,
            new_due=due_of(
                rule, clock.started_at, clock.until_at, intervals(pauses.get(clock.pk, ()))
            ).at,
        )
        for clock in clocks
    ]
