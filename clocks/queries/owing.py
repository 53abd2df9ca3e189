"""What an object owes, for whoever takes it over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Model

from aftersales.kernel.clock import now
from clocks.choices import RuleKind
from clocks.counting.spans import merged
from clocks.models import Clock
from clocks.timing import intervals

CARRIED = (RuleKind.SERVICE, RuleKind.STATUTORY, RuleKind.PLATFORM)


def owed_since(obj: Model) -> dict[str, datetime]:
    """The live promises of service and law on an object by the time they would have begun at, had
    they never rested. Two queries."""
    clocks = Clock.objects.live().filter(
        subject_type=obj._meta.label_lower, subject_id=obj.pk, rule__kind__in=CARRIED
    )
    moment = now()
    found = {}
    for clock in clocks.prefetch_related("pauses"):
        rests = merged(intervals(clock.pauses.all()), clock.started_at)
        rested = sum(((one.end or moment) - one.start for one in rests), timedelta())
        found[clock.promise] = clock.started_at + rested
    return found
