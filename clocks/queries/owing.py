"""What an object owes, for whoever takes it over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Model

from aftersales.kernel.clock import now
from clocks.choices import RuleKind
from clocks.counting.spans import merged
from clocks.models import Clock, ClockRule
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


def live_clock(obj: Model, promise: str) -> Clock | None:
    """The clock of a promise on an object that is still owed."""
    mine = {"subject_type": obj._meta.label_lower, "subject_id": obj.pk, "promise": promise}
    return Clock.objects.live().filter(**mine).first()


def settled(obj: Model, begun_by: str) -> set[str]:
    """The promises an event of this code begins that ended on an object and are not owed again."""
    clocks = Clock.objects.filter(subject_type=obj._meta.label_lower, subject_id=obj.pk)
    rules = ClockRule.objects.filter(is_current=True, starts_on__contains=[begun_by])
    ended = clocks.exclude(stopped_at=None).filter(promise__in=rules.values("promise"))
    live = clocks.live().values_list("promise", flat=True)
    return set(ended.values_list("promise", flat=True)) - set(live)
