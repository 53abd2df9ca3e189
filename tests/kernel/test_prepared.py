"""The cursor that a connection keeps for statements of our own."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from aftersales.kernel.prepared import OWN, database, plain_rows

pytestmark = pytest.mark.django_db

ONE = "SELECT %s::int, 'x'"


def test_rows_come_back_and_the_cursor_is_kept() -> None:
    assert plain_rows(ONE, [1]) == [(1, "x")]
    kept = database().__dict__[OWN]
    assert plain_rows(ONE, [2]) == [(2, "x")]
    assert database().__dict__[OWN] is kept


@pytest.mark.django_db(transaction=True)
def test_new_connection_gets_a_cursor_of_its_own() -> None:
    plain_rows(ONE, [1])
    kept = database().__dict__[OWN]
    connection.close()

    assert plain_rows(ONE, [3]) == [(3, "x")]
    assert database().__dict__[OWN] is not kept


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
