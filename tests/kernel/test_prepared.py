"""Statements of our own: kept by each connection, handed to the database directly once prepared."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from psycopg.pq import TransactionStatus
from psycopg.types.json import Jsonb

from aftersales.kernel.clock import now
from aftersales.kernel.prepared import MOST_KEPT, OWN, Kept, database, plain_rows

pytestmark = pytest.mark.django_db

ONE = "SELECT %s::int, 'x'"


def kept(statement: str = ONE) -> Kept:
    found: Kept = database().__dict__[OWN][1][statement]
    return found


def warm(statement: str = ONE) -> None:
    """Have the driver prepare the statement, as it does with one seen a few times."""
    for number in range(6):
        assert plain_rows(statement, [number]) == [(number, "x")]


def test_rows_come_back_and_the_statement_is_kept() -> None:
    assert plain_rows(ONE, [1]) == [(1, "x")]
    before = kept()
    assert plain_rows(ONE, [2]) == [(2, "x")]
    assert kept() is before


def test_a_prepared_statement_passes_by_the_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    warm()
    monkeypatch.setattr(kept(), "cursor", None)

    assert plain_rows(ONE, [7]) == [(7, "x")]


def test_values_travel_both_ways_unharmed() -> None:
    statement = "SELECT %s::text, %s::timestamptz, %s::bigint[], %s::jsonb, %s::uuid, %s::boolean"
    moment, key = now(), uuid4()
    given = ["中文 % $1 ' \\ é", moment, [1, 2**40], Jsonb({"a": [1, None]}), key, None]

    rows = [plain_rows(statement, given) for _number in range(8)]

    plain = [(given[0], moment, [1, 2**40], '{"a": [1, null]}', key, None)]
    assert rows == [plain] * 8


def test_a_percent_sign_is_written_twice_as_for_the_driver() -> None:
    for _number in range(8):
        assert plain_rows("SELECT 'x' LIKE '%%x' AND %s", [True]) == [(True,)]


def test_other_types_are_another_statement() -> None:
    warm("SELECT %s, 'x'")
    assert plain_rows("SELECT %s, 'x'", [2**40]) == [(2**40, "x")]
    assert plain_rows("SELECT %s, 'x'", [Decimal("1.50")]) == [(Decimal("1.50"), "x")]


def test_the_first_statement_of_a_transaction_begins_it() -> None:
    warm()
    with transaction.atomic():
        plain_rows(ONE, [1])
        assert connection.connection.info.transaction_status == TransactionStatus.INTRANS


def test_what_a_rollback_made_the_driver_forget_is_prepared_anew() -> None:
    def is_held() -> bool:
        return kept()._prepared_name(kept().transformer.types) is not None

    warm()
    with transaction.atomic():
        with transaction.atomic():
            plain_rows(ONE, [1])
            held = [is_held()]
            transaction.set_rollback(True)
        held.append(is_held())
        warm()
        held.append(is_held())
    assert held == [True, False, True]


def test_statements_survive_a_change_of_the_table_they_read() -> None:
    statement = "SELECT session_key, 'x' FROM django_session WHERE session_key = %s"
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES ('k', '', now())")
        for _number in range(8):
            assert plain_rows(statement, ["k"]) == [("k", "x")]
        cursor.execute("ALTER TABLE django_session ADD COLUMN extra integer")
        assert plain_rows(statement, ["k"]) == [("k", "x")]
        cursor.execute("ALTER TABLE django_session DROP COLUMN extra")
    assert plain_rows(statement, ["k"]) == [("k", "x")]


def test_few_statements_are_kept() -> None:
    for number in range(MOST_KEPT + 10):
        assert plain_rows(f"SELECT {number}", []) == [(number,)]
        assert len(database().__dict__[OWN][1]) <= MOST_KEPT


@pytest.mark.django_db(transaction=True)
def test_new_connection_gets_statements_of_its_own() -> None:
    warm()
    before = kept()
    connection.close()

    warm()
    assert kept() is not before


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_each_statement_is_its_own() -> None:
    warm()
    warm("SELECT %s::int, 'x' AS again")
    assert connection.connection.info.transaction_status == TransactionStatus.IDLE


def test_statements_are_heard_by_who_listens() -> None:
    with CaptureQueriesContext(connection) as heard:
        plain_rows(ONE, [1])

    assert [query["sql"] for query in heard.captured_queries] == [ONE.replace("%s", "$1")]


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_is_an_error_of_django_and_replaced() -> None:
    warm()
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])

    with pytest.raises(OperationalError):
        plain_rows(ONE, [1])
    connection.close_if_unusable_or_obsolete()
    warm()


@pytest.mark.django_db(transaction=True)
def test_connection_lost_between_two_requests_is_replaced_before_it_is_used() -> None:
    warm()
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])

    connection.health_check_done = False  # what the end of a request leaves behind
    warm()


@pytest.mark.django_db(transaction=True)
def test_plan_that_no_longer_fits_is_made_anew() -> None:
    statement = "SELECT session_key, session_data FROM django_session WHERE session_key = %s"
    for _number in range(6):
        plain_rows(statement, ["k"])
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        retype = "ALTER TABLE django_session ALTER COLUMN session_key TYPE varchar({})"
        other.execute(retype.format(41))
        try:
            assert plain_rows(statement, ["k"]) == []
            with transaction.atomic():  # and in a transaction the next one finds it mended
                assert plain_rows(statement, ["k"]) == []
        finally:
            other.execute(retype.format(40))
    assert plain_rows(statement, ["k"]) == []


@pytest.mark.parametrize("times", [1, 8], ids=["by the cursor", "prepared"])
def test_failure_is_one_of_django_and_spoils_the_transaction_only(times: int) -> None:
    new = "INSERT INTO django_session VALUES (%s, '', now()) RETURNING 1"
    for number in range(times):
        plain_rows(new, [str(number)])

    with transaction.atomic():
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            plain_rows(new, ["0"])
        assert plain_rows("SELECT count(*) FROM django_session", []) == [(times,)]
    assert refused.value.__cause__.diag.constraint_name == "django_session_pkey"  # type: ignore[union-attr]
    assert plain_rows(ONE, [4]) == [(4, "x")]


def test_nothing_runs_in_a_transaction_that_is_lost() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            plain_rows(ONE, [1])
    assert plain_rows(ONE, [4]) == [(4, "x")]
