"""Every status of every lifecycle against every verb, as its table says."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from aftersales.kernel.transitions import HasStatus, StatusChoices
from tests.lifecycles import cases, desk, goods, legs, money, tickets
from tests.lifecycles.cast import Cast
from tests.lifecycles.table import Table, columns, told

pytestmark = pytest.mark.django_db

PARTS = (tickets, cases, desk, goods, money, legs)
TABLES = [table for part in PARTS for table in part.TABLES]
# Lifecycles with a table of their own form: status column → test that goes through it.
ELSEWHERE = {
    "returns.refund.status": "tests.returns.money.test_refund_lifecycle",
    "returns.returnauthorization.status": "tests.returns.goods.test_lifecycle",
}


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

    missing = {place for place, enum in lifecycles().items() if enum not in known}

    assert missing == set(ELSEWHERE)
    for place, module in ELSEWHERE.items():
        assert lifecycles()[place] in vars(import_module(module)).values(), module


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
