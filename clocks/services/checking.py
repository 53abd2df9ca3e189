"""What must hold of a rule before it is written; each refusal names the field."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from aftersales.kernel import conditions
from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated
from clocks import actions, registry
from clocks.choices import Confidence, Mode, RuleKind, StepTarget
from clocks.counting import Roll, Unit
from clocks.models import ClockRule
from clocks.models.rules import TOKEN_FIELDS
from clocks.rulebook import bound
from clocks.rules import StepSpec
from clocks.timing import due_of
from compliance import events

MOST_STEPS = 12
LONGEST_AMOUNT = 1_000_000
VOCABULARIES = {"kind": RuleKind, "unit": Unit, "roll": Roll, "mode": Mode}


def check_rule(rule: ClockRule, steps: Sequence[StepSpec]) -> None:
    """Raises ``RuleViolated`` for a rule that could not work."""
    for name, vocabulary in VOCABULARIES.items():
        if getattr(rule, name) not in vocabulary.values:
            raise RuleViolated("unknown_choice", _("Choose one of the list."), field=name)
    if rule.confidence and rule.confidence not in Confidence.values:
        raise RuleViolated("unknown_choice", _("Choose one of the list."), field="confidence")
    for name in ("name", "name_zh"):
        if not getattr(rule, name).strip():
            raise RuleViolated("too_short", _("Please write something here."), field=name)
    subject = registry.find(rule.subject_type)
    if subject is None:
        raise RuleViolated(
            "unknown_subject", _("Choose what the promise is about."), field="subject_type"
        )
    _check_tokens(rule)
    conditions.check(rule.conditions, subject.by_code)
    _check_length(rule, subject)
    _check_steps(steps)


def _check_tokens(rule: ClockRule) -> None:
    known = {one.code for one in events.all_types()}
    for name in TOKEN_FIELDS:
        for token in getattr(rule, name):
            if token.partition(":")[0] not in known:
                raise RuleViolated(
                    "unknown_event",
                    _("“%(token)s” is no event.") % {"token": token[:80]},
                    field=name,
                )
    if not rule.starts_on:
        raise RuleViolated("no_start", _("Say what starts it."), field="starts_on")


def _check_length(rule: ClockRule, subject: registry.Subject) -> None:
    if rule.unit == Unit.UNTIL:
        if "due_at" not in subject.by_code:
            raise RuleViolated(
                "no_agreed_time", _("This object has no agreed time of its own."), field="unit"
            )
        if rule.amount:
            raise RuleViolated(
                "amount_with_until", _("An agreed time has no amount."), field="amount"
            )
    elif not 0 < rule.amount <= LONGEST_AMOUNT or due_of(bound(rule), now(), None).at is None:
        raise RuleViolated(
            "bad_amount", _("A whole number above zero that can be reached."), field="amount"
        )
    if rule.effective_from and rule.effective_to and rule.effective_to < rule.effective_from:
        raise RuleViolated(
            "ends_before_start", _("The end lies before the start."), field="effective_to"
        )


def _check_steps(steps: Sequence[StepSpec]) -> None:
    if len(steps) > MOST_STEPS:
        raise RuleViolated(
            "too_many_steps", _("At most %(most)s steps.") % {"most": MOST_STEPS}, field="steps"
        )
    for place, step in enumerate(steps, start=1):
        if problem := _step_problem(step):
            message = _("Step %(place)s: %(problem)s") % {"place": place, "problem": problem}
            raise RuleViolated("bad_step", message, field="steps")


def _step_problem(step: StepSpec) -> str:
    """What is wrong with a step; '' when nothing is."""
    if (step.at_percent is None) == (step.after_due_minutes is None):
        return _("give a percentage or minutes after due, not both.")
    if step.at_percent is not None and not 1 <= step.at_percent <= 100:
        return _("a percentage is from 1 to 100.")
    if step.after_due_minutes is not None and not 0 <= step.after_due_minutes <= LONGEST_AMOUNT:
        return _("minutes after due are zero or more.")
    if step.action not in dict(actions.choices()):
        return _("“%(action)s” is no action.") % {"action": step.action[:40]}
    if step.target and step.target not in StepTarget.values:
        return _("“%(target)s” is nobody.") % {"target": step.target[:20]}
    if (step.target == StepTarget.ROLE) != bool(step.role):
        return _("name a role exactly when a role is meant.")
    return ""
