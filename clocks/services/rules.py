"""Changing rules of time: always a new version, so that what ran yesterday can be told today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from aftersales.kernel.clock import now
from aftersales.kernel.context import Person
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require, require_reason
from aftersales.kernel.services import service
from clocks import rulebook
from clocks.models import ClockRule
from clocks.policies import can_change_kind
from clocks.rules import StepSpec, as_step
from clocks.services.checking import check_rule
from compliance.services import record

CHANGEABLE = (
    "name",
    "name_zh",
    "promise",
    "position",
    "kind",
    "starts_on",
    "stops_on",
    "pauses_on",
    "resumes_on",
    "cancels_on",
    "conditions",
    "amount",
    "unit",
    "roll",
    "calendar",
    "legal_basis",
    "source_note",
    "confidence",
    "mode",
    "counts_for_due",
    "effective_from",
    "effective_to",
    "is_active",
)


def draft(rule: ClockRule, changes: Mapping[str, Any]) -> ClockRule:
    """The next version as a row, not saved; raises ``RuleViolated`` for a fixed field."""
    if fixed := sorted(set(changes) - set(CHANGEABLE)):
        raise RuleViolated("not_changeable", _("This cannot be changed here."), field=fixed[0])
    kept = {name: getattr(rule, name) for name in CHANGEABLE}
    return ClockRule(
        code=rule.code,
        subject_type=rule.subject_type,
        version=rule.version + 1,
        **(kept | dict(changes)),
    )


def steps_of(rule: ClockRule) -> list[StepSpec]:
    """The ladder of a version, to be copied or changed."""
    return [
        StepSpec(
            action=step.action,
            target=step.target,
            role=step.role,
            at_percent=step.at_percent,
            after_due_minutes=step.after_due_minutes,
        )
        for step in rule.steps.order_by("position")
    ]


@service
def revise_rule(
    rule_id: int,
    changes: Mapping[str, Any],
    *,
    actor: Person,
    note: str,
    steps: Sequence[StepSpec] | None = None,
) -> ClockRule:
    """Make the next version of a rule; ``steps`` replaces the ladder, which is copied otherwise.

    Clocks that run keep their version. Raises ``InvalidTransition`` for a version that is not the
    current one, ``RuleViolated`` without a reason or when nothing changes.
    """
    rule = ClockRule.objects.locked().get(pk=rule_id)
    following = draft(rule, changes)
    require(can_change_kind(actor, rule.kind) and can_change_kind(actor, following.kind))
    _require_current(rule)
    require_reason(note)
    old_ladder = steps_of(rule)
    ladder = list(old_ladder if steps is None else steps)
    changed = [one for one in CHANGEABLE if getattr(rule, one) != getattr(following, one)]
    if not changed and ladder == old_ladder:
        raise RuleViolated("nothing_changed", _("Nothing is different."))
    check_rule(following, ladder)
    retire(rule)
    following.note = note.strip()[:500]
    _save_with_steps(following, ladder)
    fields = [*changed, *(["steps"] if ladder != old_ladder else [])]
    data = {"version": following.version, "fields": fields}
    record("clocks.rule_revised", following, actor=actor, note=note, data=data)
    return following


@service
def create_rule(
    rule: ClockRule, *, actor: Person, note: str, steps: Sequence[StepSpec] = ()
) -> ClockRule:
    """Save a new rule as its first version; raises ``RuleViolated`` for a code that was used."""
    require(can_change_kind(actor, rule.kind) and actor.has_perm("clocks.add_clockrule"))
    require_reason(note)
    if ClockRule.objects.filter(code=rule.code).exists():
        raise RuleViolated("code_used", _("There is a rule of this code."), field="code")
    check_rule(rule, steps)
    rule.version, rule.is_current, rule.note = 1, True, note.strip()[:500]
    _save_with_steps(rule, steps)
    record("clocks.rule_created", rule, actor=actor, note=note)
    return rule


@service
def retire_rule(rule_id: int, *, actor: Person, note: str) -> ClockRule:
    """End a rule without a successor; what runs under it runs on."""
    rule = ClockRule.objects.locked().get(pk=rule_id)
    require(can_change_kind(actor, rule.kind))
    _require_current(rule)
    require_reason(note)
    retire(rule)
    record("clocks.rule_retired", rule, actor=actor, note=note)
    return rule


def _require_current(rule: ClockRule) -> None:
    if not rule.is_current:
        raise InvalidTransition(_("This version was replaced meanwhile. Look at the current one."))


def retire(rule: ClockRule) -> None:
    """Take the version out of use from now on."""
    moment = now()
    rule.is_current = False
    is_future = rule.effective_from is not None and rule.effective_from > moment
    if not is_future and (rule.effective_to is None or rule.effective_to > moment):
        rule.effective_to = moment
    rule.save(update_fields=["is_current", "effective_to"])
    _forget()


def _save_with_steps(rule: ClockRule, steps: Sequence[StepSpec]) -> None:
    rule.save(force_insert=True)
    for position, step in enumerate(steps, start=1):
        as_step(rule, position, step).save(force_insert=True)
    _forget()


def _forget() -> None:
    """Read the rules anew now, and once more when others can see the change, too."""
    rulebook.forget()
    transaction.on_commit(rulebook.forget)
