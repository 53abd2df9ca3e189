"""How a case went from one department to the next: legs, who had the turn when, for how long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch

from aftersales.kernel.clock import now
from handoffs.choices import Side
from handoffs.models import Handoff, HandoffFile, HandoffTurn, PartyLink
from handoffs.statuses import HandoffStatus
from staff.models import User
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Segment:
    """A leg lay with somebody, in one state, from ``start`` to ``end``."""

    lane: str
    leg: str
    status: HandoffStatus
    start: datetime
    end: datetime
    is_running: bool

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Bar:
    """A segment on the time axis, in whole percent so that a class can place it."""

    segment: Segment
    offset: int
    width: int


@dataclass(frozen=True, slots=True)
class Lane:
    """One department or outsider with what lay there, and for how long in which state."""

    name: str
    bars: tuple[Bar, ...]

    @property
    def parts(self) -> list[tuple[HandoffStatus, timedelta]]:
        """State → time, in the order in which they came up."""
        totals: dict[HandoffStatus, timedelta] = {}
        for bar in self.bars:
            segment = bar.segment
            totals[segment.status] = totals.get(segment.status, timedelta()) + segment.length
        return list(totals.items())


def legs_of(ticket: Ticket, user: User) -> list[Handoff]:
    """The legs of a case with turns and files, oldest first; three statements."""
    turns = HandoffTurn.objects.select_related("department", "by").order_by("id")
    files = HandoffFile.objects.select_related("attachment").order_by("id")
    legs = list(
        Handoff.objects.visible_to(user)
        .filter(ticket=ticket)
        .select_related("template", "from_department", "to_department", "assignee")
        .prefetch_related(Prefetch("turns", turns))
        .prefetch_related(Prefetch("files", files))
        .order_by("id")
    )
    for leg in legs:
        leg.ticket = ticket
    return legs


def segments(leg: Handoff, moment: datetime | None = None) -> list[Segment]:
    """Who had the turn, in order, up to ``moment``; reads the prefetched turns."""
    until = moment or now()
    turns = list(leg.turns.all())
    found = []
    for turn, following in zip(turns, [*turns[1:], None], strict=True):
        if turn.side == Side.NOBODY:
            continue
        found.append(
            Segment(
                lane=str(turn.department) if turn.department else leg.party_name,
                leg=leg.number,
                status=HandoffStatus(turn.status),
                start=turn.at,
                end=following.at if following else max(until, turn.at),
                is_running=following is None,
            )
        )
    return found


def account(leg: Handoff, moment: datetime | None = None) -> list[tuple[str, timedelta]]:
    """How long the leg waited on whom, in the order they first had it."""
    totals: dict[str, timedelta] = {}
    for segment in segments(leg, moment):
        totals[segment.lane] = totals.get(segment.lane, timedelta()) + segment.length
    return list(totals.items())


def lanes(legs: Iterable[Handoff], moment: datetime | None = None) -> list[Lane]:
    """One lane per department or outsider over the time from the first leg to now or the end."""
    every = [segment for leg in legs for segment in segments(leg, moment)]
    if not every:
        return []
    start = min(segment.start for segment in every)
    span = (max(segment.end for segment in every) - start) or timedelta(seconds=1)
    by_lane: dict[str, list[Segment]] = {}
    for segment in every:
        by_lane.setdefault(segment.lane, []).append(segment)
    return [
        Lane(name, tuple(_bar(segment, start, span) for segment in found))
        for name, found in by_lane.items()
    ]


def _bar(segment: Segment, start: datetime, span: timedelta) -> Bar:
    offset = min(round(100 * ((segment.start - start) / span)), 98)
    width = max(round(100 * (segment.length / span)), 2)
    return Bar(segment, offset, min(width, 100 - offset))


def live_link(leg: Handoff) -> PartyLink | None:
    """The newest link by which an outsider can still answer."""
    return leg.links.filter(revoked_at=None, expires_at__gt=now()).order_by("-id").first()
