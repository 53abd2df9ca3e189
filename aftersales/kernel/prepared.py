"""Statements that are planned once per connection instead of once per request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg import OperationalError
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import DiagnosticField, ExecStatus, TransactionStatus

# Where a connection keeps its statements, and how many at most: those of lists vary in text.
OWN: Final = "desk_statements"
MOST_KEPT: Final = 200
# «cached plan must not change result type»
OUTDATED_PLAN: Final = b"0A000"


def database() -> BaseDatabaseWrapper:
    """The connection itself: each look through Django's proxy costs microseconds."""
    return connections[DEFAULT_DB_ALIAS]


@contextmanager
def prepared() -> Iterator[None]:
    """Have the server bind the values of the statements inside and keep the plans of repeated ones.

    For statements that find their rows by key and read the same whatever the values: a kept plan
    does not know them, so it cannot use a partial index, nor weigh how common a value is. Lists and
    searches stay outside.
    """
    connection.ensure_connection()
    raw = connection.connection
    before, raw.cursor_factory = raw.cursor_factory, ServerBindingCursor
    try:
        yield
    finally:
        raw.cursor_factory = before


def plain_rows(statement: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows that a statement of our own gives, its plan kept.

    Give the same object as text each time: what the driver learnt about it is kept by it. Whoever
    listens to what is executed (tests that count, a debugger) is given Django's cursor.
    """
    db = database()
    if db.queries_logged or db.execute_wrappers:
        with prepared(), db.cursor() as heard:
            heard.execute(statement, params)
            return list(heard.fetchall())
    db.validate_thread_sharing()
    db.close_if_health_check_failed()
    db.ensure_connection()
    db.validate_no_broken_transaction()
    with db.wrap_database_errors:
        return _kept(db, statement).rows(params)


def take_turn(name: str) -> None:
    """Wait until no other transaction has taken the turn of this name; ends with one's own.

    For what has no row to lock: a count, a number not used yet.
    """
    plain_rows("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


class Kept:
    """A statement on one connection: the way the driver runs it, shortened once it is prepared.

    The driver's cursor costs a request's twenty statements more than the database does: it makes
    its parts anew, and asks twice whether it may read. One that it holds prepared is handed to
    libpq directly; in all other cases, and after anything that made the driver forget its
    statements (a rollback), its cursor is asked.
    """

    def __init__(self, cursor: Any, statement: str) -> None:
        self.cursor, self.statement = cursor, statement
        self.connection: Any = cursor.connection
        # As the driver names it: by text with numbered places, and by the types of the values.
        first, *rest = statement.split("%s")
        numbered = "".join(f"${place}{part}" for place, part in enumerate(rest, 1))
        self.text = f"{first}{numbered}".replace("%%", "%").encode()
        self.formats = [PyFormat.AUTO] * len(rest)
        self.transformer = Transformer(cursor)

    def rows(self, params: Sequence[Any]) -> list[tuple[Any, ...]]:
        transformer = self.transformer
        values = transformer.dump_sequence(params, self.formats)
        name = self._prepared_name(transformer.types)
        if name is None:
            self.cursor.execute(self.statement, params)
            return list(self.cursor.fetchall())
        if self._is_to_begin():
            self._check(self.connection.pgconn.exec_(self.connection._get_tx_start_command()))
        result = self.connection.pgconn.exec_prepared(name, values, transformer.formats)
        if result.status == ExecStatus.FATAL_ERROR:
            # Its plan may not fit any more (a column changed): the driver makes it anew next time.
            self._names.pop((self.text, transformer.types or ()), None)
            if self._is_outdated(result):
                self.cursor.execute(self.statement, params)
                return list(self.cursor.fetchall())
        transformer.set_pgresult(self._check(result))
        return transformer.load_rows(0, result.ntuples, tuple)

    def _check(self, result: Any) -> Any:
        """What the server answered; raises what the driver would."""
        if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            if self.connection.closed:
                raise OperationalError(result.get_error_message())
            raise error_from_result(result, self.connection.info.encoding)
        return result

    def _prepared_name(self, types: tuple[int, ...] | None) -> bytes | None:
        """What the driver calls the statement, if it holds it prepared and would send it now."""
        status = self.connection.pgconn.transaction_status
        if status not in (TransactionStatus.INTRANS, TransactionStatus.IDLE):
            return None
        return self._names.get((self.text, types or ()))

    @property
    def _names(self) -> dict[Any, bytes]:
        """The driver's own list of what it holds prepared."""
        names: dict[Any, bytes] = self.connection._prepared._names
        return names

    def _is_outdated(self, result: Any) -> bool:
        """Whether only the plan was refused, and no transaction is lost with it."""
        if result.error_field(DiagnosticField.SQLSTATE) != OUTDATED_PLAN:
            return False
        is_idle: bool = self.connection.pgconn.transaction_status == TransactionStatus.IDLE
        return is_idle

    def _is_to_begin(self) -> bool:
        """Whether this is the first statement of a transaction: the driver begins it then."""
        status = self.connection.pgconn.transaction_status
        return status == TransactionStatus.IDLE and not self.connection.autocommit


def _kept(db: BaseDatabaseWrapper, statement: str) -> Kept:
    held: tuple[Any, dict[str, Kept]] | None = db.__dict__.get(OWN)
    if held is None or held[0] is not db.connection or len(held[1]) >= MOST_KEPT:
        held = db.__dict__[OWN] = (db.connection, {})
        db.connection.prepared_max = MOST_KEPT
    found = held[1].get(statement)
    if found is None:
        with prepared():
            found = held[1][statement] = Kept(db.create_cursor(), statement)
    return found
