"""The SQL behind ``describe``: values of many changes and names of many objects in one query each.

Table names come from the models, everything else is a parameter.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models

from compliance.tracked import Tracked

# The history row of a journal entry: by its id, or for bulk loads, which have none, by their order.
_HISTORY_OF = """
    CASE WHEN {entry}.change_id IS NOT NULL THEN (
        SELECT to_jsonb(h) FROM {history} h WHERE h.change_id = {entry}.change_id LIMIT 1
    ) WHEN {entry}.id IS NOT NULL THEN (
        SELECT to_jsonb(h) FROM {history} h WHERE h.id = j.row_pk AND h.change_id IS NULL
        ORDER BY h.history_id LIMIT 1 OFFSET (
            SELECT count(*) FROM compliance_journalentry b
            WHERE b.table_name = j.table_name AND b.row_pk = j.row_pk
                AND b.change_id IS NULL AND b.source <> '' AND b.id < {entry}.id
        )
    ) END
"""

_VALUES = """
SELECT
    j.id,
    {before} AS before,
    CASE WHEN j.source <> '' THEN {own} ELSE coalesce(
        {after}, (SELECT to_jsonb(t) FROM {table} t WHERE t.id = j.row_pk)
    ) END AS after,
    (
        SELECT jsonb_agg(e.changed) FROM compliance_journalentry e
        WHERE e.table_name = j.table_name AND e.row_pk = j.row_pk
            AND e.id < j.id AND e.id > coalesce(p.id, 0)
    ) AS earlier,
    CASE WHEN j.source = '' THEN (
        SELECT jsonb_agg(e.changed) FROM compliance_journalentry e
        WHERE e.table_name = j.table_name AND e.row_pk = j.row_pk
            AND e.id > j.id AND (n.id IS NULL OR e.id <= n.id)
    ) END AS later
FROM compliance_journalentry j
LEFT JOIN LATERAL (
    SELECT id, change_id FROM compliance_journalentry p
    WHERE p.table_name = j.table_name AND p.row_pk = j.row_pk AND p.source <> '' AND p.id < j.id
    ORDER BY p.id DESC LIMIT 1
) p ON true
LEFT JOIN LATERAL (
    SELECT id, change_id FROM compliance_journalentry n
    WHERE j.source = '' AND n.table_name = j.table_name AND n.row_pk = j.row_pk
        AND n.source <> '' AND n.id > j.id
    ORDER BY n.id LIMIT 1
) n ON true
WHERE j.id = ANY(%s)
"""


def values_sql(tables: Sequence[Tracked]) -> str:
    """(entry id, old row, new row, columns moved before, columns moved after); ids per table."""
    return " UNION ALL ".join(
        _VALUES.format(
            table=f'"{known.table}"',
            before=_HISTORY_OF.format(entry="p", history=f'"{known.history_table}"'),
            own=_HISTORY_OF.format(entry="j", history=f'"{known.history_table}"'),
            after=_HISTORY_OF.format(entry="n", history=f'"{known.history_table}"'),
        )
        for known in tables
    )


def names_sql(targets: Sequence[type[models.Model]]) -> str:
    """(table, id, row) of the asked objects; ids per table."""
    return " UNION ALL ".join(
        f"SELECT '{model._meta.db_table}', t.id, to_jsonb(t) "  # noqa: S608 -- names of models
        f'FROM "{model._meta.db_table}" t WHERE t.id = ANY(%s)'
        for model in targets
    )
