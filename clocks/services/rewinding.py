"""Taking back where a promise began."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from aftersales.kernel.transitions import move
from clocks.locking import rule_of
from clocks.models import Clock, ClockPause
from clocks.services.past import past
from clocks.services.reacting import PLANNED, cancel, is_late_still
from clocks.services.scene import Scene
from clocks.statuses import ClockState
from clocks.timing import intervals, plan, timely
from clocks.track import Track, concerning, follow, owed_of
from compliance.models import AuditEvent


def rewind(scene: Scene) -> None:
    """An event that undoes an earlier one: what only that one promised is not owed, and what it
    brought forward counts from its own beginning again."""
    undone = scene.event.data.get("undoes")
    if undone:
        _tell_anew(scene, scene.live, {undone})


def catch_up(scene: Scene, clocks: Sequence[Clock]) -> None:
    """Clocks that go on again after their end was taken back: what was undone while they stood
    still is taken from them, too."""
    if clocks:
        undoing = AuditEvent.objects.filter(case_id=scene.event.case_id, data__has_key="undoes")
        _tell_anew(scene, clocks, {event.data["undoes"] for event in undoing})


def _tell_anew(scene: Scene, clocks: Sequence[Clock], undone: Collection[int]) -> None:
    moved = _moved(clocks, undone)
    told = past(scene, [rule_of(clock) for clock in moved]) if moved else []
    for clock in moved:
        own = concerning(told, (clock.subject_type, clock.subject_id))
        track = follow(rule_of(clock), [one for one in own if one.id >= clock.started_event])
        if track is None:
            cancel(scene, clock)
        elif clock.started_event in undone or track.since != clock.started_at:
            _restart(scene, clock, track)


def _moved(clocks: Sequence[Clock], undone: Collection[int]) -> list[Clock]:
    """The clocks that events which were undone began, or whose promise they brought along."""
    events = AuditEvent.objects.filter(pk__in=undone)
    brought = {promise for event in events for promise in owed_of(event.data)}
    return [one for one in clocks if one.started_event in undone or one.promise in brought]


def _restart(scene: Scene, clock: Clock, track: Track) -> None:
    """Let a clock run as its events tell without the undone one; late only if it still is."""
    rule = rule_of(clock)
    clock.started_at, clock.started_event = track.since, track.start.id
    track.breaks = timely(rule, clock, track.breaks)
    ClockPause.objects.filter(clock=clock).delete()
    write_pauses(scene, clock, track)
    if not is_late_still(scene, clock, track.intervals):
        wanted = ClockState.PAUSED if track.paused_at else ClockState.RUNNING
        if clock.state != wanted:
            move(clock, wanted, field="state")
        clock.paused_at = track.paused_at
    plan(rule, clock, intervals(scene.pauses[clock.pk]), scene.done[clock.pk])
    clock.save(update_fields=["started_at", "started_event", "breached_at", *PLANNED])
    scene.is_changed = True


def write_pauses(scene: Scene, clock: Clock, track: Track) -> None:
    """Store the pauses of a track as the clock's own."""
    rows = [
        ClockPause(
            clock=clock,
            cause_type=one.cause[0],
            cause_id=one.cause[1],
            started_at=one.start,
            started_event=one.started_by,
            ended_at=one.end,
            ended_event=one.ended_by,
        )
        for one in track.breaks
    ]
    scene.pauses[clock.pk] = ClockPause.objects.bulk_create(rows)
