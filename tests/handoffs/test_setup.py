"""Shipped templates, the responsibility grid and what it suggests."""

from __future__ import annotations

from typing import Any

import pytest

from aftersales.kernel.errors import NotPermitted, RuleViolated
from compliance.models import AuditEvent
from handoffs import shipped
from handoffs.choices import Part
from handoffs.fields import check_fields
from handoffs.models import HandoffTemplate, ResponsibilityRule
from handoffs.queries.responsibility import grid, suggest
from handoffs.services.responsibility import set_responsibility
from staff.roles import Role
from tests.factories.handoffs import logistics
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket
from tickets.models import Category

pytestmark = pytest.mark.django_db


def make_category(path: str) -> Category:
    parent = Category.objects.filter(path=path.rpartition("/")[0]).first()
    category = Category(path=path, parent=parent, name=path.title(), name_zh=f"{path}类")
    category.save()
    return category


def test_every_desk_starts_with_templates_whose_forms_hold() -> None:
    assert list(HandoffTemplate.objects.values_list("code", "kind", "pauses_case")) == [
        ("transfer", "transfer", False),
        ("carrier_trace", "assist", True),
        ("carrier_question", "external", True),
        ("supplier_verification", "external", True),
        ("warehouse_check", "assist", True),
        ("finance_payout", "assist", False),
        ("technical_diagnosis", "assist", True),
        ("legal_advice", "assist", False),
    ]
    for template in HandoffTemplate.objects.all():
        assert check_fields(template.ask_fields, at="") == template.ask_fields
        assert check_fields(template.answer_fields, at="") == template.answer_fields
        assert template.history.count() == 1


def test_installing_again_changes_nothing_people_changed() -> None:
    trace = HandoffTemplate.objects.get(code="carrier_trace")
    trace.name, trace.is_active = "Parcel search", False
    trace.save()

    shipped.install()

    trace.refresh_from_db()
    assert (trace.name, trace.is_active) == ("Parcel search", False)
    assert HandoffTemplate.objects.count() == 8


def test_cell_is_made_what_was_asked_for() -> None:
    admin = make_user(Role.ADMINISTRATOR)
    service, finance = make_department(), make_department("finance", kind="finance")
    set_responsibility(
        None, "investigated", {"R": [logistics()], "A": [service], "I": [finance]}, actor=admin
    )

    set_responsibility(None, "investigated", {"R": [finance], "A": [service]}, actor=admin)

    rows = ResponsibilityRule.objects.values_list("part", "department__code")
    assert sorted(rows) == [("A", "service"), ("R", "finance")]
    changes = AuditEvent.objects.filter(code="handoffs.responsibility_set").order_by("pk")
    assert [event.data["change"] for event in changes] == [
        "added",
        "added",
        "added",
        "removed",
        "removed",
        "added",
    ]


@pytest.mark.parametrize(
    ("step", "parts", "code"),
    [
        ("dreamt", {}, "unknown_step"),
        ("routed", {"X": []}, "unknown_part"),
        ("routed", {"R": ["service", "logistics"]}, "one_only"),
        ("routed", {"A": ["service", "logistics"]}, "one_only"),
    ],
)
def test_bad_cell_is_refused(step: str, parts: dict[str, list[str]], code: str) -> None:
    admin = make_user(Role.ADMINISTRATOR)
    known = {"service": make_department(), "logistics": logistics()}
    given = {part: [known[one] for one in codes] for part, codes in parts.items()}

    with pytest.raises(RuleViolated) as refusal:
        set_responsibility(None, step, given, actor=admin)

    assert refusal.value.code == code
    assert ResponsibilityRule.objects.count() == 0


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD, Role.AUDITOR, Role.WAREHOUSE])
def test_only_administrators_set_responsibilities(role: str) -> None:
    with pytest.raises(NotPermitted):
        set_responsibility(None, "routed", {"R": [logistics()]}, actor=make_user(role))

    assert ResponsibilityRule.objects.count() == 0


def test_topic_inherits_from_the_nearest_above_it(django_assert_num_queries: Any) -> None:
    admin = make_user(Role.ADMINISTRATOR)
    branch, leaf = make_category("logistics"), make_category("logistics/lost")
    service, warehouse = make_department(), make_department("warehouse", kind="warehouse")
    set_responsibility(None, "acknowledged", {"R": [service]}, actor=admin)
    set_responsibility(branch, "acknowledged", {"R": [logistics()], "I": [warehouse]}, actor=admin)
    ticket = make_ticket(category=leaf)

    found = suggest(ticket)
    assert found is not None
    assert (found.step, found.category, found.responsible, found.informed) == (
        "acknowledged",
        branch,
        logistics(),
        [warehouse],
    )

    set_responsibility(leaf, "acknowledged", {"R": [warehouse]}, actor=admin)
    nearest = suggest(ticket)
    assert nearest is not None
    assert nearest.responsible == warehouse
    elsewhere = suggest(make_ticket(category=None))
    assert elsewhere is not None
    assert elsewhere.responsible == service
    assert suggest(ticket, "rated") is None
    with django_assert_num_queries(1):
        suggest(ticket)


def test_grid_shows_own_cells_of_every_topic(django_assert_num_queries: Any) -> None:
    admin = make_user(Role.ADMINISTRATOR)
    branch = make_category("logistics")
    make_category("logistics/lost")
    set_responsibility(branch, "routed", {"R": [logistics()]}, actor=admin)

    with django_assert_num_queries(2):
        rows = grid()

    assert [(row.category and row.category.path, row.cells) for row in rows] == [
        (None, {}),
        ("logistics", {"routed": {Part.RESPONSIBLE: [logistics()]}}),
        ("logistics/lost", {}),
    ]
