"""Telling people that a promise runs out: the step «notify» of a ladder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel.clock import now
from aftersales.kernel.refs import in_each_language
from clocks import actions, checks, registry
from clocks.choices import Mode, RuleKind, StepTarget
from clocks.models import Clock, EscalationStep
from clocks.statuses import ClockState
from staff import notice_types
from staff.models import Urgency, User
from staff.notice_types import NoticeType
from staff.queries import departments_without_lead, deputy_of, holders_of, in_place_of, leads_of
from staff.services.notices import NewNotice, notify

NOTICES = (
    NoticeType(
        "clocks.nearly_late",
        gettext_lazy("%(case)s: “%(promise)s” is due soon"),
        gettext_lazy("Promised by %(due_at)s."),
    ),
    NoticeType(
        "clocks.late",
        gettext_lazy("%(case)s: “%(promise)s” is late"),
        gettext_lazy("It was promised by %(due_at)s."),
        is_for_chat=True,
    ),
)


def notify_step(clock: Clock, step: EscalationStep, *, actor: User) -> str:
    """Tell whom the step names, each person once per step; who is away is stood in for."""
    people = recipients(clock, step)
    if not people:
        return in_each_language(lambda: _("Nobody to tell."))
    case = registry.case_subject()
    is_late = clock.state == ClockState.BREACHED
    url = case.url(clock.case_id, clock.case_label) if case and clock.case_id else ""
    notify(
        people,
        NewNotice(
            code="clocks.late" if is_late else "clocks.nearly_late",
            source_key=f"clock:{clock.pk}:{step.pk}",
            url=url or reverse("admin:clocks_clock_change", args=[clock.pk]),
            params={
                "case": clock.case_label or clock.subject_label,
                "promise": {"en": clock.rule.name, "zh-hans": clock.rule.name_zh},
                "due_at": clock.due_at.isoformat() if clock.due_at else "",
            },
            urgency=urgency_of(clock, is_late=is_late),
            case_id=clock.case_id,
            case_label=clock.case_label,
        ),
        actor=actor,
    )
    told = {"people": ", ".join(str(person) for person in people)}
    return in_each_language(lambda: _("Told %(people)s.") % told)


def urgency_of(clock: Clock, *, is_late: bool) -> str:
    """What is late is urgent when it binds; law also while it is only advice."""
    binds = clock.rule.mode == Mode.ENFORCED or clock.rule.kind == RuleKind.STATUTORY
    return Urgency.URGENT if is_late and binds else Urgency.NORMAL


def recipients(clock: Clock, step: EscalationStep) -> list[User]:
    """The people of a step; without an assignee the leads of the department."""
    moment = now()
    subject = registry.get(clock.subject_type)
    obj = subject.one(clock.subject_id)
    if obj is None:
        return []
    department_id, assignee = subject.department_id(obj), subject.assignee(obj)
    if step.target == StepTarget.ROLE:
        holders = holders_of(step.role, department_id)
        return in_place_of(holders if holders.exists() else holders_of(step.role), moment)
    if step.target == StepTarget.LEAD or assignee is None:
        return leads_of(department_id, moment)
    if step.target == StepTarget.DEPUTY:
        deputy = deputy_of(assignee, moment)
        return [deputy] if deputy else [assignee]
    return in_place_of([assignee], moment)


def unled_departments() -> Iterator[str]:
    """What a ladder means for leads reaches administrators where a department has none."""
    if names := [str(department) for department in departments_without_lead()]:
        told = {"departments": ", ".join(names)}
        yield _("Nobody leads %(departments)s: administrators are told instead.") % told


ACTION: tuple[str, Any] = ("notify", gettext_lazy("Tell"))


def register() -> None:
    notice_types.register(NOTICES)
    actions.register(*ACTION, notify_step)
    checks.register_alarm(unled_departments)
