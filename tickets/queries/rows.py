"""A case as a line of a list: what is shown, already in words, without a text column read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language

from aftersales.kernel.localized import localized
from aftersales.kernel.moments import day_and_time
from aftersales.kernel.prepared import plain_rows
from customers.models import customer_label
from tickets import words
from tickets.choices import Channel, Kind, Priority
from tickets.models import Ticket
from tickets.statuses import UNFINISHED, TicketStatus

COLUMNS = (
    "number",
    "subject",
    "kind",
    "channel",
    "status",
    "priority",
    "is_green_channel",
    "urged_count",
    "due_at",
    "updated_at",
    "customer__name",
    "department__name",
    "department__name_zh",
    "assignee__username",
    "assignee__display_name",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One case in a list."""

    number: str
    url: str
    subject: str
    customer: str
    kind: str
    channel: str
    channel_icon: str
    status: str
    status_tone: str
    priority: str
    priority_tone: str
    priority_icon: str
    due: str
    due_tone: str
    due_title: str
    assignee: str
    department: str
    activity: str
    activity_title: str
    is_green_channel: bool
    urged: int


class Listed(NamedTuple):
    """The columns of a line with the names it needs, read by key; reads like the case itself."""

    pk: int
    number: str
    subject: str
    kind: str
    channel: str
    status: str
    priority: str
    is_green_channel: bool
    urged_count: int
    due_at: datetime | None
    updated_at: datetime
    customer: str
    assignee: str
    department: str

    @property
    def is_finished(self) -> bool:
        return self.status not in UNFINISHED


LISTED = """
    SELECT t.id, t.number, t.subject, t.kind, t.channel, t.status, t.priority, t.is_green_channel,
        t.urged_count, t.due_at, t.updated_at, t.customer_id, c.name, u.username, u.display_name,
        d.name, d.name_zh
    FROM tickets_ticket t JOIN staff_department d ON d.id = t.department_id
        LEFT JOIN customers_customer c ON c.id = t.customer_id
        LEFT JOIN staff_user u ON u.id = t.assignee_id
    WHERE t.id = ANY(%s)
"""


def read_listed(keys: Sequence[int]) -> list[Listed]:
    """The cases in the order of their keys: what a page of the queue shows, in one statement."""
    found = {row[0]: _listed(*row) for row in plain_rows(LISTED, [list(keys)])}
    return [found[key] for key in keys if key in found]


def _listed(*row: Any) -> Listed:
    *own, customer_id, name, username, display_name, english, chinese = row
    return Listed._make(
        (
            *own,
            customer_label(name) if customer_id else "",
            display_name or username or "",
            localized(english, chinese),
        )
    )


def listed(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Only the columns of a line, with the names it needs joined."""
    return tickets.select_related("customer", "department", "assignee").only(*COLUMNS)


def as_rows(tickets: Iterable[Ticket | Listed], moment: datetime) -> list[Row]:
    """Lines for cases that came from ``listed`` or ``read_listed``."""
    pattern = reverse("admin:tickets_ticket_change", args=["@"])
    language = get_language() or ""
    return [_row(ticket, moment, pattern, language) for ticket in tickets]


@cache
def _label(choice: Channel | Kind | Priority | TicketStatus, language: str) -> str:
    """The word for a choice in the language that is on, looked up once."""
    return str(choice.label)


def _row(ticket: Ticket | Listed, moment: datetime, pattern: str, language: str) -> Row:
    status = TicketStatus(ticket.status)
    priority = Priority(ticket.priority)
    due = words.due_words(None if ticket.is_finished else ticket.due_at, moment)
    return Row(
        number=ticket.number,
        url=pattern.replace("@", ticket.number).replace("%40", ticket.number),
        subject=ticket.subject,
        customer=str(ticket.customer) if ticket.customer else "",
        kind=_label(Kind(ticket.kind), language),
        channel=_label(Channel(ticket.channel), language),
        channel_icon=words.CHANNEL_ICONS[Channel(ticket.channel)],
        status=_label(status, language),
        status_tone=words.STATUS_TONES[status],
        priority=_label(priority, language),
        priority_tone=words.PRIORITY_TONES.get(priority, "gray"),
        priority_icon=words.PRIORITY_ICONS[priority],
        due=due.text,
        due_tone=due.tone,
        due_title=_full(ticket.due_at),
        assignee=str(ticket.assignee) if ticket.assignee else "",
        department=str(ticket.department),
        activity=words.ago(ticket.updated_at, moment),
        activity_title=_full(ticket.updated_at),
        is_green_channel=ticket.is_green_channel,
        urged=ticket.urged_count,
    )


def _full(at: datetime | None) -> str:
    return day_and_time(at) if at else ""
