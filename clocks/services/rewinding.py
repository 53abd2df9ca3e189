"""Taking back where a promise began."""

from __future__ import annotations

from aftersales.kernel.transitions import move
from clocks.locking import rule_of
from clocks.models import Clock, ClockPause
from clocks.services.past import past
from clocks.services.reacting import PLANNED, cancel
from clocks.services.scene import Scene
from clocks.statuses import ClockState
from clocks.timing import due_of, intervals, plan, timely
from clocks.track import Track, concerning, follow, owed_of
from compliance.models import AuditEvent


def rewind(scene: Scene) -> None:
    """An event that undoes an earlier one: what only that one promised is not owed, and what it
    brought forward counts from its own beginning again."""
    undone = scene.event.data.get("undoes")
    moved = _moved(scene, undone) if undone else []
    told = past(scene, [rule_of(clock) for clock in moved]) if moved else []
    for clock in moved:
        is_begun = clock.started_event == undone
        since = undone if is_begun else clock.started_event
        own = concerning(told, (clock.subject_type, clock.subject_id))
        track = follow(rule_of(clock), [one for one in own if one.id >= since])
        if track is None:
            cancel(scene, clock)
        elif is_begun or track.since != clock.started_at:
            _restart(scene, clock, track)


def _moved(scene: Scene, undone: int) -> list[Clock]:
    """The clocks the event began or whose promise it brought along."""
    event = AuditEvent.objects.filter(pk=undone).first()
    owed = owed_of(event.data) if event else {}
    return [one for one in scene.live if one.started_event == undone or one.promise in owed]


def _restart(scene: Scene, clock: Clock, track: Track) -> None:
    """Let a clock run as its events tell without the undone one; late only if it still is."""
    rule = rule_of(clock)
    clock.started_at, clock.started_event = track.since, track.start.id
    track.breaks = timely(rule, clock, track.breaks)
    ClockPause.objects.filter(clock=clock).delete()
    write_pauses(scene, clock, track)
    due = due_of(rule, clock.started_at, clock.until_at, track.intervals)
    if clock.state == ClockState.BREACHED and (due.at is None or due.at > scene.moment):
        move(clock, ClockState.CANCELED, field="state")
        move(clock, ClockState.RUNNING, field="state")
        clock.breached_at = None
    if clock.state != ClockState.BREACHED:
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
