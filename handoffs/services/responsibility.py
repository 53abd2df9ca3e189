"""Who is responsible, accountable, consulted, informed: one cell of the grid at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import RuleViolated, require
from aftersales.kernel.services import service
from compliance.services import record
from handoffs.choices import Part
from handoffs.models import ResponsibilityRule
from handoffs.policies import can_set_responsibility
from staff.models import Department, User
from tickets.models import Category
from tickets.steps import Step

Parts = Mapping[str, Iterable[Department]]
ALONE = (Part.RESPONSIBLE, Part.ACCOUNTABLE)


@service
def set_responsibility(
    category: Category | None, step: str, parts: Parts, *, actor: User, note: str = ""
) -> list[ResponsibilityRule]:
    """Make a cell of the grid be ``parts``: part → departments; an empty cell inherits.

    Raises ``RuleViolated`` for an unknown step or part, or two departments with a part for one.
    """
    require(can_set_responsibility(actor))
    if step not in Step.values:
        raise RuleViolated("unknown_step", _("Unknown step."), field="step")
    wanted = _wanted(parts)
    cell = ResponsibilityRule.objects.filter(category=category, step=step)
    rows = {(row.part, row.department_id): row for row in cell.locked().order_by("pk")}
    gone = [row for key, row in rows.items() if key not in wanted]
    new = [
        ResponsibilityRule(category=category, step=step, part=part, department=department)
        for (part, pk), department in wanted.items()
        if (part, pk) not in rows
    ]
    for row in gone:
        _log(row, "removed", actor=actor, note=note)
        row.delete()
    for row in new:
        row.save(force_insert=True)
        _log(row, "added", actor=actor, note=note)
    return [*(row for key, row in rows.items() if key in wanted), *new]


def _wanted(parts: Parts) -> dict[tuple[str, int], Department]:
    wanted: dict[tuple[str, int], Department] = {}
    for part, departments in parts.items():
        if part not in Part.values:
            raise RuleViolated("unknown_part", _("Unknown part."), field="part")
        chosen = {department.pk: department for department in departments}
        if part in ALONE and len(chosen) > 1:
            raise RuleViolated(
                "one_only",
                _("Only one department is responsible, and one accountable."),
                field=part,
            )
        wanted |= {(part, pk): department for pk, department in chosen.items()}
    return wanted


def _log(row: ResponsibilityRule, change: str, *, actor: User, note: str) -> None:
    record(
        "handoffs.responsibility_set",
        row,
        actor=actor,
        note=note,
        data={"change": change, "rule": str(row)},
    )
