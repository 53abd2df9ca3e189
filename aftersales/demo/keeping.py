"""The promises of the invented cases, as the engine would have kept them: from rules and events.

They are counted from what is about to be written, a portion at a time, so that nothing has to be
read back. ``check_clocks`` counts them anew and must find nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from operator import itemgetter
from types import SimpleNamespace
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model

from aftersales.demo.chronicle import Chronicle
from aftersales.demo.ground import Ground, audit_name
from aftersales.demo.life import Life
from aftersales.demo.promises import CASE, end_time
from aftersales.demo.rows import Row, Stamp
from aftersales.kernel.conditions import Facts, matches
from aftersales.kernel.context import current
from aftersales.kernel.transitions import move
from clocks import registry, rulebook
from clocks.models import Clock, ClockPause, ClockStep
from clocks.registry import Subject
from clocks.rulebook import Rule
from clocks.services.consuming import new_clock
from clocks.services.past import happening
from clocks.services.scene import Target
from clocks.statuses import ClockState
from clocks.timing import due_of, ladder
from clocks.track import Happening, Track, concerning, standing, tracks
from compliance.models import AuditEvent
from customers.models import Customer, Order, Shipment, Shop
from staff.models import Department
from tickets.models import Category, FollowUp, Ticket

FOLLOW_UP: Final = "tickets.followup"
CLOCK: Final = [field.attname for field in Clock._meta.concrete_fields if not field.primary_key]


class Keeper:
    """Counts the promises of a portion of cases from what is about to be written of them."""

    def __init__(self, pen: Chronicle, ground: Ground, moment: datetime) -> None:
        """Everything counts as it stands at ``moment``."""
        self.pen, self.moment = pen, moment
        self.departments = _by_id(Department, ground.departments.values())
        self.categories = _by_id(Category, ground.categories.values())
        self.shops = _by_id(Shop, ground.shops.values())
        context = current()
        name, reason = audit_name(ground.system), "Promises counted"
        self.stamp = Stamp(ground.system["id"], name, context.source, moment, reason)

    def keep(self, cases: Iterable[Life]) -> None:
        """Add the clocks of the cases to the batch, and a version of each case that is due."""
        batch = self.pen.batch
        events = _grouped(batch[AuditEvent].rows, "case_id")
        parcels = _grouped(batch[Shipment].rows, "order_id")
        planned = _grouped(batch[FollowUp].rows, "ticket_id")
        codes = rulebook.current().codes
        for one in cases:
            case = self.as_object(one, parcels[one.purchase.order["id"]])
            told = [_told(row) for row in events[case.pk] if row["code"] in codes]
            made = list(self.promised(registry.get(CASE), case, case, told))
            for row in planned[case.pk]:
                obj = _object(FollowUp, row)
                obj.ticket = case
                made += self.promised(registry.get(FOLLOW_UP), obj, case, told)
            for clock, track, rule in made:
                self.write(clock, track, rule)
            due = _nearest(clock for clock, _track, _rule in made)
            if due != one.ticket["due_at"]:
                self.pen.change(Ticket, one.ticket, {"due_at": due}, self.stamp)

    def as_object(self, one: Life, parcels: list[Row]) -> Ticket:
        """The case with everything facts ask of it."""
        case: Ticket = _object(Ticket, one.ticket)
        order = _object(Order, one.purchase.order)
        shop = self.shops[one.purchase.customer["shop_id"]]
        delivered = [_object(Shipment, row) for row in parcels]
        order.shop, order._prefetched_objects_cache = shop, {"shipments": delivered}
        case.order, case.shop = order, shop
        case.customer = _object(Customer, one.purchase.customer)
        case.department = self.departments[one.ticket["department_id"]]
        if one.ticket["category_id"]:
            case.category = self.categories[one.ticket["category_id"]]
        return case

    def promised(
        self, subject: Subject, obj: Any, case: Ticket, told: list[Happening]
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
                    if track.start.id not in found and matches(
                        rule.row.conditions, _Past(target.facts, case, track.start.at)
                    ):
                        found[track.start.id] = (rule, track)
            for rule, track in found.values():
                yield self.clock(target, case, rule, track), track, rule

    def clock(self, target: Target, case: Ticket, rule: Rule, track: Track) -> Clock:
        """One clock as it stands."""
        clock = new_clock(target, rule, track.start.at, track.start.id)
        clock.case_id, clock.case_label = case.pk, case.number
        if end := track.end:
            for one in track.breaks:
                one.end, one.ended_by = one.end or end.at, one.ended_by or end.id
        found = due_of(rule, clock.started_at, clock.until_at, track.intervals)
        clock.due_at, clock.is_provisional = found.at, found.is_provisional
        ended = track.end.at if track.end else self.moment
        if track.is_canceled:
            move(clock, ClockState.CANCELED, field="state")
        elif clock.due_at is not None and clock.due_at < ended:
            end_time(clock, rule)
        elif track.end:
            move(clock, ClockState.MET, field="state")
        elif track.paused_at:
            move(clock, ClockState.PAUSED, field="state")
            clock.paused_at = track.paused_at
        if track.end:
            clock.stopped_at, clock.stopped_event = track.end.at, track.end.id
        return clock

    def write(self, clock: Clock, track: Track, rule: Rule) -> None:
        """The clock, its pauses, and the steps whose time came before it was stopped."""
        batch = self.pen.batch
        rungs, until = ladder(rule, clock, track.intervals), clock.stopped_at or self.moment
        if clock.stopped_at is None:
            clock.next_step_at = next((rung.at for rung in rungs if rung.at > until), None)
        row = batch[Clock].add({name: getattr(clock, name) for name in CLOCK})
        for one in track.breaks:
            batch[ClockPause].add(
                {
                    "clock_id": row["id"],
                    "cause_type": one.cause[0],
                    "cause_id": one.cause[1],
                    "started_at": one.start,
                    "started_event": one.started_by,
                    "ended_at": one.end,
                    "ended_event": one.ended_by,
                }
            )
        for rung in rungs:
            if rung.step is not None and rung.at <= until:
                values = {"clock_id": row["id"], "step_id": rung.step.pk, "attempts": 1}
                batch[ClockStep].add(values | {"due_at": rung.at, "done_at": rung.at})


def _object(model: type[Model], row: Row) -> Any:
    """A row that is about to be written, as the object it will be."""
    names, values = _columns(model)
    return model.from_db(DEFAULT_DB_ALIAS, names, values(row))


@cache
def _columns(model: type[Model]) -> tuple[list[str], itemgetter[Any]]:
    names = [field.attname for field in model._meta.concrete_fields]
    return names, itemgetter(*names)


def _by_id(model: type[Model], rows: Iterable[Row]) -> dict[int, Any]:
    return {row["id"]: _object(model, row) for row in rows}


def _grouped(rows: Iterable[Row], name: str) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[name]].append(row)
    return found


def _told(row: Row) -> Happening:
    event: Any = SimpleNamespace(**row)
    return happening(event, CASE)


def _nearest(clocks: Iterable[Clock]) -> datetime | None:
    """The due time of a case: that of the nearest promise still owed."""
    owed = [one for one in clocks if one.stopped_at is None and one.counts_for_due]
    return min((one.due_at for one in owed if one.due_at), default=None)


class _Past(dict[str, Any]):
    """Facts as they are, but answered and acknowledged as of a moment."""

    def __init__(self, facts: Facts, case: Ticket, moment: datetime) -> None:
        super().__init__(
            is_answered=bool(case.first_response_at and case.first_response_at < moment),
            is_acknowledged=bool(case.acknowledged_at and case.acknowledged_at < moment),
        )
        self.facts = facts

    def __contains__(self, code: object) -> bool:
        return code in self.facts

    def __missing__(self, code: str) -> Any:
        return self.facts[code]
