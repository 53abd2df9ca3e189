"""Full-text search in Chinese and English: words, and overlapping pairs of Chinese characters.

PostgreSQL's parsers do not cut Chinese, and trigram indexes need three characters; pairs made here
find any two characters and up (reference/perf.md D). A single character matches as the beginning of
a pair.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from aftersales.kernel.prepared import plain_rows
from tickets.models import Ticket, TicketSearch

WORD = re.compile(r"[a-z0-9_]+(?:[-'.][a-z0-9_]+)*|[\u00c0-\u024f\u0400-\u04ff]+")
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
MOST_TOKENS = 4000
COUNT_CAP = 1000


def tokens(text: str) -> Iterator[str]:
    """Search tokens of a text in reading order, repeated ones included."""
    lowered = text.lower()
    for match in WORD.finditer(lowered):
        word = match.group()[:60]
        yield word
        if not word.isalnum():
            yield from (part for part in re.split(r"[-'._]", word) if len(part) > 1)
    for match in HAN.finditer(lowered):
        run = match.group()
        yield from (run[i : i + 2] for i in range(len(run) - 1))
        yield run[-1]


# PostgreSQL refuses a vector of more than 1 MB, and with it the message: a case that is so full
# takes no more words. A message adds at most 480 kB (4000 words of 60 letters of two bytes), so
# that what has fewer than 4500 words need not be measured.
ADD_WORDS: Final = """
    INSERT INTO tickets_ticketsearch AS s (ticket_id, vector)
    VALUES (%s, array_to_tsvector(string_to_array(%s, ' ')))
    ON CONFLICT (ticket_id) DO UPDATE SET vector = CASE
        WHEN length(s.vector) < 4500
            OR octet_length(array_to_string(tsvector_to_array(s.vector), '')) < 540000
        THEN s.vector || EXCLUDED.vector
        ELSE s.vector
    END
    RETURNING ticket_id
"""


def index_text(ticket: Ticket, texts: Iterable[str]) -> None:
    """Add the words of ``texts`` to what finds the case; one statement."""
    found = list(dict.fromkeys(token for text in texts for token in tokens(text)))[:MOST_TOKENS]
    plain_rows(ADD_WORDS, [ticket.pk, " ".join(found)])


FORGET_WORDS: Final = """
    UPDATE tickets_ticketsearch SET vector = ts_delete(vector, %s::text[])
    WHERE ticket_id = ANY(%s) RETURNING ticket_id
"""


def forget_words(tickets: Iterable[int], words: Iterable[str]) -> None:
    """Take tokens from what finds these cases."""
    plain_rows(FORGET_WORDS, [sorted(words), sorted(tickets)])


def index_many(texts: dict[int, str]) -> None:
    """``index_text`` for new cases of a loader: texts by the case's id, one statement."""
    rows = [
        {"id": pk, "tokens": list(dict.fromkeys(tokens(text)))[:MOST_TOKENS]}
        for pk, text in texts.items()
    ]
    table = TicketSearch._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (ticket_id, vector) "  # noqa: S608 -- name of our own table
            "SELECT (r->>'id')::bigint, "
            "array_to_tsvector(ARRAY(SELECT jsonb_array_elements_text(r->'tokens'))) "
            "FROM jsonb_array_elements(%s::jsonb) r",
            [json.dumps(rows)],
        )


def tsquery(text: str) -> str:
    """Every token of what was typed must occur; '' when nothing searchable was typed."""
    parts: list[str] = []
    lowered = text.lower()
    for match in WORD.finditer(lowered):
        parts.append(f"'{quote(match.group()[:60])}'")
    for match in HAN.finditer(lowered):
        run = match.group()
        if len(run) == 1:
            parts.append(f"'{run}':*")
        parts.extend(f"'{run[i : i + 2]}'" for i in range(len(run) - 1))
    return " & ".join(dict.fromkeys(parts[:30]))


def quote(token: str) -> str:
    return token.replace("\\", "\\\\").replace("'", "''")


def matching(tickets: QuerySet[Ticket], text: str) -> QuerySet[Ticket]:
    """Cases of the queryset that contain every word; keeps the caller's order.

    A capped count by the index chooses the plan: few hits are materialised and sorted, many are
    found by walking the order's own index (the planner guesses wrong for rare words,
    reference/perf.md D).
    """
    query = tsquery(text)
    if not query:
        return tickets.none()
    table = TicketSearch._meta.db_table
    found = f"SELECT ticket_id FROM {table} WHERE vector @@ %s::tsquery"  # noqa: S608 -- our own table
    with connection.cursor() as cursor:
        cursor.execute(f"{found} LIMIT %s", [query, COUNT_CAP + 1])
        hits = [row[0] for row in cursor.fetchall()]
    if len(hits) <= COUNT_CAP:
        return tickets.filter(pk__in=hits)
    return tickets.filter(pk__in=RawSQL(found, [query]))  # noqa: S611 -- text bound
