"""The cursor that a connection keeps for statements of our own."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from aftersales.kernel.prepared import MOST_CURSORS, OWN, database, plain_rows

pytestmark = pytest.mark.django_db

ONE = "SELECT %s::int, 'x'"


def cursor_of(statement: str) -> Any:
    return database().__dict__[OWN][1][statement]


def test_rows_come_back_and_the_cursor_is_kept() -> None:
    assert plain_rows(ONE, [1]) == [(1, "x")]
    kept = cursor_of(ONE)
    assert plain_rows(ONE, [2]) == [(2, "x")]
    assert cursor_of(ONE) is kept


def test_few_cursors_are_kept() -> None:
    for number in range(MOST_CURSORS + 10):
        assert plain_rows(f"SELECT {number}", []) == [(number,)]
        assert len(database().__dict__[OWN][1]) <= MOST_CURSORS + 1


@pytest.mark.django_db(transaction=True)
def test_new_connection_gets_a_cursor_of_its_own() -> None:
    plain_rows(ONE, [1])
    kept = cursor_of(ONE)
    connection.close()

    assert plain_rows(ONE, [3]) == [(3, "x")]
    assert cursor_of(ONE) is not kept


def test_statements_are_heard_by_who_listens() -> None:
    with CaptureQueriesContext(connection) as heard:
        plain_rows(ONE, [1])

    assert [query["sql"] for query in heard.captured_queries] == [ONE.replace("%s", "$1")]


def test_failure_is_one_of_django_and_spoils_the_transaction_only() -> None:
    twice = "INSERT INTO django_session VALUES (%s, '', now()), (%s, '', now()) RETURNING 1"

    with transaction.atomic():
        with pytest.raises(IntegrityError), transaction.atomic():
            plain_rows(twice, ["same", "same"])
        assert plain_rows("SELECT count(*) FROM django_session", []) == [(0,)]
    assert plain_rows(ONE, [4]) == [(4, "x")]


def test_nothing_runs_in_a_transaction_that_is_lost() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            plain_rows(ONE, [1])
    assert plain_rows(ONE, [4]) == [(4, "x")]
