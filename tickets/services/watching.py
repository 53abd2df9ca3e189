"""Telling those who follow a case what happened on it: read from the trail, after the fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import translation

from aftersales.kernel.clock import now
from aftersales.kernel.services import service
from compliance.models import AuditEvent
from staff.models import Language, Notice, Urgency, User
from staff.services.notices import NewNotice, notify
from tickets.announcements import (
    WATCHED_ANSWERED,
    WATCHED_REOPENED,
    WATCHED_STATUS,
    WATCHED_WROTE,
    case_url,
)
from tickets.models import Ticket, Watcher
from tickets.statuses import TicketStatus

# A round reads so far back: what was committed late or missed by a short stop is still told.
LOOK_BACK = timedelta(hours=1)
MOST = 500
WROTE = ("tickets.message_received", "tickets.proposal_accepted", "tickets.proposal_declined")
ANSWERED = ("tickets.replied", "tickets.proposed", "tickets.result_told")
STATUS_AFTER = {
    "tickets.resumed": TicketStatus.OPEN,
    "tickets.proposal_withdrawn": TicketStatus.OPEN,
    "tickets.resolved": TicketStatus.RESOLVED,
    "tickets.closed": TicketStatus.CLOSED,
    "tickets.canceled": TicketStatus.CANCELED,
    "tickets.merged": TicketStatus.CANCELED,
    "tickets.unsplit": TicketStatus.CANCELED,
}
REOPENED = "tickets.reopened"
STATUS_SAID = ("tickets.waiting", "tickets.unmerged")
CODES = (*WROTE, *ANSWERED, *STATUS_AFTER, REOPENED, *STATUS_SAID)
# Told with the event it followed from, by a machine at the other end, or of the other case.
NOT_TOLD = (
    Q(data__because__isnull=False)
    | Q(code="tickets.result_told", data__resolves=True)
    | Q(code="tickets.message_received", data__automatic=True)
    | Q(code__in=("tickets.merged", "tickets.unmerged", "tickets.unsplit"), data__variant="here")
)


@service
def tell_watchers(*, actor: User) -> int:
    """Tell who follows a case what others did on it; returns how many notices were made.

    Each event is one cause, told once; what follows from another event is told with that one, and
    an answer recalled in time is not told at all. Who follows only since hears nothing. To follow
    a case is to see it (``TicketQuerySet.visible_to``).
    """
    events = sorted(_to_tell(), key=attrgetter("pk"))
    cases = Ticket.objects.in_bulk({event.case_id for event in events})
    authors = User.objects.in_bulk({event.actor_id for event in events})
    watchers, heard = _watchers(cases), _heard(events)
    made = 0
    for event in events:
        ticket, key = cases[event.case_id or 0], _key(event)
        told = [
            one.user
            for one in watchers[ticket.pk]
            if (key, one.user_id) not in heard
            and one.user_id not in (event.actor_id, event.on_behalf_of_id)
            and one.since <= event.occurred_at
        ]
        if told:
            made += len(notify(told, _notice(event, ticket, authors), actor=actor))
    return made


def _to_tell() -> QuerySet[AuditEvent]:
    """Events on followed cases that can no longer be taken back; the newest, if there are more."""
    moment = now()
    since, until = moment - LOOK_BACK, moment - timedelta(seconds=settings.UNDO_SECONDS)
    followed = Watcher.objects.values("ticket_id")
    recent = AuditEvent.objects.filter(recorded_at__gte=since, case_id__in=followed)
    recalled = recent.filter(code="tickets.reply_undone").values_list("data__undoes", flat=True)
    return (
        recent.filter(recorded_at__lte=until, code__in=CODES)
        .exclude(pk__in=list(recalled))
        .exclude(NOT_TOLD)
        .order_by("-id")[:MOST]
    )


def _key(event: AuditEvent) -> str:
    return f"watched:{event.pk}"


def _heard(events: list[AuditEvent]) -> set[tuple[str, int]]:
    """What was told to whom."""
    people = Watcher.objects.filter(ticket__in={event.case_id for event in events}).values("user")
    told = Notice.objects.filter(source_key__in=map(_key, events), recipient__in=people)
    return set(told.values_list("source_key", "recipient_id"))


def _watchers(cases: Iterable[int]) -> dict[int, list[Watcher]]:
    found: dict[int, list[Watcher]] = defaultdict(list)
    rows = Watcher.objects.filter(ticket__in=cases, user__is_active=True)
    for watcher in rows.select_related("user").order_by("id"):
        found[watcher.ticket_id].append(watcher)
    return found


def _notice(event: AuditEvent, ticket: Ticket, authors: Mapping[int, User]) -> NewNotice:
    code, status = _kind(event)
    params: dict[str, Any] = {"case": ticket.number, "by": str(authors[event.actor_id])}
    if status:
        params["status"] = _in_every_language(status)
    return NewNotice(
        code=code,
        source_key=_key(event),
        url=case_url(ticket),
        params=params,
        urgency=Urgency.LOW,
        case=ticket,
    )


def _kind(event: AuditEvent) -> tuple[str, TicketStatus | None]:
    """As what an event is told, and the status it led to where that is the news."""
    if event.code == REOPENED or event.data.get("reopens"):
        return WATCHED_REOPENED, None
    if event.code in WROTE:
        return WATCHED_WROTE, None
    if event.code in ANSWERED:
        return WATCHED_ANSWERED, None
    return WATCHED_STATUS, STATUS_AFTER.get(event.code) or TicketStatus(event.data["status"])


def _in_every_language(status: TicketStatus) -> dict[str, str]:
    words = {}
    for language in Language.values:
        with translation.override(language):
            words[language] = str(status.label)
    return words
