"""Rules of time and cases under them, as plain functions."""

from __future__ import annotations

from typing import Any

from clocks import rulebook
from clocks.models import Calendar, Clock, ClockRule, EscalationStep
from tickets.models import Ticket


def only_rule(*steps: dict[str, Any], **overrides: Any) -> ClockRule:
    """The only promise there is: an hour from the moment a case arrives until it is answered."""
    for rule in ClockRule.objects.filter(is_current=True):
        rule.is_current = False
        rule.save(update_fields=["is_current"])
    return make_rule(*steps, **overrides)


def make_rule(*steps: dict[str, Any], **overrides: Any) -> ClockRule:
    """One more rule with its ladder; an hour until the first answer unless said otherwise."""
    values = {
        "code": "answer",
        "name": "Answer",
        "name_zh": "答复",
        "promise": "answer",
        "kind": "service",
        "subject_type": "tickets.ticket",
        "starts_on": ["tickets.received"],
        "stops_on": ["tickets.replied"],
        "pauses_on": ["tickets.waiting:pending"],
        "resumes_on": ["tickets.resumed", "tickets.waiting:on_hold"],
        "cancels_on": ["tickets.canceled"],
        "amount": 60,
        "unit": "minutes",
        "calendar": Calendar.objects.get(code="always"),
    } | overrides
    rule = ClockRule(**values)
    rule.save()
    for position, step in enumerate(steps, start=1):
        EscalationStep(rule=rule, position=position, **({"action": "raise_priority"} | step)).save()
    rulebook.forget()
    return rule


def clock_of(ticket: Ticket, promise: str = "answer") -> Clock:
    """The newest clock of a promise on a case."""
    found = Clock.objects.filter(case_id=ticket.pk, promise=promise).order_by("-id").first()
    assert found is not None, f"{promise} was never promised"
    return found


def owed(ticket: Ticket) -> list[dict[str, Any]]:
    """Every promise of the case that runs, and its pauses."""
    names = ("promise", "state", "started_at", "due_at", "paused_at", "next_step_at")
    mine = Clock.objects.live().filter(case_id=ticket.pk).order_by("promise")
    return [
        {name: getattr(clock, name) for name in names}
        | {"pauses": [(one.started_at, one.ended_at) for one in clock.pauses.all()]}
        for clock in mine
    ]
