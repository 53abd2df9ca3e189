"""Values in words: what COPY stores and what digests say is what the database itself would say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, models, transaction

from aftersales.demo.literals import jsonb, moment, writer_of
from aftersales.demo.rows import Batch, Row, Stamp, resting_triggers
from compliance.integrity import find_discrepancies
from compliance.models import JournalEntry
from tickets.models import Macro, SavedReply

ODD = "a\\b \"c\" 'd'\ttab\nline\r\\N \x01\x7f\u2028 你好 😀 {e,f}"
BY = Stamp(
    *(None, "Ann \\ Tab\t", "shell", datetime(2026, 11, 20, 9, 30, tzinfo=UTC)),
    reason="why\n\\",
    request_id="r1",
)


@pytest.fixture
def told(db: None) -> tuple[Row, Row]:
    """A reply and a macro with odd texts, the reply in two versions."""
    batch = Batch(SavedReply, Macro)
    reply = batch[SavedReply].add({"name": "x", "shortcut": "x", "body": ODD}, BY, uuid4().hex)
    values = {"name": "y", "body_zh": ODD, "body": ODD}
    batch[SavedReply].change(reply, values, BY, uuid4().hex)
    tags = ["plain", 'a"b', "c\\d", ",", "{}", "", "NULL", "裂"]
    macro = batch[Macro].add({"name": "m", "add_tags": tags}, BY, uuid4().hex)
    with transaction.atomic(), resting_triggers(batch.tables):
        batch.write()
    return reply, macro


def test_odd_values_are_stored_as_they_are(told: tuple[Row, Row]) -> None:
    for model, row in zip((SavedReply, Macro), told, strict=True):
        stored: Any = model.objects.get(pk=row["id"])
        assert {name: getattr(stored, name) for name in row} == row


def test_odd_values_have_the_digests_of_the_database(told: tuple[Row, Row]) -> None:
    assert list(find_discrepancies()) == []


def test_a_version_names_the_columns_that_say_something_else(told: tuple[Row, Row]) -> None:
    entry = JournalEntry.objects.get(table_name="tickets_savedreply", operation="update")

    assert entry.changed == ["body_zh", "name"]
    assert (entry.actor_name, entry.reason, entry.request_id) == (BY.actor_name, BY.reason, "r1")


@pytest.mark.parametrize(
    "value",
    [{}, [], {"bb": 1, "a": [True, None, {"é": ODD}], "ab": "x"}, [10**15, -1, "", ["z"]], ODD],
)
def test_json_is_spelled_as_jsonb_spells_it(db: None, value: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (%s::jsonb)::text", [jsonb(value)])
        assert cursor.fetchone()[0] == jsonb(value)


@pytest.mark.parametrize("value", [1.5, {"a": object()}])
def test_values_without_a_settled_spelling_are_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        jsonb(value)


def test_moments_are_spelled_in_utc_without_idle_zeros() -> None:
    there = datetime(2026, 1, 2, 3, 4, 5, 120000, tzinfo=timezone(timedelta(hours=8)))

    assert moment(there) == "2026-01-01T19:04:05.12+00:00"
    assert moment(there.replace(microsecond=0)) == "2026-01-01T19:04:05+00:00"


def test_a_kind_of_column_nobody_wrote_yet_is_refused() -> None:
    with pytest.raises(LookupError):
        writer_of(models.FloatField())
