"""Pages of cases by position, not by number: any page costs what the first one does."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from tickets.models import Ticket
from tickets.queries.rows import Listed, read_listed

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two rows, the sort key there, and the direction to read from it."""

    forward: bool
    moment: datetime | None
    pk: int

    def __str__(self) -> str:
        moment = self.moment.isoformat() if self.moment else ""
        text = f"{int(self.forward)}|{moment}|{self.pk}"
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        """The cursor written by ``str``; anything else is the first page."""
        try:
            padded = text + "=" * (-len(text) % 4)
            forward, moment, pk = base64.urlsafe_b64decode(padded).decode().split("|")
            at = datetime.fromisoformat(moment) if moment else None
            if at is not None and at.tzinfo is None:
                return None
            return cls(forward == "1", at, int(pk)) if 0 < int(pk) < 2**63 else None
        except (ValueError, binascii.Error):
            return None


@dataclass(frozen=True, slots=True)
class Page:
    """Cases in the order asked for, and where the pages on both sides start."""

    tickets: list[Listed]
    previous: str = ""
    following: str = ""


def fetch(
    tickets: QuerySet[Ticket],
    *,
    by_due: bool,
    cursor: Cursor | None,
    size: int = PAGE_SIZE,
    due_before: datetime | None = None,
) -> Page:
    """One page: nearest due first (undated last), or latest activity first.

    The keys are chosen first and the lines read after, or PostgreSQL may join names to every match.
    ``due_before`` ends a list by due time there. It is looked at here: PostgreSQL takes being late
    and being unfinished for independent, expects a handful, and sorts the ten thousand there are.
    Otherwise the keys alone are read: with them an index answers without touching the rows.
    """
    keys: list[int] = []
    for part in _parts(tickets, by_due, cursor):
        wanted = part[: size + 1 - len(keys)]
        if due_before is not None:
            dated = wanted.values_list("pk", "due_at")
            keys = [pk for pk, due in dated if due and due < due_before]
            break
        keys.extend(wanted.values_list("pk", flat=True))
        if len(keys) > size:
            break
    more, keys = len(keys) > size, keys[:size]
    page = read_listed(keys)
    if cursor is not None and not cursor.forward:
        page.reverse()
        return _page(page, by_due, has_previous=more, has_following=True)
    return _page(page, by_due, has_previous=cursor is not None, has_following=more)


def _page(found: list[Listed], by_due: bool, *, has_previous: bool, has_following: bool) -> Page:
    def place(ticket: Listed, forward: bool) -> str:
        return str(Cursor(forward, ticket.due_at if by_due else ticket.updated_at, ticket.pk))

    return Page(
        found,
        previous=place(found[0], False) if found and has_previous else "",
        following=place(found[-1], True) if found and has_following else "",
    )


def _parts(
    tickets: QuerySet[Ticket], by_due: bool, cursor: Cursor | None
) -> Iterator[QuerySet[Ticket]]:
    """The rows in the direction of travel, in parts that an index can deliver in order.

    Undated rows are a part of their own: a condition that allows both would keep PostgreSQL from
    starting inside the index.
    """
    forward = cursor is None or cursor.forward
    if not by_due:
        yield _part(tickets, "updated_at", cursor, descending=forward)
        return
    dated, undated = tickets.filter(due_at__isnull=False), tickets.filter(due_at__isnull=True)
    order = ("due_at", "pk") if forward else ("-due_at", "-pk")
    if cursor is not None and cursor.moment is None:
        beyond = Q(pk__gt=cursor.pk) if forward else Q(pk__lt=cursor.pk)
        yield undated.filter(beyond).order_by(*order)
        if not forward:
            yield dated.order_by(*order)
        return
    yield _part(dated, "due_at", cursor, descending=not forward)
    if forward:
        yield undated.order_by(*order)


def _part(
    tickets: QuerySet[Ticket], column: str, cursor: Cursor | None, *, descending: bool
) -> QuerySet[Ticket]:
    sign, side = ("-", "lt") if descending else ("", "gt")
    if cursor is not None and cursor.moment is not None:
        tie = Q(**{f"pk__{side}": cursor.pk})
        edge = Q(**{f"{column}__{side}e": cursor.moment})
        tickets = tickets.filter(edge, Q(**{f"{column}__{side}": cursor.moment}) | tie)
    return tickets.order_by(f"{sign}{column}", f"{sign}pk")
