"""A promise told minute by minute: what started it, what paused it, which rule, what was done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from aftersales.kernel.clock import now
from aftersales.kernel.refs import for_reader
from clocks import actions
from clocks.choices import Mode
from clocks.locking import by_clock
from clocks.models import Clock, ClockChange, ClockPause, ClockStep
from clocks.queries.terms import term_words
from clocks.statuses import ClockState
from clocks.words import moment_words, span_words
from compliance import events
from compliance.models import AuditEvent


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the explanation; ``kind`` groups them, ``at`` orders what happened."""

    kind: str
    at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is read about one clock before it is put into words."""

    clock: Clock
    pauses: list[ClockPause]
    changes: list[ClockChange]
    steps: list[ClockStep]
    events: dict[int, AuditEvent]


def explain(clock: Clock) -> list[Line]:
    """The whole story of a clock, oldest first; four queries."""
    return explain_all([clock])[clock.pk]


def explain_all(clocks: Sequence[Clock]) -> dict[int, list[Line]]:
    """The stories of several clocks by key; four queries, however many they are."""
    return {told.clock.pk: _lines(told) for told in _read(clocks)}


def _lines(told: Told) -> list[Line]:
    happened = [*_started(told), *_paused(told), *_changed(told), *_stepped(told), *_ended(told)]
    happened.sort(key=lambda line: line.at or told.clock.started_at)
    return [*_ruled(told), *happened, *_due(told)]


def _read(clocks: Sequence[Clock]) -> list[Told]:
    pauses = by_clock(ClockPause.objects.all(), clocks)
    changes = by_clock(ClockChange.objects.select_related("from_rule", "to_rule"), clocks)
    steps = by_clock(ClockStep.objects.select_related("step"), clocks)
    found = AuditEvent.objects.in_bulk(sorted(_events_of(clocks, pauses, changes)))
    return [
        Told(clock, pauses[clock.pk], changes[clock.pk], steps[clock.pk], found) for clock in clocks
    ]


def _events_of(
    clocks: Sequence[Clock],
    pauses: Mapping[int, list[ClockPause]],
    changes: Mapping[int, list[ClockChange]],
) -> set[int]:
    """Ids of all events the stories name."""
    ids: set[int | None] = set()
    for clock in clocks:
        ids |= {clock.started_event, clock.stopped_event}
        ids |= {change.event for change in changes[clock.pk]}
        for pause in pauses[clock.pk]:
            ids |= {pause.started_event, pause.ended_event}
    return {pk for pk in ids if pk is not None}


def _ruled(told: Told) -> Iterator[Line]:
    rule = told.clock.rule
    names = {"rule": rule, "version": rule.version, "term": term_words(rule)}
    yield Line("rule", None, _("Rule “%(rule)s”, version %(version)s: %(term)s.") % names)
    if rule.legal_basis:
        mode = Mode(rule.mode).label
        basis = {"basis": rule.legal_basis, "mode": mode}
        yield Line("basis", None, _("Basis: %(basis)s (%(mode)s).") % basis)


def _by(told: Told, event_id: int | None) -> str:
    """“Case received by Ann (ann)”; what is no longer on record is called an event."""
    event = told.events.get(event_id) if event_id is not None else None
    if event is None:
        return _("an event")
    names = {"event": events.label(event.code), "actor": event.actor_name}
    return _("“%(event)s” by %(actor)s") % names


def _started(told: Told) -> Iterator[Line]:
    clock = told.clock
    names = {"cause": _by(told, clock.started_event), "at": moment_words(clock.started_at)}
    yield Line("start", clock.started_at, _("Started by %(cause)s at %(at)s.") % names)


def _paused(told: Told) -> Iterator[Line]:
    for pause in told.pauses:
        names = {
            "cause": _by(told, pause.started_event),
            "start": moment_words(pause.started_at),
            "end": moment_words(pause.ended_at),
            "length": span_words((pause.ended_at or now()) - pause.started_at),
            "until": _by(told, pause.ended_event),
        }
        text = _("Paused since %(start)s by %(cause)s: %(length)s so far.")
        if pause.ended_at:
            text = _(
                "Paused %(length)s by %(cause)s, from %(start)s to %(end)s; went on by %(until)s."
            )
        yield Line("pause", pause.started_at, text % names)


def _changed(told: Told) -> Iterator[Line]:
    for change in told.changes:
        names = {
            "cause": for_reader(change.reason) or _by(told, change.event),
            "rule": change.to_rule,
            "version": change.to_rule.version,
            "old": moment_words(change.from_due),
            "new": moment_words(change.to_due),
        }
        text = _("Counted anew by %(cause)s: rule “%(rule)s”, due %(old)s → %(new)s.")
        yield Line("change", change.at, text % names)


def _stepped(told: Told) -> Iterator[Line]:
    for row in told.steps:
        names = {
            "action": actions.label(row.step.action),
            "at": moment_words(row.done_at or row.due_at),
            "result": for_reader(row.result),
            "attempts": row.attempts,
        }
        if row.done_at:
            text = _("Step at %(at)s: %(action)s. %(result)s")
        elif row.parked_at:
            text = _("Step due %(at)s given up after %(attempts)s tries: %(action)s.")
        else:
            text = _("Step due %(at)s failed, will be tried again: %(action)s.")
        yield Line("step", row.done_at or row.due_at, (text % names).strip())


def _ended(told: Told) -> Iterator[Line]:
    clock = told.clock
    if clock.breached_at:
        text = _("Late since %(at)s.") % {"at": moment_words(clock.breached_at)}
        yield Line("late", clock.breached_at, text)
    if clock.stopped_at is None:
        return
    names = {"cause": _by(told, clock.stopped_event), "at": moment_words(clock.stopped_at)}
    if clock.state == ClockState.EXPIRED:
        text = _("Ran out at %(at)s.")
    elif clock.state == ClockState.CANCELED:
        text = _("No longer owed since %(at)s, by %(cause)s.")
    elif clock.state == ClockState.BREACHED and clock.due_at:
        names["late"] = span_words(clock.stopped_at - clock.due_at)
        text = _("Kept %(late)s late at %(at)s, by %(cause)s.")
    elif clock.due_at:
        names["spare"] = span_words(clock.due_at - clock.stopped_at)
        text = _("Kept at %(at)s with %(spare)s to spare, by %(cause)s.")
    else:
        text = _("Kept at %(at)s while it was paused, by %(cause)s.")
    yield Line("end", clock.stopped_at, text % names)


def _due(told: Told) -> Iterator[Line]:
    clock = told.clock
    if clock.state == ClockState.PAUSED:
        yield Line("due", None, _("No due time while it is paused."))
    elif clock.due_at:
        names = {"at": moment_words(clock.due_at), "pauses": _pause_words(told)}
        yield Line("due", None, _("Due %(at)s: the term from its start%(pauses)s.") % names)
    if clock.is_provisional:
        text = _("The official calendar of that year is not out yet; the date may move.")
        yield Line("provisional", None, text)


def _pause_words(told: Told) -> str:
    if not told.pauses:
        return ""
    return _(", without the pauses")
