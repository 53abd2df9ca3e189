"""Steps of a ladder that act on cases, each one service."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel.errors import InvalidTransition
from clocks import actions
from clocks.models import Clock, EscalationStep
from staff.models import User
from tickets.choices import Priority
from tickets.services.escalation import (
    kind_of_care,
    plan_care,
    raise_priority,
    take_back_and_reassign,
)
from tickets.services.follow_ups import remind_follow_up


def _case_of(clock: Clock) -> int:
    if clock.case_id is None:
        raise LookupError("this promise has no case")
    return clock.case_id


def _why(clock: Clock) -> str:
    return _("Promise: %(promise)s") % {"promise": clock.rule}


def louder(clock: Clock, step: EscalationStep, *, actor: User) -> str:
    try:
        ticket = raise_priority(_case_of(clock), actor=actor, note=_why(clock))
    except InvalidTransition as refusal:
        return str(refusal)
    return _("Priority is now “%(priority)s”.") % {"priority": Priority(ticket.priority).label}


def reassign(clock: Clock, step: EscalationStep, *, actor: User) -> str:
    try:
        ticket = take_back_and_reassign(_case_of(clock), actor=actor, note=_why(clock))
    except InvalidTransition as refusal:
        return str(refusal)
    return _("Taken back and given to %(person)s.") % {"person": ticket.assignee}


def plan(clock: Clock, step: EscalationStep, *, actor: User) -> str:
    kind = kind_of_care(clock.promise)
    row = plan_care(_case_of(clock), actor=actor, kind=kind, text=str(clock.rule))
    return _("Planned for %(person)s: %(kind)s.") % {"person": row.assignee, "kind": kind.label}


def remind(clock: Clock, step: EscalationStep, *, actor: User) -> str:
    remind_follow_up(clock.subject_id, actor=actor)
    return _("Brought to the top of the day.")


ACTIONS: tuple[tuple[str, Any, actions.Handler, bool], ...] = (
    ("raise_priority", gettext_lazy("Raise the priority"), louder, True),
    ("reassign", gettext_lazy("Take back and reassign"), reassign, True),
    ("plan_follow_up", gettext_lazy("Plan a follow-up"), plan, True),
    ("remind", gettext_lazy("Bring up the follow-up"), remind, False),
)


def register() -> None:
    for code, label, handler, moves_case in ACTIONS:
        actions.register(code, label, handler, moves_case=moves_case)
