"""From events to promises: the one consumer of everything that is recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from aftersales.kernel.loading import insert_missing
from aftersales.kernel.refs import in_each_language
from aftersales.kernel.transitions import move
from clocks import rulebook
from clocks.counting import Unit
from clocks.locking import rule_of
from clocks.models import Clock, ClockChange
from clocks.rulebook import Rule
from clocks.services.past import past
from clocks.services.reacting import PLANNED, cancel, go_on, notice_end, react, take_back
from clocks.services.rewinding import catch_up, rewind, write_pauses
from clocks.services.scene import Scene, Target, first_match
from clocks.statuses import ClockState
from clocks.timing import intervals, plan, timely
from clocks.track import OWN_WORDS, Track, concerning, follow
from clocks.words import moment_words
from compliance.models import AuditEvent
from compliance.services import record


def consume(event: AuditEvent, subject: models.Model, case: models.Model | None) -> None:
    """Start, stop, pause, resume, cancel and re-evaluate what the event concerns.

    Runs in the transaction of the verb that recorded it, which holds the case's lock and saves the
    due time put onto ``case``. An event no rule names costs no query.
    """
    book = rulebook.current()
    if event.code not in book.codes and event.data.keys().isdisjoint(OWN_WORDS):
        return
    scene = Scene(event, subject, case, book)
    rewind(scene)
    catch_up(scene, take_back(scene))
    let_go(scene)
    for clock in list(scene.concerned()):
        react(scene, clock)
    for target in scene.targets:
        if not scene.tokens.isdisjoint(target.subject.reevaluate_on):
            reevaluate(scene, target)
        begin(scene, target)
    store(scene.fresh)
    if scene.is_changed or scene.fresh:
        tell_due(scene)


def let_go(scene: Scene) -> None:
    """End what the event says nobody waits for on its case any more."""
    for clock in scene.live:
        is_about_case = scene.case is not None and clock.subject_id == scene.case.pk
        if clock.promise in scene.let_go and is_about_case and clock.is_live:
            cancel(scene, clock)


def consume_first(pairs: Iterable[tuple[AuditEvent, Any]]) -> None:
    """``consume`` for a loader: first events of objects that are not written yet, one statement."""
    book = rulebook.current()
    fresh: list[Clock] = []
    for event, obj in pairs:
        scene = Scene(event, obj, obj, book)
        scene.__dict__["live"] = []
        for target in scene.targets:
            begin(scene, target)
        tell_due(scene)
        fresh += scene.fresh
    store(fresh)


def store(fresh: list[Clock]) -> None:
    """Write new clocks; one that somebody else just started is left as it is."""
    if fresh:
        insert_missing(fresh)


def begin(scene: Scene, target: Target) -> None:
    """Start what the event promises and is not owed already; what it brings along from another
    case counts from then, also where it runs already and began later."""
    owed = scene.owed if target.subject.is_case else {}
    for (subject_type, promise), rules in scene.book.alternatives.items():
        if subject_type != target.subject.type:
            continue
        since = owed.get(promise)
        named = [
            rule
            for rule in rules
            if (since or not rule.starts.isdisjoint(scene.tokens))
            and rule.is_in_force(scene.moment)
        ]
        if not named:
            continue
        if clock := scene.running(promise, target):
            bring_forward(scene, clock, since)
        elif rule := first_match(named, target.facts):
            clock = new_clock(target, rule, since or scene.moment, scene.event.pk)
            _in_case(clock, scene.case)
            plan(rule, clock, [])
            scene.fresh.append(clock)


def bring_forward(scene: Scene, clock: Clock, since: datetime | None) -> None:
    """Let a running promise count from an earlier time; what is late already is never moved."""
    if since is None or since >= clock.started_at or clock.state == ClockState.BREACHED:
        return
    change = change_of(scene, clock)
    clock.started_at = since
    _count_anew(scene, clock, rule_of(clock), scene.done[clock.pk])
    clock.save(update_fields=["started_at", *PLANNED])
    change.to_due = clock.due_at
    change.save(force_insert=True)
    scene.is_changed = True


def new_clock(target: Target, rule: Rule, start: datetime, event_id: int) -> Clock:
    """A clock as a row, not planned, not saved."""
    return Clock(
        rule=rule.row,
        promise=rule.row.promise,
        subject_type=target.subject.type,
        subject_id=target.obj.pk,
        subject_label=str(target.obj)[:200],
        counts_for_due=rule.row.counts_for_due,
        started_at=start,
        started_event=event_id,
        until_at=until_of(rule, target),
    )


def until_of(rule: Rule, target: Target) -> datetime | None:
    """The object's own time, for rules without a length."""
    until: datetime | None = target.facts["due_at"] if rule.row.unit == Unit.UNTIL else None
    return until


def is_other(clock: Clock, rule: Rule, target: Target) -> bool:
    """Whether the clock has to be counted anew: under another rule or until another time."""
    return rule.row.pk != clock.rule_id or until_of(rule, target) != clock.until_at


def _in_case(clock: Clock, case: models.Model | None) -> None:
    if case is not None:
        clock.case_id, clock.case_label = case.pk, str(case)[:20]


def reevaluate(scene: Scene, target: Target) -> None:
    """Match every promise anew: another rule, none any more, or one that applies only now.

    A clock keeps its version of the rule it runs under, also of one that was retired. What is late
    already, swept or not, is only let go, never moved; a right that has run out is left as it is.
    """
    missing: list[Rule] = []
    changes: list[ClockChange] = []
    for promise in scene.book.promises_of(target.subject.type):
        clock = scene.running(promise, target)
        rule = first_match(alternatives(scene, target, promise, clock), target.facts)
        if clock is None:
            missing += [rule] if rule else []
            continue
        if rule is not None and not is_other(clock, rule, target):
            continue
        notice_end(scene, clock)
        if rule is None and clock.stopped_at is None:
            cancel(scene, clock)
        elif rule is not None and clock.state in (ClockState.RUNNING, ClockState.PAUSED):
            changes.append(change_rule(scene, clock, rule, target))
    if missing:
        begin_late(scene, target, missing)
    if changes:
        _record_changes(scene, target, changes)


def alternatives(scene: Scene, target: Target, promise: str, clock: Clock | None) -> list[Rule]:
    """The rules of a promise in order; the running version stands in for its code."""
    rules = [
        rule
        for rule in scene.book.alternatives[target.subject.type, promise]
        if rule.is_in_force(scene.moment)
    ]
    if clock is None:
        return rules
    own = rule_of(clock)
    others = [rule for rule in rules if rule.row.code != own.row.code]
    return sorted([own, *others], key=lambda rule: (rule.row.position, rule.row.code))


def change_rule(scene: Scene, clock: Clock, rule: Rule, target: Target) -> ClockChange:
    """Put a clock under another rule or time: same start, same pauses, new due time."""
    change = change_of(scene, clock)
    change.to_rule_id = rule.row.pk
    clock.rule, clock.counts_for_due = rule.row, rule.row.counts_for_due
    clock.until_at = until_of(rule, target)
    _count_anew(scene, clock, rule)
    clock.save(update_fields=["rule", "counts_for_due", "until_at", *PLANNED])
    change.to_due = clock.due_at
    change.save(force_insert=True)
    scene.is_changed = True
    return change


def change_of(scene: Scene, clock: Clock) -> ClockChange:
    """What a clock was before the event changed it, not saved."""
    return ClockChange(
        clock=clock,
        at=scene.moment,
        event=scene.event.pk,
        from_rule_id=clock.rule_id,
        to_rule_id=clock.rule_id,
        from_due=clock.due_at,
    )


def _count_anew(scene: Scene, clock: Clock, rule: Rule, done: Collection[int] = ()) -> None:
    """A new due time in memory. A clock that was due before it began to rest goes on: a pause mends
    nothing that was late."""
    plan(rule, clock, intervals(scene.pauses[clock.pk]), done)
    if clock.state == ClockState.PAUSED and clock.due_at is not None:
        go_on(scene, clock)
        plan(rule, clock, intervals(scene.pauses[clock.pk]), done)


def _record_changes(scene: Scene, target: Target, changes: list[ClockChange]) -> None:
    """One event for all clocks the same event moved, in words and as data."""
    data = [
        {
            "promise": change.to_rule.promise,
            "from": str(change.from_due or ""),
            "to": str(change.to_due or ""),
        }
        for change in changes
    ]
    record(
        "clocks.reevaluated",
        target.obj,
        actor=scene.actor,
        case=scene.case,
        note=in_each_language(lambda: "; ".join(map(_moved, changes))),
        data={"changes": data},
    )


def _moved(change: ClockChange) -> str:
    return _("%(promise)s: %(old)s → %(new)s") % {
        "promise": change.to_rule,
        "old": moment_words(change.from_due),
        "new": moment_words(change.to_due),
    }


def begin_late(scene: Scene, target: Target, rules: list[Rule]) -> None:
    """Start promises that apply only now, from the event that would have started them."""
    happenings = concerning(past(scene, rules), (target.subject.type, target.obj.pk))
    for rule in rules:
        track = follow(rule, happenings)
        if track is not None:
            _start_tracked(scene, target, rule, track)


def _start_tracked(scene: Scene, target: Target, rule: Rule, track: Track) -> None:
    """A clock that began in the past, with the pauses it would have had."""
    clock = new_clock(target, rule, track.since, track.start.id)
    _in_case(clock, scene.case)
    track.breaks = timely(rule, clock, track.breaks)
    plan(rule, clock, track.intervals)
    if track.paused_at:
        move(clock, ClockState.PAUSED, field="state")
        clock.paused_at = track.paused_at
    clock.save(force_insert=True)
    write_pauses(scene, clock, track)
    scene.live.append(clock)
    scene.is_changed = True


def tell_due(scene: Scene) -> None:
    """Put the nearest due time onto the case and the object, in memory."""
    clocks = [clock for clock in (*scene.live, *scene.fresh) if clock.is_live and clock.due_at]
    for target in scene.targets:
        if target.subject.set_due is None:
            continue
        mine = [
            clock.due_at
            for clock in clocks
            if (clock.counts_for_due if target.subject.is_case else target.has(clock))
        ]
        target.subject.set_due(target.obj, min(filter(None, mine), default=None))
