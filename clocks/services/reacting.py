"""Stop, pause, resume, cancel, take back: what an event does to a promise that runs."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models

from aftersales.kernel.context import Actor
from aftersales.kernel.transitions import move
from clocks import actions
from clocks.counting import Interval
from clocks.locking import rule_of
from clocks.models import Clock, ClockPause
from clocks.rulebook import Rule
from clocks.services.past import past
from clocks.services.scene import Scene
from clocks.statuses import ClockState
from clocks.timing import due_of, intervals, ladder, plan, plan_next
from clocks.track import concerning
from compliance.models import AuditEvent
from compliance.services import build_event, record

ENDED = ["state", "stopped_at", "stopped_event", "paused_at", "breached_at", "next_step_at"]
PLANNED = ["state", "due_at", "is_provisional", "paused_at", "next_step_at"]


def react(scene: Scene, clock: Clock) -> None:
    """Apply the event to one clock by the tokens of its own rule version."""
    rule = rule_of(clock)
    if rule.is_right and clock.due_at is not None and clock.due_at <= scene.moment:
        run_out(clock)
        clock.save(update_fields=ENDED)
    elif scene.tokens & rule.cancels:
        cancel(scene, clock)
    elif scene.tokens & rule.stops:
        stop(scene, clock, rule)
    elif clock.state == ClockState.BREACHED:
        return  # what is late stays late: a pause cannot mend it
    elif scene.tokens & rule.pauses:
        pause(scene, clock)
    elif scene.tokens & rule.resumes:
        resume(scene, clock, rule)


def stop(scene: Scene, clock: Clock, rule: Rule) -> None:
    """Kept, or kept too late: then steps that outlast the promise are still done."""
    moment = scene.moment
    is_late = clock.due_at is not None and clock.due_at < moment
    clock.next_step_at = None
    if clock.state == ClockState.BREACHED or is_late:
        breach(scene, clock)
        rungs = ladder(rule, clock, intervals(scene.pauses[clock.pk]), scene.done[clock.pk])
        lasting = (one for one in rungs if one.step and actions.is_lasting(one.step.action))
        clock.next_step_at = next((one.at for one in lasting if one.at <= moment), None)
    else:
        move(clock, ClockState.MET, field="state")
    end(scene, clock)


def breach(scene: Scene, clock: Clock) -> None:
    """Late, found out by the event that ended it."""
    if clock.state != ClockState.BREACHED:
        mark_breached(clock)
        record_breach(clock, scene.case, scene.actor)


def notice_end(scene: Scene, clock: Clock) -> None:
    """Find out that a running clock is late, or a right has run out, before anybody swept it."""
    if clock.state != ClockState.RUNNING or clock.due_at is None or clock.due_at >= scene.moment:
        return
    if rule_of(clock).is_right:
        run_out(clock)
    else:
        breach(scene, clock)
    clock.save(update_fields=ENDED)
    scene.is_changed = True


def mark_breached(clock: Clock) -> None:
    """Late from the moment it was due, whenever that is noticed; in memory."""
    move(clock, ClockState.BREACHED, field="state")
    clock.breached_at = clock.due_at


def run_out(clock: Clock) -> None:
    """The end of a right, at its own moment, whenever that is noticed; in memory."""
    move(clock, ClockState.EXPIRED, field="state")
    clock.stopped_at, clock.next_step_at = clock.due_at, None


def record_breach(clock: Clock, case: models.Model | None, actor: Actor) -> None:
    """Say on the case that a promise was missed."""
    record("clocks.breached", clock, actor=actor, case=case, data=_missed(clock))


def breach_event(clock: Clock, case: models.Model | None, actor: Actor) -> AuditEvent:
    """The same, not written: the sweep writes many at once."""
    return build_event("clocks.breached", clock, actor, case, note="", data=_missed(clock))


def _missed(clock: Clock) -> dict[str, str]:
    return {"promise": clock.promise, "due": str(clock.due_at), "variant": clock.rule.kind}


def cancel(scene: Scene, clock: Clock) -> None:
    """Nobody waits for it any more."""
    move(clock, ClockState.CANCELED, field="state")
    clock.next_step_at = None
    end(scene, clock)


def end(scene: Scene, clock: Clock) -> None:
    """Stamp and save the end; open pauses end with it."""
    if clock.paused_at:
        for one in scene.pauses[clock.pk]:
            close_pause(scene, one)
    clock.paused_at = None
    clock.stopped_at, clock.stopped_event = scene.moment, scene.event.pk
    clock.save(update_fields=ENDED)
    scene.is_changed = True


def go_on(scene: Scene, clock: Clock) -> None:
    """End every pause and run again; the caller plans and saves."""
    for one in scene.pauses[clock.pk]:
        close_pause(scene, one)
    move(clock, ClockState.RUNNING, field="state")
    clock.paused_at = None


def close_pause(scene: Scene, pause: ClockPause) -> bool:
    """End a pause that is open; says whether it was."""
    if pause.ended_at is not None:
        return False
    pause.ended_at, pause.ended_event = max(scene.moment, pause.started_at), scene.event.pk
    pause.save(update_fields=["ended_at", "ended_event"])
    return True


def pause(scene: Scene, clock: Clock) -> None:
    """The time stands still; the same cause twice is once, and what is over does not pause."""
    if clock.due_at is not None and clock.due_at <= scene.moment:
        return
    mine = scene.pauses[clock.pk]
    cause_type, cause_id = scene.cause
    if any(one.ended_at is None and (one.cause_type, one.cause_id) == scene.cause for one in mine):
        return
    row = ClockPause(
        clock=clock,
        cause_type=cause_type,
        cause_id=cause_id,
        started_at=scene.moment,
        started_event=scene.event.pk,
    )
    row.save(force_insert=True)
    mine.append(row)
    if clock.state == ClockState.RUNNING:
        move(clock, ClockState.PAUSED, field="state")
        clock.paused_at, clock.due_at, clock.next_step_at = scene.moment, None, None
        clock.save(update_fields=PLANNED)
        scene.is_changed = True


def resume(scene: Scene, clock: Clock, rule: Rule) -> None:
    """End the pause of this cause; the clock goes on when no other is left."""
    if clock.state != ClockState.PAUSED:
        return
    mine = scene.pauses[clock.pk]
    ended = [
        close_pause(scene, one) for one in mine if (one.cause_type, one.cause_id) == scene.cause
    ]
    if not any(ended):
        return
    left = [one.started_at for one in mine if one.ended_at is None]
    if left:
        clock.paused_at = min(left)
    else:
        move(clock, ClockState.RUNNING, field="state")
        clock.paused_at = None
        plan(rule, clock, intervals(mine), scene.done[clock.pk])
    clock.save(update_fields=PLANNED)
    scene.is_changed = True


def take_back(scene: Scene) -> list[Clock]:
    """An event that undoes an earlier one: what that one ended is owed again, and the pauses it
    began or ended are as they were. Returns the clocks that go on."""
    undone = scene.event.data.get("undoes")
    if not undone:
        return []
    for clock in scene.live:
        if clock.is_live:
            restore_pauses(scene, clock, undone)
    ended = list(Clock.objects.filter(stopped_event=undone).select_for_update().order_by("id"))
    told = past(scene, [rule_of(clock) for clock in ended], ended) if ended else []
    owed = _owed(ended)
    revived = []
    for clock in ended:
        rule, subject = rule_of(clock), (clock.subject_type, clock.subject_id)
        since = (one for one in concerning(told, subject) if one.id > undone)
        is_over = any(one.tokens & (rule.stops | rule.cancels) for one in since)
        is_owed = (clock.promise, *subject) in owed or any(
            _is_same(one, clock) for one in scene.live
        )
        if not is_over and not is_owed:
            revive(scene, clock, undone)
            revived.append(clock)
    return revived


def _owed(ended: list[Clock]) -> set[tuple[str, str, int]]:
    """Of the promises of these clocks those that are owed again, in whatever case: what they are
    about may have gone there."""
    rows = Clock.objects.live().filter(subject_id__in={clock.subject_id for clock in ended})
    return set(rows.values_list("promise", "subject_type", "subject_id")) if ended else set()


def _is_same(one: Clock, other: Clock) -> bool:
    """Whether both are about one promise on one object."""
    return (one.promise, one.subject_type, one.subject_id) == (
        other.promise,
        other.subject_type,
        other.subject_id,
    )


def restore_pauses(scene: Scene, clock: Clock, undone: int) -> None:
    """Without the pause an undone event began, and with the one it ended; late only if it still is
    with these."""
    mine = scene.pauses[clock.pk]
    begun = [one for one in mine if one.started_event == undone]
    ended = [one for one in mine if one.ended_event == undone]
    for one in begun:
        mine.remove(one)
        one.delete()
    for one in ended:
        one.ended_at = one.ended_event = None
        one.save(update_fields=["ended_at", "ended_event"])
    if not (begun or ended) or is_late_still(scene, clock, intervals(mine)):
        return
    is_open = any(one.ended_at is None for one in mine)
    if is_open != (clock.state == ClockState.PAUSED):
        move(clock, ClockState.PAUSED if is_open else ClockState.RUNNING, field="state")
    plan(rule_of(clock), clock, intervals(mine), scene.done[clock.pk])
    clock.paused_at = min((one.started_at for one in mine if one.ended_at is None), default=None)
    clock.save(update_fields=["breached_at", *PLANNED])
    scene.is_changed = True


def is_late_still(scene: Scene, clock: Clock, paused: Sequence[Interval]) -> bool:
    """Whether a late clock is late with these pauses, too; one that is not runs on, in memory."""
    if clock.state != ClockState.BREACHED:
        return False
    due = due_of(rule_of(clock), clock.started_at, clock.until_at, paused)
    if due.at is not None and due.at <= scene.moment:
        return True
    move(clock, ClockState.CANCELED, field="state")
    move(clock, ClockState.RUNNING, field="state")
    clock.breached_at = None
    return False


def revive(scene: Scene, clock: Clock, undone: int) -> None:
    """Let a stopped clock go on as if it had not been stopped; what was late is late again."""
    rule = rule_of(clock)
    scene.live.append(clock)
    mine = list(ClockPause.objects.filter(clock=clock))
    scene.pauses[clock.pk] = mine
    for one in mine:
        if one.ended_event == undone:
            one.ended_at = one.ended_event = None
            one.save(update_fields=["ended_at", "ended_event"])
    clock.stopped_at = clock.stopped_event = None
    if clock.breached_at is None:
        move(clock, ClockState.RUNNING, field="state")
        plan(rule, clock, intervals(mine), scene.done[clock.pk])
        clock.paused_at = min(
            (one.started_at for one in mine if one.ended_at is None), default=None
        )
        if clock.paused_at:
            move(clock, ClockState.PAUSED, field="state")
    else:
        if clock.state == ClockState.CANCELED:
            move(clock, ClockState.BREACHED, field="state")
        plan_next(rule, clock, intervals(mine), scene.done[clock.pk])
    clock.save(update_fields=[*ENDED, "due_at", "is_provisional"])
    scene.is_changed = True
