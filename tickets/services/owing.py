"""What a case owes its customer, and how another case takes that over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.refs import in_each_language
from aftersales.kernel.transitions import move
from clocks.queries.owing import live_clock, owed_since, settled
from clocks.statuses import ClockState
from compliance.models import AuditEvent
from compliance.services import record
from staff.models import User
from tickets.choices import Kind, LinkKind, MessageKind
from tickets.mail.gratitude import is_only_thanks
from tickets.models import Message, Ticket
from tickets.queries.neighbours import said_on
from tickets.services.opening import reopen_fields
from tickets.services.shared import log, save
from tickets.services.watching import CODES
from tickets.statuses import TicketStatus

# To answer is one promise for first words and another for later ones.
NEXT_ANSWER = "next_response"
ANSWERS = ("first_response", NEXT_ANSWER)
# A decision on an offer; a case taken up by hand, not by the customer's words.
ASKED_WITHOUT_WORDS = (
    "tickets.proposal_accepted",
    "tickets.proposal_declined",
    "tickets.reopened",
)
UNANSWERED = _("What came along waits for an answer.")
TAKEN_BACK = _("What waited for an answer left again.")
# What takes more care comes first; the law asks most of complaints.
WEIGHT = {Kind.COMPLAINT: 2, Kind.RETURN_REQUEST: 1, Kind.REPAIR_REQUEST: 1}


def is_words(message: Message) -> bool:
    """Whether a customer's message asks for an answer."""
    return not message.is_automatic and not is_only_thanks(message.body)


def unanswered_since(messages: QuerySet[Message]) -> datetime | None:
    """The time of the customer's oldest words among these that no answer among them followed."""
    said = messages.filter(undone_at=None)
    answered = said.filter(kind=MessageKind.OUTBOUND).aggregate(last=Max("created_at"))["last"]
    words = said.filter(kind=MessageKind.INBOUND).order_by("created_at", "pk")
    if answered:
        words = words.filter(created_at__gt=answered)
    return next((one.created_at for one in words if is_words(one)), None)


def owed_by(ticket: Ticket) -> dict[str, datetime]:
    """The promises of a case by since when it owes them, an answer under both its names; no answer
    while we wait for the customer."""
    owed = owed_since(ticket)
    running = [owed.pop(promise) for promise in ANSWERS if promise in owed]
    if ticket.status == TicketStatus.PENDING:
        return owed
    since = min(running) if running else unanswered_since(ticket.messages.all())
    return owed | dict.fromkeys(ANSWERS, since) if since else owed


def owed_by_part(ticket: Ticket, words: QuerySet[Message], since: datetime) -> dict[str, datetime]:
    """What a part with these words of the case will owe, before they move there.

    What the case owes, the part owes for its words from then on, not from before ``since``, when
    the first were written; an answer from the first that has none. What the case has done is
    begun anew.
    """
    moment = now()
    live = {promise: max(start, since) for promise, start in owed_since(ticket).items()}
    running = [live.pop(promise) for promise in ANSWERS if promise in live]
    waiting = unanswered_since(ticket.messages.all())
    unanswered = words.filter(created_at__gte=waiting) if waiting else words.none()
    asked = next(filter(is_words, unanswered.order_by("created_at", "pk")), None)
    answer = max([asked.created_at, *running]) if asked else moment
    anew = dict.fromkeys(settled(ticket, "tickets.received"), moment)
    return anew | live | dict.fromkeys(ANSWERS, answer)


def answers_left(ticket: Ticket) -> dict[str, object]:
    """What the event of a split says of the next answer, after the words have left.

    Owed for words that are gone it ends; for later ones that stay it counts from them. The first
    answer stays as it is: whoever opened the case waits for it. What is late is only let go.
    """
    clock = live_clock(ticket, NEXT_ANSWER)
    if clock is None:
        return {}
    asked = [unanswered_since(said_on(ticket)), _asked_without_words(ticket, clock.started_at)]
    since = min(filter(None, asked), default=None)
    if since is None:
        return {"let_go": [NEXT_ANSWER]}
    if since <= clock.started_at or clock.state != ClockState.RUNNING or clock.pauses.exists():
        return {}
    return {"let_go": [NEXT_ANSWER], "owed": told_owed({NEXT_ANSWER: since})}


def _asked_without_words(ticket: Ticket, since: datetime) -> datetime | None:
    """When somebody asked for an answer other than by writing, since then."""
    asked = AuditEvent.objects.filter(
        case_id=ticket.pk, code__in=ASKED_WITHOUT_WORDS, occurred_at__gte=since
    ).exclude(data__has_key="because")
    return asked.order_by("occurred_at").values_list("occurred_at", flat=True).first()


def told_owed(owed: Mapping[str, datetime]) -> dict[str, str]:
    """The same as data of an event."""
    return {promise: since.isoformat() for promise, since in owed.items()}


@dataclass(frozen=True, slots=True)
class Joined:
    """The event that tells of a case taken in."""

    code: str
    note: str
    data: dict[str, str]


def take_in(
    ticket: Ticket, other: Ticket, owed: Mapping[str, datetime], event: Joined, *, actor: User
) -> None:
    """The case owes from now on what the other owed, since when that did.

    A resolved case takes over what waits for an answer, and with it the rest.
    """
    is_asked = not owed.keys().isdisjoint(ANSWERS)
    if ticket.is_finished and not is_asked:
        owed = {}
    changed = take_after(ticket, other)
    data = {**event.data, "owed": told_owed(owed), "changed": changed}
    record(event.code, ticket, actor=actor, case=ticket, note=event.note, data=data)
    fields = take_up(ticket, actor=actor) if is_asked else []
    ticket.last_inbound_at = latest_words(ticket)
    save(ticket, "last_inbound_at", *changed, *fields)


def take_up(ticket: Ticket, *, actor: User) -> list[str]:
    """A case that waits for the customer or is resolved goes on; returns the fields to save."""
    note = in_each_language(UNANSWERED.__str__)
    if ticket.status == TicketStatus.RESOLVED:
        changed = reopen_fields(ticket)
        log("tickets.reopened", ticket, actor=actor, note=note)
        return changed
    if ticket.status == TicketStatus.PENDING:
        move(ticket, TicketStatus.OPEN)
        log("tickets.resumed", ticket, actor=actor, note=note)
        return ["status"]
    return []


def let_go(ticket: Ticket, taken: AuditEvent, *, actor: User) -> list[str]:
    """Back to waiting for the customer, unless something happened since what came along had it
    taken up; returns the fields to save."""
    since = AuditEvent.objects.filter(case_id=ticket.pk, code__in=CODES, pk__gt=taken.pk)
    parted = {one.pk: one.data["undoes"] for one in since.filter(code="tickets.unmerged")}
    rest = list(since.exclude(pk__in={*parted, *parted.values()}))
    if ticket.status != TicketStatus.OPEN or [one.code for one in rest] != ["tickets.resumed"]:
        return []
    move(ticket, TicketStatus.PENDING)
    log(
        "tickets.waiting",
        ticket,
        actor=actor,
        note=in_each_language(TAKEN_BACK.__str__),
        status=TicketStatus.PENDING.value,
        variant=TicketStatus.PENDING.value,
        undoes=rest[0].pk,
    )
    return ["status"]


def take_after(ticket: Ticket, other: Ticket) -> dict[str, list[str]]:
    """Let the case be what weighs more of the two, in memory; returns old and new values by field,
    of those that changed."""
    changed = {}
    if WEIGHT.get(Kind(other.kind), 0) > WEIGHT.get(Kind(ticket.kind), 0):
        changed["kind"] = [ticket.kind, other.kind]
    if other.requested_remedy and not ticket.requested_remedy:
        changed["requested_remedy"] = ["", other.requested_remedy]
    for name, (_old, new) in changed.items():
        setattr(ticket, name, new)
    return changed


def take_after_no_more(ticket: Ticket, taken: AuditEvent) -> list[str]:
    """Undo that, where nobody said otherwise since and no other merged case has it; returns the
    fields to save."""
    others = Ticket.objects.filter(
        links_out__target=ticket, links_out__kind=LinkKind.MERGED, links_out__canceled_at=None
    )
    back = {
        name: old
        for name, (old, new) in taken.data.get("changed", {}).items()
        if getattr(ticket, name) == new and not others.filter(**{name: new}).exists()
    }
    for name, old in back.items():
        setattr(ticket, name, old)
    return list(back)


def latest_words(ticket: Ticket) -> datetime | None:
    """When a customer last wrote on the case or on one merged into it."""
    heard = said_on(ticket).filter(kind=MessageKind.INBOUND)
    latest: datetime | None = heard.aggregate(last=Max("created_at"))["last"]
    return latest
