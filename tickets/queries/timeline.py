"""What was said and done on a case and on those merged into it, in one stream, newest last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import pgettext

from aftersales.kernel.clock import now
from aftersales.kernel.context import SYSTEM_USERNAME, Source
from aftersales.kernel.masking import mask_name, mask_name_in
from aftersales.kernel.prepared import plain_rows
from aftersales.kernel.refs import for_reader
from compliance import events
from staff.models import User
from tickets.choices import Channel, EvidenceKind, MessageKind
from tickets.models import Attachment, Proposal
from tickets.queries.resting import is_touch
from tickets.querysets import reads_hidden
from tickets.statuses import STUCK, MailStatus

# A case of more is read from its newest end; the change browser has the rest.
MOST_MESSAGES = 300
MOST_EVENTS = 300


SAID = """
    SELECT m.id, m.ticket_id, m.kind, m.channel, m.author_id, m.author_name, m.body, m.quoted,
        m.is_automatic, m.created_at, m.effective_at, m.hidden_at IS NOT NULL, m.hidden_reason,
        o.id, o.status
    FROM tickets_message m LEFT JOIN tickets_outboundmail o ON o.message_id = m.id
    WHERE m.ticket_id = ANY(%s) AND m.undone_at IS NULL
    ORDER BY m.created_at DESC, m.id DESC LIMIT %s
"""
HAPPENED = """
    SELECT e.code, e.actor_id, e.actor_name, e.source, e.note, e.occurred_at, e.recorded_at,
        e.case_id, e.data ->> 'outsider', e.data ->> 'automatic',
        p.remedy, p.amount, p.currency, v.kind, v.text, r.score, r.comment
    FROM compliance_auditevent e
    LEFT JOIN tickets_proposal p ON e.subject_type = 'tickets.proposal' AND p.id = e.subject_id
    LEFT JOIN tickets_evidence v ON e.subject_type = 'tickets.evidence' AND v.id = e.subject_id
    LEFT JOIN tickets_csatresponse r ON e.code = 'tickets.rated' AND r.id = e.subject_id
    WHERE e.case_id = ANY(%s) ORDER BY e.id DESC LIMIT %s
"""
# What the machine does to a case because of what somebody else did.
BY_ITSELF = frozenset({"tickets.waiting", "tickets.resumed", "tickets.reopened"})


class Said(NamedTuple):
    """A message as ``SAID`` reads it."""

    pk: int
    ticket_id: int
    kind: str
    channel: str
    author_id: int | None
    author_name: str
    body: str
    quoted: str
    is_automatic: bool
    created_at: datetime
    effective_at: datetime
    is_hidden: bool
    hidden_reason: str
    mail: int | None
    mail_status: str | None


class Happened(NamedTuple):
    """An event as ``HAPPENED`` reads it, with what it is about: an offer, evidence or a rating."""

    code: str
    actor_id: int
    actor: str
    source: str
    note: str
    at: datetime
    recorded_at: datetime
    case_id: int
    outsider: str | None
    automatic: str | None
    remedy: str | None
    amount: Decimal | None
    currency: str | None
    evidence: str | None
    evidence_text: str | None
    score: int | None
    comment: str | None

    @property
    def words(self) -> str:
        """The note in the reader's language."""
        return for_reader(self.note)

    @property
    def is_touch(self) -> bool:
        """Words of the customer, or a person's work (``queries.resting``)."""
        return is_touch(self.code, self.actor_id, is_automatic=self.automatic != "false")

    @property
    def detail(self) -> str:
        """«Refund 99.00 CNY», «Carrier trace» or «4/5»; '' where the event says all."""
        if self.remedy:
            return str(
                Proposal(remedy=self.remedy, amount=self.amount, currency=self.currency or "")
            )
        if self.evidence:
            return str(EvidenceKind(self.evidence).label)
        return f"{self.score}/5" if self.score else ""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file as the conversation shows it."""

    pk: int
    name: str
    size: int
    media_type: str
    has_thumbnail: bool
    is_internal: bool


@dataclass(frozen=True, slots=True)
class MessageEntry:
    """A message; ``number`` is set when it comes from a merged case."""

    pk: int
    kind: str
    author: str
    channel: str
    at: datetime
    body: str
    quoted: str
    is_automatic: bool
    is_hidden: bool
    hidden_reason: str
    may_read: bool
    number: str
    files: tuple[FileEntry, ...]
    mail: int
    mail_status: str
    undo_until: datetime | None

    @property
    def is_event(self) -> bool:
        return False

    @property
    def is_stuck(self) -> bool:
        return self.mail_status in STUCK

    @property
    def mail_label(self) -> str:
        return str(MailStatus(self.mail_status).label) if self.mail_status else ""


@dataclass(frozen=True, slots=True)
class EventEntry:
    """Something done, in words; ``said`` is the text of what it is about."""

    label: str
    detail: str
    actor: str
    note: str
    said: str
    at: datetime
    number: str
    on_timeline: bool

    @property
    def is_event(self) -> bool:
        return True


Entry = MessageEntry | EventEntry


@dataclass(frozen=True, slots=True)
class Timeline:
    """The stream, and what other panels need of it; ``loose_files`` belong to no message."""

    entries: tuple[Entry, ...]
    history: tuple[EventEntry, ...]
    loose_files: tuple[FileEntry, ...]
    is_cut: bool
    newest_id: int
    last_inbound_at: datetime | None
    last_outbound_at: datetime | None
    touched_at: datetime | None
    waiting_for: str
    undoable: MessageEntry | None


def load_timeline(
    cases: Mapping[int, str], user: User, *, has_files: bool, name: str = ""
) -> Timeline:
    """Messages, files and events of the given cases (id → number shown, '' for the case itself);
    the customer's name is masked in what we wrote."""
    files = _files(cases) if has_files else {}
    found = plain_rows(SAID, [list(cases), MOST_MESSAGES + 1])
    messages = [
        _entry(Said._make(message), cases, files, user, name) for message in found[:MOST_MESSAGES]
    ]
    rows = [Happened._make(row) for row in plain_rows(HAPPENED, [list(cases), MOST_EVENTS])]
    happened = _events(rows, cases)
    own = [row for row in rows if not cases[row.case_id]]
    told = (event for event in reversed(happened) if event.on_timeline)
    shown: list[Entry] = [*reversed(messages), *told]
    shown.sort(key=lambda entry: entry.at)
    heard = [entry for entry in messages if not entry.is_automatic]
    inbound = [entry.at for entry in heard if entry.kind == MessageKind.INBOUND]
    outbound = [entry.at for entry in heard if entry.kind == MessageKind.OUTBOUND]
    return Timeline(
        entries=tuple(shown),
        history=tuple(happened[:8]),
        loose_files=tuple(files.get(0, ())),
        is_cut=len(found) > MOST_MESSAGES,
        newest_id=max((entry.pk for entry in messages), default=0),
        last_inbound_at=max(inbound, default=None),
        last_outbound_at=max(outbound, default=None),
        touched_at=max((row.recorded_at for row in own if row.is_touch), default=None),
        waiting_for=next((row.words for row in own if row.code == "tickets.waiting"), ""),
        undoable=next((entry for entry in messages if entry.undo_until), None),
    )


def _entry(
    message: Said,
    cases: Mapping[int, str],
    files: Mapping[int, list[FileEntry]],
    user: User,
    name: str,
) -> MessageEntry:
    waiting = message.kind == MessageKind.OUTBOUND and message.effective_at > now()
    inbound = message.kind == MessageKind.INBOUND
    return MessageEntry(
        pk=message.pk,
        kind=message.kind,
        author=mask_name(message.author_name) if inbound else message.author_name,
        channel=str(Channel(message.channel).label),
        at=message.created_at,
        body=for_reader(message.body if inbound else mask_name_in(message.body, name)),
        quoted=message.quoted,
        is_automatic=message.is_automatic,
        is_hidden=message.is_hidden,
        hidden_reason=message.hidden_reason,
        may_read=reads_hidden(user),
        number=cases[message.ticket_id],
        files=tuple(files.get(message.pk, ())),
        mail=message.mail or 0,
        mail_status=message.mail_status or "",
        undo_until=message.effective_at if waiting and message.author_id == user.pk else None,
    )


def _files(cases: Iterable[int]) -> dict[int, list[FileEntry]]:
    """Files by message; those that belong to none under 0."""
    result: dict[int, list[FileEntry]] = defaultdict(list)
    for file in Attachment.objects.filter(ticket__in=cases).order_by("id"):
        result[file.message_id or 0].append(
            FileEntry(
                file.pk,
                file.file_name,
                file.size,
                file.media_type,
                file.has_thumbnail,
                file.is_internal,
            )
        )
    return result


def _events(rows: list[Happened], cases: Mapping[int, str]) -> list[EventEntry]:
    """Newest first."""
    kinds = {kind.code: kind for kind in events.all_types()}
    return [
        EventEntry(
            label=events.label(row.code),
            detail=row.detail,
            actor=_shown(row.actor, row.source, row.code, row.outsider),
            note=row.words,
            said=row.evidence_text or row.comment or "",
            at=row.at,
            number=cases[row.case_id],
            on_timeline=row.code in kinds and kinds[row.code].on_timeline,
        )
        for row in rows
    ]


def _shown(actor: str, source: str, code: str, outsider: str | None) -> str:
    """The name out of «name (login)»; on the status page the machine acts for the customer, on the
    page of an outsider for whom the event names, and where a case goes on by itself for nobody."""
    name, _, login = actor.rpartition(" (")
    if login != f"{SYSTEM_USERNAME})":
        return name or actor
    if source == Source.PORTAL and code not in BY_ITSELF:
        return outsider or pgettext("actor", "Customer")
    return pgettext("actor", "System")
