"""What the responsibility grid says about a case, and the grid itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from handoffs.choices import Part
from handoffs.models import ResponsibilityRule
from staff.models import Department
from tickets.models import Category, Ticket
from tickets.steps import Step, steps

Cell = dict[str, list[Department]]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Who has which part in the step the case is at, and from which topic that follows."""

    step: str
    category: Category | None
    parts: Cell = field(default_factory=dict)

    @property
    def responsible(self) -> Department | None:
        found = self.parts.get(Part.RESPONSIBLE, [])
        return found[0] if found else None

    @property
    def informed(self) -> list[Department]:
        return self.parts.get(Part.INFORMED, [])


def suggest(ticket: Ticket, step: str = "") -> Suggestion | None:
    """The rule for the case's topic or the nearest one above it; two statements.

    ``step`` is the one the case is at unless said otherwise; ``None`` where nothing is said.
    """
    step = step or current_step(ticket)
    line = _line_of(ticket.category)
    rows = (
        ResponsibilityRule.objects.filter(step=step)
        .select_related("category", "department")
        .order_by("part", "department__code")
    )
    cells: dict[int | None, list[ResponsibilityRule]] = {}
    for row in rows:
        if row.category_id is None or (row.category and row.category.path in line):
            cells.setdefault(row.category_id, []).append(row)
    if not cells:
        return None
    nearest = max(
        cells.values(), key=lambda cell: len(cell[0].category.path) if cell[0].category else 0
    )
    return Suggestion(step, nearest[0].category, parts_of(nearest))


def current_step(ticket: Ticket) -> str:
    """The first step of the loop not done, the last one where all are."""
    return next(
        (state.step.value for state in steps(ticket) if state.state == "current"),
        Step.RESULT_TOLD.value,
    )


def _line_of(category: Category | None) -> set[str]:
    """The topic's path and those above it: ``a/b`` → {``a/b``, ``a``}."""
    if category is None:
        return set()
    parts = category.path.split("/")
    return {"/".join(parts[:count]) for count in range(1, len(parts) + 1)}


def parts_of(rows: Iterable[ResponsibilityRule]) -> Cell:
    cell: Cell = {}
    for row in rows:
        cell.setdefault(row.part, []).append(row.department)
    return cell


@dataclass(frozen=True, slots=True)
class GridRow:
    """A topic with its own cells by step; an empty cell inherits."""

    category: Category | None
    cells: dict[str, Cell]


def grid() -> list[GridRow]:
    """The whole table, the row for every topic first; two statements."""
    rules: dict[int | None, dict[str, list[ResponsibilityRule]]] = {}
    for rule in ResponsibilityRule.objects.select_related("department"):
        rules.setdefault(rule.category_id, {}).setdefault(rule.step, []).append(rule)
    topics: list[Category | None] = [None, *Category.objects.filter(is_active=True)]
    return [
        GridRow(
            topic,
            {
                step: parts_of(found)
                for step, found in rules.get(topic.pk if topic else None, {}).items()
            },
        )
        for topic in topics
    ]
