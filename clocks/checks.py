"""Are the rules sensible, and do the running clocks say what their events say?

Warnings are about rules that can never count. Deviations are about clocks: each live one is
computed anew from its events, its pauses, its rule and its calendar.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from aftersales.kernel.conditions import Op, in_words
from clocks import actions, registry, rulebook
from clocks.locking import by_clock, rule_of
from clocks.models import Clock, ClockChange, ClockPause
from clocks.models.rules import TOKEN_FIELDS
from clocks.rulebook import Rule
from clocks.services.past import happening
from clocks.statuses import ClockState
from clocks.timing import due_of, intervals
from clocks.track import Happening, concerning, follow, standing
from clocks.words import moment_words
from compliance import events
from compliance.models import AuditEvent

CHUNK = 500


@dataclass(frozen=True, slots=True)
class RuleWarning:
    """Something about a rule that a person should look at."""

    rule: str
    version: int
    text: str


@dataclass(frozen=True, slots=True)
class Deviation:
    """A clock that does not say what follows from its events."""

    clock: int
    case: str
    promise: str
    text: str


_alarms: list[Callable[[], Iterable[str]]] = []


def register_alarm(alarm: Callable[[], Iterable[str]]) -> None:
    """Let an app say what keeps every rule from working as it reads; one query at most."""
    _alarms.append(alarm)


def alarms() -> list[str]:
    """What is wrong around the rules, in words."""
    return [text for alarm in _alarms for text in alarm()]


def all_warnings() -> list[RuleWarning]:
    """Of every current rule."""
    book = rulebook.current()
    return [
        RuleWarning(rule.row.code, rule.row.version, text)
        for rules in book.alternatives.values()
        for rule in rules
        for text in warnings_of(rule, rules)
    ]


def warnings_of(rule: Rule, alternatives: Sequence[Rule] = ()) -> list[str]:
    """Why a rule can never match, or a step never be done; ``alternatives`` are in order."""
    return [
        *_about_tokens(rule),
        *_about_conditions(rule),
        *_about_time(rule),
        *_about_steps(rule),
        *_about_order(rule, alternatives),
    ]


def _about_tokens(rule: Rule) -> Iterator[str]:
    known = {one.code for one in events.all_types()}
    for name in TOKEN_FIELDS:
        label = rule.row.label_of(name)
        for token in getattr(rule.row, name):
            if token.partition(":")[0] not in known:
                names = {"field": label, "token": token}
                yield _("“%(field)s” names an event nobody records: %(token)s.") % names


def _about_conditions(rule: Rule) -> Iterator[str]:
    subject = registry.find(rule.row.subject_type)
    if subject is None:
        yield _("Nothing is known about objects of this kind.")
        return
    by_fact: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for condition in rule.row.conditions:
        by_fact[condition["fact"]].append(condition)
    for fact, conditions in by_fact.items():
        if fact not in subject.by_code:
            yield _("“%(fact)s” is no fact of this object.") % {"fact": fact}
        elif contradict(conditions):
            words = "; ".join(in_words(conditions, subject.by_code))
            yield _("These conditions never hold together: %(conditions)s.") % {"conditions": words}


def contradict(conditions: Sequence[dict[str, Any]]) -> bool:
    """Whether conditions on one fact exclude each other."""
    allowed: set[Any] | None = None
    for one in conditions:
        values = set(one["value"]) if one["op"] == Op.IN else {one["value"]}
        if one["op"] in (Op.IS, Op.IN):
            allowed = values if allowed is None else allowed & values
    least = [one["value"] for one in conditions if one["op"] == Op.AT_LEAST]
    most = [one["value"] for one in conditions if one["op"] == Op.AT_MOST]
    known = {one["value"] for one in conditions if one["op"] == Op.IS_SET}
    if least and most and max(least) > min(most):
        return True
    if len(known) == 2 or (False in known and (least or most or (allowed and "" not in allowed))):
        return True
    if allowed is None:
        return False
    return not any(_survives(value, conditions) for value in allowed)


def _survives(value: Any, conditions: Sequence[dict[str, Any]]) -> bool:
    for one in conditions:
        wanted = one["value"]
        if one["op"] == Op.IS_NOT and value == wanted:
            return False
        if one["op"] == Op.NOT_IN and value in wanted:
            return False
        if one["op"] == Op.CONTAINS and wanted not in value:
            return False
    return True


def _about_time(rule: Rule) -> Iterator[str]:
    row = rule.row
    if row.effective_from and row.effective_to and row.effective_to < row.effective_from:
        yield _("It ends before it begins.")


def _about_steps(rule: Rule) -> Iterator[str]:
    known = dict(actions.choices())
    for step in rule.steps:
        if step.action not in known:
            yield _("Step %(place)s does what nobody can do: %(action)s.") % {
                "place": step.position,
                "action": step.action,
            }


def _about_order(rule: Rule, alternatives: Sequence[Rule]) -> Iterator[str]:
    """An earlier rule that asks for less takes every object this one would get."""
    for earlier in alternatives:
        if earlier.row.code == rule.row.code:
            return
        asks_less = all(one in rule.row.conditions for one in earlier.row.conditions)
        is_always = earlier.row.effective_from is None and earlier.row.effective_to is None
        if asks_less and is_always and earlier.row.is_active and rule.starts <= earlier.starts:
            names = {"rule": earlier.row}
            yield _("“%(rule)s” comes earlier and takes everything this rule asks for.") % names
            return


def deviations() -> Iterator[Deviation]:
    """Of every live clock, in portions; five queries each."""
    last = 0
    rows = Clock.objects.live().order_by("id")
    while clocks := list(rows.filter(pk__gt=last)[:CHUNK]):
        last = clocks[-1].pk
        pauses, changes = (
            by_clock(ClockPause.objects.all(), clocks),
            by_clock(ClockChange.objects.all(), clocks),
        )
        told = _happenings(clocks)
        for clock in clocks:
            found = [
                *_wrong_time(clock, pauses[clock.pk]),
                *_wrong_story(clock, pauses[clock.pk], changes[clock.pk], told),
            ]
            for text in found:
                yield Deviation(clock.pk, clock.case_label, clock.promise, text)


Told = dict[tuple[str, int], list[Happening]]


def _happenings(clocks: Sequence[Clock]) -> Told:
    """What happened in the cases of the clocks, or to objects without a case, in order."""
    case = registry.case_subject()
    case_type = case.type if case else ""
    found: Told = defaultdict(list)
    ids = {clock.case_id for clock in clocks if clock.case_id is not None}
    for event in AuditEvent.objects.filter(case_id__in=ids).order_by("id"):
        found[case_type, event.case_id or 0].append(happening(event, case_type))
    alone = [clock for clock in clocks if clock.case_id is None]
    for clock in alone:
        mine = AuditEvent.objects.filter(
            subject_type=clock.subject_type, subject_id=clock.subject_id
        )
        found[clock.subject_type, clock.subject_id] = [
            happening(event, case_type) for event in mine.order_by("id")
        ]
    return found


def _wrong_time(clock: Clock, pauses: Sequence[ClockPause]) -> Iterator[str]:
    is_open = any(pause.ended_at is None for pause in pauses)
    if is_open != (clock.state == ClockState.PAUSED):
        yield _("Its state and its pauses disagree.")
        return
    due = due_of(rule_of(clock), clock.started_at, clock.until_at, intervals(pauses))
    if due.at != clock.due_at or (due.at and due.is_provisional != clock.is_provisional):
        names = {"kept": moment_words(clock.due_at), "counted": moment_words(due.at)}
        yield _("It says due %(kept)s, counted anew it is %(counted)s.") % names
    if clock.due_at and clock.state == ClockState.RUNNING and clock.next_step_at is None:
        yield _("It runs, but nobody will look at it.")


def _wrong_story(
    clock: Clock, pauses: Sequence[ClockPause], changes: Sequence[ClockChange], told: Told
) -> Iterator[str]:
    """Events against rows; a clock that changed rules was paused by the tokens of several."""
    if any(change.from_rule_id != change.to_rule_id for change in changes):
        return
    case = registry.case_subject()
    key = (clock.subject_type, clock.subject_id)
    if clock.case_id is not None and case is not None:
        key = (case.type, clock.case_id)
    own = concerning(standing(told[key]), (clock.subject_type, clock.subject_id))
    mine = [one for one in own if one.id >= clock.started_event]
    track = follow(rule_of(clock), mine)
    if track is None or track.start.id != clock.started_event:
        yield _("Its events say that it is not owed.")
        return
    if clock.state == ClockState.BREACHED:
        return
    if track.since != clock.started_at:
        yield _("Its events say that it counts from another time.")
    counted = {(one.start, one.end) for one in track.breaks}
    kept = {(pause.started_at, pause.ended_at) for pause in pauses}
    if _in_time(clock, counted) != _in_time(clock, kept):
        yield _("Its pauses are not those of its events.")


def _in_time(
    clock: Clock, pauses: set[tuple[datetime, datetime | None]]
) -> set[tuple[datetime, datetime | None]]:
    """Without pauses that began when its time was over: they do not count."""
    return {one for one in pauses if not clock.due_at or one[0] < clock.due_at}
