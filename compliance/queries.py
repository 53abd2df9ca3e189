"""Reading the trail: the stream of changes, the stream of events, what belongs together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TypeVar

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.prepared import plain_rows
from compliance.describe import Change, describe
from compliance.keyset import Cursor, Page, fetch_page
from compliance.models import AuditEvent, Disclosure, JournalEntry, Operation
from compliance.tracked import Tracked, tracked

Found = TypeVar("Found")

# As a source: written by nobody the application knows.
UNSIGNED = "unsigned"
# People or objects one search speaks of.
MOST_CALLED = 20
# Numbers and times are drawn one after the other, so neighbours may differ; no more than this.
ID_SLACK = 1_000
NEIGHBORS = 5_000
TOGETHER_LIMIT = 100


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """What to show of the stream; everything given must hold. ``until`` is exclusive."""

    person: str = ""
    tables: Sequence[str] = ()
    objects: Sequence[tuple[str, int]] | None = None
    case_id: int | None = None
    operation: str = ""
    source: str = ""
    reason: str = ""
    columns: Sequence[str] | None = None
    request_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class EventFilter:
    """The same for events."""

    person: str = ""
    code: str = ""
    case_id: int | None = None
    subjects: Sequence[tuple[str, int]] | None = None
    source: str = ""
    note: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """What happened along with one change."""

    changes: list[Change]
    events: list[AuditEvent] = field(default_factory=list)


def change_page(filters: ChangeFilter, cursor: Cursor) -> Page[JournalEntry]:
    """One page of the journal; pass its rows to ``describe`` for old and new values."""
    driver, *others = _conditions(filters)
    period = _period(filters)
    streams = [JournalEntry.objects.filter(one, period) for one in driver]
    rest = Q()
    for alternatives in others:
        rest &= reduce(or_, alternatives, Q()) if alternatives else Q(pk__in=[])
    return fetch_page(streams, rest, cursor)


def _conditions(filters: ChangeFilter) -> list[list[Q]]:
    """Each filter as its alternatives; first the one that has an index and narrows most."""
    indexed: list[list[Q]] = []
    scanned: list[list[Q]] = []
    if filters.request_id:
        indexed.append([Q(request_id=filters.request_id)])
    if filters.objects is not None:
        indexed.append([Q(table_name=table, row_pk=pk) for table, pk in filters.objects])
    if filters.case_id is not None:
        indexed.append([Q(case_id=filters.case_id)])
    if filters.source == UNSIGNED:
        indexed.append([Q(source="")])
    if filters.person:
        indexed.append([Q(actor_name=name) for name in people_called(filters.person)])
    if filters.operation == Operation.DELETE:
        indexed.append([Q(operation=Operation.DELETE)])
    elif filters.operation:
        scanned.append([Q(operation=filters.operation)])
    if filters.reason:
        indexed.append([~Q(reason="")])
        scanned.append([Q(reason__icontains=filters.reason)])
    if filters.tables:
        indexed.append([Q(table_name=table) for table in filters.tables])
    if filters.source and filters.source != UNSIGNED:
        indexed.append([Q(source=filters.source)])
    if filters.columns is not None:
        scanned.append([Q(changed__has_any_keys=list(filters.columns))])
    return [*(indexed or [[Q()]]), *scanned]


def _period(filters: ChangeFilter) -> Q:
    """The dates, and the ids they span, so that an old period is entered at the right place."""
    period = Q()
    if filters.since:
        period &= Q(recorded_at__gte=filters.since)
        first = _ids_next_to(JournalEntry.objects.filter(recorded_at__gte=filters.since), "")
        period &= Q(id__gte=min(first) - ID_SLACK) if first else Q(pk__in=[])
    if filters.until:
        period &= Q(recorded_at__lt=filters.until)
        last = _ids_next_to(JournalEntry.objects.filter(recorded_at__lt=filters.until), "-")
        period &= Q(id__lte=max(last) + ID_SLACK) if last else Q(pk__in=[])
    return period


def _ids_next_to(rows: QuerySet[JournalEntry], direction: str) -> list[int]:
    """Numbers at an edge of a period. A clock that was set back gives one hour twice, so rows far
    apart in number may stand side by side in time: several are asked."""
    near = rows.order_by(f"{direction}recorded_at").values_list("id", flat=True)
    return list(near[:ID_SLACK])


PEOPLE = """
    WITH RECURSIVE people AS (
        (SELECT actor_name, actor_id FROM compliance_journalentry
         ORDER BY actor_name, id DESC LIMIT 1)
        UNION ALL
        SELECT following.* FROM people, LATERAL (
            SELECT actor_name, actor_id FROM compliance_journalentry
            WHERE actor_name > people.actor_name ORDER BY actor_name, id DESC LIMIT 1
        ) following
    )
    SELECT actor_name, actor_id FROM people WHERE actor_name <> ''
"""


def people_called(text: str) -> list[str]:
    """Names in the journal that contain ``text``, or belong to the user of that number.

    Hops from name to name in the index, so it costs as much as there are people, not rows. Earlier
    names of a person found are included. Raises ``RuleViolated`` where it is too many (``few``).
    """
    people = plain_rows(PEOPLE, [])
    wanted = text.casefold()
    if text.isdecimal():
        found = {(name, pk) for name, pk in people if text == str(pk)}
    else:
        found = {(name, pk) for name, pk in people if wanted in name.casefold()}
    ids = {pk for _name, pk in found if pk is not None}
    names = {name for name, pk in people if pk in ids} | {name for name, _pk in found}
    return few(sorted(names), "person")


def objects_called(text: str, table: str) -> list[tuple[str, int]]:
    """Objects of a model by number (``#7``, ``7``) or by a unique text such as a case number.

    Case numbers are stored in capitals, usernames in small letters: both are tried, since an index
    knows a text only as it is stored.
    """
    known = tracked()[table]
    text = text.strip()
    found: set[int] = set()
    if text.lstrip("#").isdecimal():
        found.add(int(text.lstrip("#")))
    for name in known.unique_texts:
        rows = known.model._base_manager.filter(
            **{f"{name}__in": {text, text.upper(), text.lower()} - {""}}
        )
        found.update(rows.values_list("pk", flat=True)[: MOST_CALLED + 1])
    return [(table, pk) for pk in few(sorted(found), "object")]


def columns_called(text: str, tables: Sequence[str]) -> list[str]:
    """Columns of the given models (of all, if none is given) by name or label."""
    known = [one for table, one in tracked().items() if not tables or table in tables]
    return sorted(set().union(*(one.columns_called(text) for one in known)))


def same_request(entry: JournalEntry) -> Together:
    """Everything of the same request; of the same transaction, when there was no request."""
    rows = JournalEntry.objects.order_by("id")
    if entry.request_id:
        rows = rows.filter(request_id=entry.request_id)
        events = AuditEvent.objects.filter(request_id=entry.request_id).order_by("id")
        return Together(describe(rows[:TOGETHER_LIMIT]), list(events[:TOGETHER_LIMIT]))
    rows = rows.filter(txid=entry.txid, id__gte=entry.pk - NEIGHBORS, id__lte=entry.pk + NEIGHBORS)
    return Together(describe(rows[:TOGETHER_LIMIT]))


def object_changes(known: Tracked, pk: int, cursor: Cursor) -> Page[JournalEntry]:
    """The changes of one object, newest first."""
    return change_page(ChangeFilter(objects=[(known.table, pk)]), cursor)


def event_page(filters: EventFilter, cursor: Cursor) -> Page[AuditEvent]:
    """One page of events, newest first."""
    rows = AuditEvent.objects.all()
    if filters.since:
        rows = rows.filter(recorded_at__gte=filters.since)
    if filters.until:
        rows = rows.filter(recorded_at__lt=filters.until)
    if filters.case_id is not None:
        rows = rows.filter(case_id=filters.case_id)
    if filters.subjects is not None:
        called = (Q(subject_type=label, subject_id=pk) for label, pk in filters.subjects)
        rows = rows.filter(reduce(or_, called, Q(pk__in=[])))
    if filters.code:
        rows = rows.filter(code=filters.code)
    rest = Q()
    if filters.source:
        rest &= Q(source=filters.source)
    if filters.note:
        rest &= Q(note__icontains=filters.note)
    if not filters.person:
        return fetch_page([rows], rest, cursor)
    people = user_ids(filters.person)
    acted = [rows.filter(actor_id=pk) for pk in people]
    lent = [rows.filter(on_behalf_of_id=pk).exclude(actor_id__in=people) for pk in people]
    return fetch_page([*acted, *lent], rest, cursor)


def user_ids(text: str) -> list[int]:
    """People by login, display name or number, also by a name they had when they did something."""
    named = Q(username__icontains=text) | Q(display_name__icontains=text)
    if text.isdecimal():
        named |= Q(pk=int(text))
    users = get_user_model()._default_manager.filter(named).order_by("pk")
    found = set(users.values_list("pk", flat=True)[: MOST_CALLED + 1])
    wanted = text.casefold()
    found |= {pk for name, pk in plain_rows(PEOPLE, []) if pk and wanted in name.casefold()}
    return few(sorted(found), "person")


def few(found: list[Found], field: str) -> list[Found]:
    """What is called so; raises ``RuleViolated`` rather than answer for some of them only."""
    if len(found) > MOST_CALLED:
        message = _("More than %(count)s are called that. Be more exact.") % {"count": MOST_CALLED}
        raise RuleViolated("too_many", message, field=field)
    return found


def case_timeline(case_id: int) -> QuerySet[AuditEvent]:
    """What happened to a case, oldest first."""
    return AuditEvent.objects.filter(case_id=case_id).order_by("occurred_at", "id")


def object_disclosures(label: str, *keys: int) -> QuerySet[Disclosure]:
    """To whom personal data of an object, or of several that are one, was shown, newest first."""
    return Disclosure.objects.filter(subject_type=label, subject_id__in=keys).order_by("-id")
