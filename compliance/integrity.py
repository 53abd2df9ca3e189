"""Does the trail agree with itself? Current rows, journal and history, table by table.

Invariants I19, I21 and I24 of reference/reliability.md section 10. Everything is compared inside
the database, a few statements per table. A column that a table was given later is left out of rows
the journal saw before; one that was dropped or got another type needs its rows written anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.journal import AlwaysTrigger
from compliance.tracked import Tracked, stamp_columns, tracked

# A table that is wrong throughout need not be listed row by row.
ROWS_PER_KIND = 1_000
GAPS_LISTED = 100

KINDS = {
    "row_edited": _("The row is not as the journal saw it last"),
    "row_unknown": _("The row is not in the journal"),
    "row_vanished": _("The row is gone and the journal saw no removal"),
    "row_returned": _("The row exists although the journal saw its removal"),
    "history_missing": _("The journal has a change that history lacks"),
    "history_unknown": _("History has a change that the journal lacks"),
    "history_edited": _("History says otherwise than the journal"),
    "trigger_off": _("The table is not guarded"),
    "journal_cut": _("Rows of the journal from before the anchor are missing"),
    "journal_rewritten": _("The journal from before the anchor says something else"),
}


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One thing that is off; ``row_pk`` is the object's id, 0 for a whole table."""

    kind: str
    table: str
    row_pk: int
    detail: str = ""


_ROWS = """
WITH last AS (
    SELECT DISTINCT ON (row_pk) row_pk, id, digest, operation, width FROM compliance_journalentry
    WHERE table_name = '{name}' ORDER BY row_pk, id DESC
)
SELECT CASE
        WHEN last.id IS NULL THEN 'row_unknown'
        WHEN t.id IS NOT NULL AND last.operation = 'delete' THEN 'row_returned'
        WHEN t.id IS NULL THEN 'row_vanished'
        ELSE 'row_edited'
    END, coalesce(t.id, last.row_pk), coalesce(last.id::text, '')
FROM {table} t FULL JOIN last ON last.row_pk = t.id
WHERE last.id IS NULL
    OR (t.id IS NULL) <> (last.operation = 'delete')
    OR t.id IS NOT NULL
        AND last.digest <> encode(sha256(convert_to(({row})::text, 'UTF8')), 'hex')
LIMIT {limit}
"""

_SIGNED = """
SELECT CASE
        WHEN h.history_id IS NULL THEN 'history_missing'
        WHEN j.id IS NULL THEN 'history_unknown'
        ELSE 'history_edited'
    END, coalesce(j.row_pk, h.id), coalesce(j.id::text, '')
FROM (
    SELECT * FROM compliance_journalentry WHERE table_name = '{name}' AND change_id IS NOT NULL
) j
FULL JOIN (SELECT * FROM {history} WHERE change_id IS NOT NULL) h ON h.change_id = j.change_id
WHERE h.history_id IS NULL OR j.id IS NULL OR h.id <> j.row_pk
    OR (j.actor_name, j.reason, j.source, j.request_id)
        <> (h.actor_name, h.history_change_reason, h.source, h.request_id)
    OR j.actor_id IS DISTINCT FROM h.history_user_id
    OR h.history_type <> CASE j.operation
        WHEN 'insert' THEN '+' WHEN 'update' THEN '~' ELSE '-' END
    OR {content}
LIMIT {limit}
"""

# Bulk loads sign without an id: an object's first such change is its first history row without one.
_BULK = """
SELECT CASE
        WHEN h.history_id IS NULL THEN 'history_missing'
        WHEN j.id IS NULL THEN 'history_unknown'
        ELSE 'history_edited'
    END, coalesce(j.row_pk, h.id), coalesce(j.id::text, '')
FROM (
    SELECT *, row_number() OVER (PARTITION BY row_pk ORDER BY id) AS nth
    FROM compliance_journalentry
    WHERE table_name = '{name}' AND change_id IS NULL AND source <> ''
) j
FULL JOIN (
    SELECT *, row_number() OVER (PARTITION BY id ORDER BY history_id) AS nth
    FROM {history} WHERE change_id IS NULL
) h ON h.id = j.row_pk AND h.nth = j.nth
WHERE h.history_id IS NULL OR j.id IS NULL
    OR (j.actor_name, j.source, j.request_id) <> (h.actor_name, h.source, h.request_id)
    OR j.actor_id IS DISTINCT FROM h.history_user_id
    OR {content}
LIMIT {limit}
"""

_ADDED = """
SELECT j.table_name, array_agg(a.attnum ORDER BY a.attnum),
    array_agg(a.attname::text ORDER BY a.attnum)
FROM (SELECT table_name, min(width) AS width FROM compliance_journalentry GROUP BY table_name) j
JOIN pg_attribute a ON a.attrelid = to_regclass(quote_ident(j.table_name))
    AND a.attnum > j.width AND NOT a.attisdropped
GROUP BY j.table_name
"""

_GAPS = """
SELECT id + 1, following - 1 FROM (
    SELECT id, lead(id) OVER (ORDER BY id) AS following FROM compliance_journalentry
) numbered WHERE following > id + 1 ORDER BY id LIMIT %s
"""


def find_discrepancies() -> Iterator[Discrepancy]:
    """Everything that is off, table by table; run it in one snapshot (``check_history`` does)."""
    yield from unguarded_tables()
    added = added_columns()
    for known in tracked().values():
        for sql in (_ROWS, _SIGNED, _BULK):
            yield from _compare(known, sql, added.get(known.table, ()))


def added_columns() -> dict[str, Sequence[tuple[int, str]]]:
    """Columns (place, name) that tables were given after the first row the journal has of them."""
    with connection.cursor() as db:
        db.execute(_ADDED)
        return {table: list(zip(places, names, strict=True)) for table, places, names in db}


def _as_then(row: str, width: str, added: Sequence[tuple[int, str]]) -> str:
    """The row as it was when its table had so many columns."""
    if not added:
        return row
    names = ", ".join(f"CASE WHEN {width} < {place} THEN '{name}' END" for place, name in added)
    return f"{row} - array_remove(ARRAY[{names}], NULL)"


def _compare(
    known: Tracked, template: str, added: Sequence[tuple[int, str]]
) -> Iterator[Discrepancy]:
    sql = template.format(
        name=known.table,
        table=f'"{known.table}"',
        history=f'"{known.history_table}"',
        limit=ROWS_PER_KIND,
        row=_as_then("to_jsonb(t)", "last.width", added),
        content=_content_differs(known, added),
    )
    with connection.cursor() as db:
        db.execute(sql)
        for kind, pk, entry in db.fetchall():
            yield Discrepancy(kind, known.table, pk, f"#{entry}" if entry else "")


def _content_differs(known: Tracked, added: Sequence[tuple[int, str]]) -> str:
    """Whether history's values have another digest; unknown where history leaves columns out."""
    if known.excluded:
        return "false"
    stamps = ", ".join(f"'{column}'" for column in [*stamp_columns(), "nth"])
    values = _as_then(f"to_jsonb(h) - ARRAY[{stamps}]", "j.width", added)
    return f"j.digest <> encode(sha256(convert_to(({values})::text, 'UTF8')), 'hex')"


def unguarded_tables() -> Iterator[Discrepancy]:
    """Triggers that are missing or do not fire always."""
    with connection.cursor() as db:
        db.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'A'")
        firing = {(table.strip('"'), name) for table, name in db.fetchall()}
    for model, trigger in guards():
        table = model._meta.db_table
        name = str(trigger.name)
        if (table, trigger.get_pgid(model)) not in firing:  # type: ignore[arg-type]
            yield Discrepancy("trigger_off", table, 0, name)


def may_alter_history(role: str) -> bool:
    """Whether a role of the database could switch the triggers off or empty the journal: the owner
    of the table, or whoever may TRUNCATE, which fires no trigger for rows."""
    with connection.cursor() as db:
        db.execute(
            "SELECT pg_has_role(%s, relowner, 'USAGE') OR has_table_privilege(%s, oid, 'TRUNCATE') "
            "FROM pg_class WHERE oid = 'compliance_journalentry'::regclass",
            [role, role],
        )
        return bool(db.fetchone()[0])


def guards() -> Iterator[tuple[type[models.Model], pgtrigger.Trigger]]:
    """Every trigger that must fire always, with its model; history tables included."""
    for model in apps.get_models(include_auto_created=True):
        for trigger in getattr(model._meta, "triggers", []):
            if isinstance(trigger, AlwaysTrigger):
                yield model, trigger


def journal_gaps() -> list[tuple[int, int]]:
    """Numbers missing in the journal, as ranges. A rolled back transaction leaves one, too."""
    with connection.cursor() as db:
        db.execute(_GAPS, [GAPS_LISTED])
        gaps: list[tuple[int, int]] = db.fetchall()
    return gaps


def sizes() -> dict[str, Any]:
    """How much was compared."""
    with connection.cursor() as db:
        db.execute("SELECT count(*), coalesce(max(id), 0) FROM compliance_journalentry")
        entries, last = db.fetchone()
    return {"tables": len(tracked()), "entries": entries, "last_entry": last}
