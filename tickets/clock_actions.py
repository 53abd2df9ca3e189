"""Steps of a ladder that act on cases, each one service."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel.errors import InvalidTransition
from aftersales.kernel.refs import in_each_language, label_of
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
    return in_each_language(lambda: _("Promise: %(promise)s") % {"promise": clock.rule})


def louder(clock: Clock, step: EscalationStep, *, actor: User) -> str:
    try:
        ticket = raise_priority(_case_of(clock), actor=actor, note=_why(clock))
    except InvalidTransition as refusal:
        return in_each_language(refusal.__str__)
    priority = Priority(ticket.priority)
    return in_each_language(
        lambda: _("Priority is now “%(priority)s”.") % {"priority": priority.label}
    )


def reassign(clock: Clock, step: EscalationStep, *, actor: User) -> str:
    try:
        ticket = take_back_and_reassign(_case_of(clock), actor=actor, note=_why(clock))
    except InvalidTransition as refusal:
        return in_each_language(refusal.__str__)
    person = {"person": ticket.assignee}
    return in_each_language(lambda: _("Taken back and given to %(person)s.") % person)


def plan(clock: Clock, step: EscalationStep, *, actor: User) -> str:
    kind = kind_of_care(clock.promise)
    row = plan_care(_case_of(clock), actor=actor, kind=kind, text=label_of(clock.rule))
    names = {"person": row.assignee, "kind": kind.label}
    return in_each_language(lambda: _("Planned for %(person)s: %(kind)s.") % names)


def remind(clock: Clock, step: EscalationStep, *, actor: User) -> str:
    remind_follow_up(clock.subject_id, actor=actor)
    return in_each_language(lambda: _("Brought to the top of the day."))


ACTIONS: tuple[tuple[str, Any, actions.Handler, bool], ...] = (
    ("raise_priority", gettext_lazy("Raise the priority"), louder, True),
    ("reassign", gettext_lazy("Take back and reassign"), reassign, True),
    ("plan_follow_up", gettext_lazy("Plan a follow-up"), plan, True),
    ("remind", gettext_lazy("Bring up the follow-up"), remind, False),
)


def register() -> None:
    for code, label, handler, moves_case in ACTIONS:
        actions.register(code, label, handler, moves_case=moves_case)
