"""Whatever the journal tells of has a name, also when nothing of what it points to is left."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from compliance.describe import NOTHING, Values, load_names
from compliance.models import JournalEntry, Operation
from compliance.tracked import Tracked, tracked
from returns.models import Inspection, Repair
from tickets.models import StatusLink

pytestmark = pytest.mark.django_db

PK = 7
VALUES: dict[type[models.Field[Any, Any]], Any] = {
    models.BooleanField: True,
    models.DateTimeField: "2026-03-01T10:00:00+08:00",
    models.DateField: "2026-03-01",
    models.TimeField: "10:00:00",
    models.DurationField: "01:00:00",
    models.IntegerField: PK,
    models.UUIDField: "0b0e7a86-6a3c-4b60-8f5e-9d3f6c3f8a10",
    models.JSONField: {},
    ArrayField: [],
}


def value_of(field: models.Field[Any, Any]) -> Any:
    """Something the column can hold, as the journal keeps it; all ids are alike."""
    if isinstance(field, models.ForeignKey):
        return PK
    if field.choices:
        return field.choices[0][0]
    known = (value for kind, value in VALUES.items() if isinstance(field, kind))
    return next(known, "1")


def name_of(known: Tracked, row: dict[str, Any] | None) -> str:
    entry = JournalEntry(
        pk=1, table_name=known.table, row_pk=PK, operation=Operation.INSERT, changed=[]
    )
    values = Values(None, row, frozenset(), frozenset()) if row else NOTHING
    return load_names([entry], {1: values})[known.table, PK]


@pytest.mark.parametrize("known", tracked().values(), ids=lambda known: known.label)
def test_every_audited_object_is_named_without_what_it_points_to(known: Tracked) -> None:
    row = {column: value_of(field) for column, field in known.fields.items()}

    with CaptureQueriesContext(connection) as queries:
        name = name_of(known, row)

    assert name
    assert len(queries) <= 1


@pytest.mark.parametrize("model", [Inspection, Repair])
def test_objects_about_an_article_have_words_without_it(model: type[models.Model]) -> None:
    known = tracked()[model._meta.db_table]

    name = name_of(known, {column: value_of(field) for column, field in known.fields.items()})

    assert name != f"#{PK}"


def test_object_whose_words_fail_is_called_by_its_number() -> None:
    known = tracked()[StatusLink._meta.db_table]

    name = name_of(known, {"id": PK})

    assert name == f"#{PK}"
