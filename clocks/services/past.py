"""What happened so far, as clocks see it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from clocks import registry
from clocks.models import Clock
from clocks.rulebook import Rule
from clocks.services.scene import Scene
from clocks.track import OWN_WORDS, Happening, let_go_of, owed_of, standing, tokens_of
from compliance.models import AuditEvent


def past(scene: Scene, rules: Iterable[Rule], elsewhere: Iterable[Clock] = ()) -> list[Happening]:
    """What happened to the object and its case so far, as far as the rules care, without what was
    taken back since; to what the clocks ``elsewhere`` are about, in whatever case."""
    codes = {token.partition(":")[0] for rule in rules for token in all_tokens(rule)}
    event = scene.event
    mine = (
        {"case_id": event.case_id}
        if event.case_id is not None
        else {"subject_type": event.subject_type, "subject_id": event.subject_id}
    )
    own = Q(**mine)
    for kind, pk in {(clock.subject_type, clock.subject_id) for clock in elsewhere}:
        own |= Q(subject_type=kind, subject_id=pk)
    told = AuditEvent.objects.filter(
        own,
        Q(code__in=codes) | Q(data__has_any_keys=OWN_WORDS),
    )
    case = registry.case_subject()
    return standing([happening(row, case.type if case else "") for row in told.order_by("id")])


def all_tokens(rule: Rule) -> frozenset[str]:
    return rule.starts | rule.stops | rule.pauses | rule.resumes | rule.cancels


def happening(event: AuditEvent, case_type: str) -> Happening:
    """An event as the track sees it."""
    is_own = event.case_id is None or registry.find(event.subject_type) is not None
    cause = (event.subject_type, event.subject_id) if is_own else (case_type, event.case_id or 0)
    return Happening(
        event.id,
        event.occurred_at,
        tokens_of(event.code, event.data),
        cause,
        (event.subject_type, event.subject_id),
        event.data.get("undoes"),
        owed_of(event.data),
        let_go_of(event.data),
    )
