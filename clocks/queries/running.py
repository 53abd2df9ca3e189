"""Promises that run, for pages and lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from clocks.models import Clock, ClockRule
from clocks.statuses import LIVE, ClockState
from clocks.words import moment_words, span_words

SOON = timedelta(hours=2)


def live_clocks(case_id: int) -> QuerySet[Clock]:
    """What is owed on a case, nearest first, what is paused last; one query."""
    rows = Clock.objects.live().filter(case_id=case_id).select_related("rule")
    return rows.order_by("due_at", "id")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a clock stands, in a word and a sentence; ``tone`` is late, soon, running or quiet."""

    tone: str
    word: str
    text: str


def standing(clock: Clock, moment: datetime) -> Standing:
    """State in words: never a colour alone."""
    state = ClockState(clock.state)
    word = str(state.label)
    if clock.stopped_at is not None:
        return Standing("quiet", word, moment_words(clock.stopped_at))
    if state == ClockState.PAUSED and clock.paused_at:
        since = span_words(moment - clock.paused_at)
        return Standing("quiet", word, _("for %(span)s") % {"span": since})
    if clock.due_at is None:
        return Standing("quiet", word, "")
    rest = clock.due_at - moment
    if rest < timedelta():
        late = str(ClockState.BREACHED.label)
        return Standing("late", late, _("by %(span)s") % {"span": span_words(rest)})
    tone = "soon" if rest < SOON else "running"
    return Standing(tone, word, _("in %(span)s") % {"span": span_words(rest)})


@dataclass(frozen=True, slots=True)
class Hits:
    """How often a rule counted: in all versions, now, and how it ended."""

    total: int = 0
    live: int = 0
    met: int = 0
    late: int = 0


def hits(codes: Iterable[str]) -> dict[str, Hits]:
    """Counts per rule over all its versions; one query."""
    rows = (
        ClockRule.objects.filter(code__in=codes)
        .values("code")
        .annotate(
            total=Count("clocks"),
            live=Count("clocks", filter=Q(clocks__stopped_at=None, clocks__state__in=LIVE)),
            met=Count("clocks", filter=Q(clocks__state=ClockState.MET)),
            late=Count("clocks", filter=Q(clocks__state=ClockState.BREACHED)),
        )
    )
    return {row["code"]: Hits(row["total"], row["live"], row["met"], row["late"]) for row in rows}
