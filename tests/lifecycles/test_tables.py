"""Every status of every lifecycle against every verb, as its table says."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from aftersales.kernel.transitions import HasStatus, StatusChoices
from tests.architecture.source import called, calls, modules
from tests.architecture.test_writing import is_service, is_services
from tests.lifecycles import cases, desk, goods, legs, money, remedies, tickets
from tests.lifecycles.cast import Cast
from tests.lifecycles.table import Table, columns, told

pytestmark = pytest.mark.django_db

PARTS = (tickets, cases, desk, goods, remedies, money, legs)
TABLES = [table for part in PARTS for table in part.TABLES]


@pytest.mark.parametrize(("table", "status"), list(columns(TABLES)))
def test_every_verb_does_what_the_table_says(table: Table, status: str, cast: Cast) -> None:
    expected = {verb: row[status] for verb, row in table.rows.items()}

    assert told(table, status, cast) == expected


def lifecycles() -> dict[str, type[StatusChoices]]:
    """Status column → its lifecycle, of every model there is."""
    return {
        f"{model._meta.label_lower}.{column}": enum
        for model in apps.get_models()
        if issubclass(model, HasStatus)
        for column, enum in model.status_enums.items()
    }


def test_every_lifecycle_has_a_table() -> None:
    known = {table.enum for table in TABLES}

    assert len(lifecycles()) >= 25
    assert [place for place, enum in lifecycles().items() if enum not in known] == []


# Services that move something and are no row of a table: name → why.
NOT_IN_A_TABLE = {
    "inspect_with_photos": "keeps the photos, the rest is inspect_item",
    "request_return": "makes the row, whose verdict may take it on at once",
    "undo_reply": "takes the case back to where the answer found it, within seconds",
}


def moving_services() -> set[str]:
    """Every service that moves a status itself or by a step of its own module."""
    found = set()
    for module in modules():
        if not is_services(module.path):
            continue
        functions = {one.name: one for one in module.tree.body if isinstance(one, ast.FunctionDef)}
        names = {name: {called(call) for call in calls(one)} for name, one in functions.items()}
        moving = {"move"}
        while more := {name for name, used in names.items() if used & moving} - moving:
            moving |= more
        found |= {name for name in moving & set(functions) if is_service(functions[name])}
    return found


def test_every_service_that_moves_is_a_row_of_some_table() -> None:
    tried = {
        called(call)
        for path in Path(__file__).parent.glob("*.py")
        for call in calls(ast.parse(path.read_text()))
    }

    assert moving_services() - tried - set(NOT_IN_A_TABLE) == set()
    assert set(NOT_IN_A_TABLE) <= moving_services() - tried


def by_lifecycle() -> dict[type[StatusChoices], list[Table]]:
    found: dict[type[StatusChoices], list[Table]] = {}
    for table in TABLES:
        found.setdefault(table.enum, []).append(table)
    return found


def named(enum: type[StatusChoices]) -> str:
    return enum.__name__


@pytest.mark.parametrize("enum", list(by_lifecycle()), ids=named)
def test_tables_name_every_status_and_show_every_move(enum: Any) -> None:
    tables = by_lifecycle()[enum]
    beside = {pair for table in tables for pair in table.beside}
    shown = {pair for table in tables for pair in table.moves}

    assert {status for table in tables for status in table.statuses} == set(enum.values)
    assert [table.name for table in tables if table.rows.keys() != table.verbs.keys()] == []
    assert beside & shown == set(), "these are shown by now"
    assert shown | beside == {
        (str(state), str(target))
        for state, targets in enum.transitions().items()
        for target in targets
    }
