"""Where the journal stood, in one line to be kept where the desk's machines cannot write.

The journal agrees with rows and history after its end was cut off together with them, and after an
older backup was restored. Only what was noted elsewhere tells (reference/reliability.md 4.2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import connection

from compliance.integrity import Discrepancy
from compliance.models import JournalEntry

WRITTEN = re.compile(r"(\d{1,18})-(\d{1,18})-([0-9a-f]{64})", re.ASCII)
# Rows of transactions that may still be open, or were until a moment ago, are left to the next one.
SETTLED_SECONDS = 300

_SETTLED = """
SELECT coalesce(max(id), 0) FROM compliance_journalentry
WHERE recorded_at <= least(
    clock_timestamp() - make_interval(secs => %s),
    (SELECT min(xact_start) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid())
)
"""

# In parts, since a text in the database has at most a gigabyte.
_DIGEST = """
WITH parts AS (
    SELECT id / 10000 AS part, count(*) AS entries, max(id) AS last,
        sha256(convert_to(string_agg(concat_ws('|',
            id, table_name, row_pk, operation, digest, changed::text, change_id, txid, actor_id,
            actor_name, reason, source, request_id, db_user, extract(epoch FROM recorded_at)
        ), E'\\n' ORDER BY id), 'UTF8')) AS digest
    FROM compliance_journalentry WHERE id <= %s GROUP BY 1
)
SELECT coalesce(max(last), 0), coalesce(sum(entries), 0)::bigint,
    encode(sha256(coalesce(string_agg(digest, ''::bytea ORDER BY part), ''::bytea)), 'hex')
FROM parts
"""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The last row, how many there are up to it, and a digest over all of them."""

    last: int
    entries: int
    digest: str

    def __str__(self) -> str:
        return f"{self.last}-{self.entries}-{self.digest}"


def read_anchor(text: str) -> Anchor:
    """An anchor as it was printed; raises ``ValueError``."""
    found = WRITTEN.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text} is no anchor")
    return Anchor(int(found[1]), int(found[2]), found[3])


def journal_anchor(last: int | None = None) -> Anchor:
    """The journal up to a row; without one up to the last row that nothing can slip under."""
    with connection.cursor() as db:
        if last is None:
            db.execute(_SETTLED, [SETTLED_SECONDS])
            (last,) = db.fetchone()
        db.execute(_DIGEST, [last])
        return Anchor(*db.fetchone())


def broken_anchor(noted: Anchor) -> Discrepancy | None:
    """What happened to the journal since the anchor was noted; ``None`` when it still holds."""
    today = journal_anchor(noted.last)
    if today == noted:
        return None
    table = JournalEntry._meta.db_table
    if (today.last, today.entries) == (noted.last, noted.entries):
        return Discrepancy("journal_rewritten", table, noted.last)
    missing = noted.entries - today.entries
    return Discrepancy("journal_cut", table, noted.last, f"{missing:+d}")
