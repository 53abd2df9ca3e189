"""The promises of the invented cases, as the engine would have kept them: from rules and events.

``check_clocks`` counts them anew and must find nothing.
"""

from __future__ import annotations

from collections import ChainMap, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from aftersales.demo.rows import Row
from aftersales.kernel.clock import now
from aftersales.kernel.conditions import Facts, matches
from aftersales.kernel.context import acting
from aftersales.kernel.loading import change, insert
from aftersales.kernel.transitions import move
from clocks import registry, rulebook
from clocks.locking import by_clock, rule_of
from clocks.models import Clock, ClockPause, ClockStep, EscalationStep
from clocks.registry import Subject
from clocks.rulebook import Rule
from clocks.services.consuming import happening, new_clock
from clocks.services.reacting import mark_breached, run_out
from clocks.services.scene import Target
from clocks.statuses import ClockState
from clocks.timing import due_of, intervals, ladder
from clocks.track import Happening, Track, concerning, standing, tracks
from compliance.models import AuditEvent
from staff.services import system_actor
from tickets.models import FollowUp, Ticket

PORTION = 500
CASE, FOLLOW_UP = "tickets.ticket", "tickets.followup"
# What a promise reads of an event.
TOLD = ("id", "code", "data", "subject_type", "subject_id", "case_id", "occurred_at")


def answer_due(ticket: Row, start: datetime) -> datetime:
    """By when a first answer is promised to a case that is being invented."""
    facts = ticket | {"is_answered": False, "is_green_channel": False}
    for rule in rulebook.current().alternatives[CASE, "first_response"]:
        if matches(rule.row.conditions, facts):
            return due_of(rule, start, None).at or start
    return start


def keep_promises() -> int:
    """Write the clocks of all cases that have none, with the due times of what is open."""
    bare = Ticket.objects.filter(~Exists(Clock.objects.filter(case_id=OuterRef("pk"))))
    ids = list(bare.order_by("pk").values_list("pk", flat=True))
    written = 0
    for first in range(0, len(ids), PORTION):
        written += _write(ids[first : first + PORTION])
    return written


def catch_up() -> None:
    """What was due on told clocks counts as done when it was due, as it would have been."""
    due = list(Clock.objects.with_step_due(now()).select_related("rule"))
    pauses = by_clock(ClockPause.objects.all(), due)
    steps = []
    for clock in due:
        rungs = ladder(rule_of(clock), clock, intervals(pauses[clock.pk]))
        if clock.due_at is not None and clock.due_at <= now():
            _end_time(clock, rule_of(clock))
        for rung in rungs:
            if rung.step is not None and rung.at <= now():
                steps.append(_done(clock, rung.step, rung.at))
        clock.next_step_at = next((rung.at for rung in rungs if rung.at > now()), None)
    insert(steps)
    change(due, ["state", "breached_at", "stopped_at", "next_step_at"])


def _end_time(clock: Clock, rule: Rule) -> None:
    """Its time is over: a promise is late, a right has run out."""
    if rule.is_right:
        run_out(clock)
    else:
        mark_breached(clock)


def _done(clock: Clock, step: EscalationStep, at: datetime) -> ClockStep:
    return ClockStep(clock=clock, step=step, due_at=at, done_at=at, attempts=1)


def _write(ids: list[int]) -> int:
    """The clocks of some cases: a few statements, and a version of each case that is due."""
    told: dict[int, list[Happening]] = defaultdict(list)
    events: Any = AuditEvent.objects.filter(case_id__in=ids).order_by("id")
    for event in events.values_list(*TOLD, named=True):
        told[event.case_id].append(happening(event, CASE))
    cases = registry.get(CASE).load(ids)
    follow_ups = FollowUp.objects.filter(ticket__in=ids).values_list("pk", flat=True)
    made: list[tuple[Clock, Track, Rule]] = []
    for case in cases.values():
        made += _promised(registry.get(CASE), case, case, told[case.pk])
    for row in registry.get(FOLLOW_UP).load(list(follow_ups)).values():
        made += _promised(registry.get(FOLLOW_UP), row, row.ticket, told[row.ticket_id])
    clocks = [clock for clock, _track, _rule in made]
    steps = [step for clock, track, rule in made for step in _steps_done(clock, track, rule)]
    insert(clocks)
    insert([pause for clock, track, _rule in made for pause in _pauses(clock, track)])
    insert(steps)
    _set_due(cases, clocks)
    return len(clocks)


def _promised(
    subject: Subject, obj: Any, case: Ticket, told: list[Happening]
) -> Iterator[tuple[Clock, Track, Rule]]:
    """Every clock the events of a case made on an object."""
    target = Target(subject, obj)
    mine = concerning(standing(told), (subject.type, obj.pk))
    for (kind, _promise), rules in rulebook.current().alternatives.items():
        if kind != subject.type:
            continue
        found: dict[int, tuple[Rule, Track]] = {}
        followed: dict[Any, list[Track]] = {}
        for rule in rules:
            words = (rule.starts, rule.stops, rule.cancels, rule.pauses, rule.resumes)
            if words not in followed:
                followed[words] = tracks(rule, mine)
            for track in followed[words]:
                if matches(rule.row.conditions, _facts_at(target.facts, case, track.start.at)):
                    found.setdefault(track.start.id, (rule, track))
        for rule, track in found.values():
            yield _clock(target, case, rule, track), track, rule


def _facts_at(facts: Facts, case: Ticket, moment: datetime) -> Mapping[str, Any]:
    """Facts as they are, but answered and acknowledged as of the moment."""
    past = {
        "is_answered": case.first_response_at is not None and case.first_response_at < moment,
        "is_acknowledged": case.acknowledged_at is not None and case.acknowledged_at < moment,
    }
    return ChainMap(past, facts)  # type: ignore[arg-type]  # only read


def _clock(target: Target, case: Ticket, rule: Rule, track: Track) -> Clock:
    """The row of one clock, as it stands now."""
    clock = new_clock(target, rule, track.start.at, track.start.id)
    clock.case_id, clock.case_label = case.pk, case.number
    if end := track.end:
        for one in track.breaks:
            one.end, one.ended_by = one.end or end.at, one.ended_by or end.id
    found = due_of(rule, clock.started_at, clock.until_at, track.intervals)
    clock.due_at, clock.is_provisional = found.at, found.is_provisional
    ended = track.end.at if track.end else now()
    if track.is_canceled:
        move(clock, ClockState.CANCELED, field="state")
    elif clock.due_at is not None and clock.due_at < ended:
        _end_time(clock, rule)
    elif track.end:
        move(clock, ClockState.MET, field="state")
    elif track.paused_at:
        move(clock, ClockState.PAUSED, field="state")
        clock.paused_at = track.paused_at
    if track.end:
        clock.stopped_at, clock.stopped_event = track.end.at, track.end.id
    return clock


def _pauses(clock: Clock, track: Track) -> Iterator[ClockPause]:
    for one in track.breaks:
        yield ClockPause(
            clock=clock,
            cause_type=one.cause[0],
            cause_id=one.cause[1],
            started_at=one.start,
            started_event=one.started_by,
            ended_at=one.end,
            ended_event=one.ended_by,
        )


def _steps_done(clock: Clock, track: Track, rule: Rule) -> Iterator[ClockStep]:
    """Steps whose time came before the promise was kept; the clock is told what comes next."""
    rungs, until = ladder(rule, clock, track.intervals), clock.stopped_at or now()
    if clock.stopped_at is None:
        clock.next_step_at = next((rung.at for rung in rungs if rung.at > until), None)
    for rung in rungs:
        if rung.step is not None and rung.at <= until:
            yield _done(clock, rung.step, rung.at)


def _set_due(cases: Mapping[int, Ticket], clocks: list[Clock]) -> None:
    """A version of every open case with the time of its nearest promise."""
    nearest: dict[int, datetime] = {}
    for clock in clocks:
        if clock.stopped_at is None and clock.counts_for_due and clock.due_at and clock.case_id:
            known = nearest.get(clock.case_id, clock.due_at)
            nearest[clock.case_id] = min(known, clock.due_at)
    with acting(system_actor(), "Promises counted"):
        for pk, case in cases.items():
            if case.due_at != nearest.get(pk):
                case.due_at = nearest.get(pk)
                case.save(update_fields=["due_at"])
