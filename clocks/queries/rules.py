"""A rule's ladder in words, and what each of its versions changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from aftersales.kernel.conditions import in_words
from clocks import actions, registry
from clocks.choices import StepTarget
from clocks.models import ClockRule, EscalationStep
from clocks.models.rules import TOKEN_FIELDS
from clocks.services.rules import CHANGEABLE
from compliance import events
from compliance.values import shown


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, before and after."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version and how it differs from the one before."""

    rule: ClockRule
    differences: Sequence[Difference]


def ladder_words(rule: ClockRule) -> list[str]:
    """The steps of a version in order; one query."""
    return [step_words(step) for step in rule.steps.order_by("position")]


def step_words(step: EscalationStep) -> str:
    """“at 80 %: Tell Department lead”."""
    if step.at_percent is not None:
        when = _("at %(percent)s %%") % {"percent": step.at_percent}
    else:
        when = _("%(minutes)s min after due") % {"minutes": step.after_due_minutes}
    who = str(StepTarget(step.target).label) if step.target else ""
    role = shown(EscalationStep._meta.get_field("role"), step.role, {}) if step.role else ""
    return " ".join(filter(None, (f"{when}:", actions.label(step.action), who, role)))


def versions_of(code: str) -> list[Version]:
    """Newest first; two queries."""
    rows = ClockRule.objects.filter(code=code).select_related("calendar")
    found = list(rows.prefetch_related("steps").order_by("version"))
    pairs = zip(found, [None, *found[:-1]], strict=True)
    return [Version(rule, differences(before, rule) if before else ()) for rule, before in pairs][
        ::-1
    ]


def differences(before: ClockRule, after: ClockRule) -> list[Difference]:
    """Fields that changed from one version to the next, in words."""
    found = []
    for name in CHANGEABLE:
        old, new = _shown(before, name), _shown(after, name)
        if old != new:
            label = after.label_of(name)
            found.append(Difference(label, old, new))
    old, new = _steps(before), _steps(after)
    if old != new:
        found.append(Difference(_("steps"), old, new))
    return found


def _steps(rule: ClockRule) -> str:
    ordered = sorted(rule.steps.all(), key=lambda step: step.position)
    return "; ".join(step_words(step) for step in ordered)


def _shown(rule: ClockRule, name: str) -> str:
    value: Any = getattr(rule, name)
    if name == "conditions":
        subject = registry.find(rule.subject_type)
        return "; ".join(in_words(value, subject.by_code if subject else {}))
    display = getattr(rule, f"get_{name}_display", None)
    if display is not None:
        return str(display())
    if name in TOKEN_FIELDS:
        return ", ".join(events.token_label(token) for token in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)
