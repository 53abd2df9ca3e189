"""All that the case page shows: a fixed number of statements, however much there is to show."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.localized import localized
from aftersales.kernel.reading import by_unique
from clocks.models import Clock
from clocks.queries.running import Standing, standing
from staff.models import User
from tickets import gates
from tickets.choices import EvidenceKind, LinkKind, MessageKind
from tickets.links import status_url
from tickets.models import Evidence, FollowUp, Proposal, Ticket, TicketLink
from tickets.queries.case_customer import (
    ContactRow,
    OrderPanel,
    OtherCase,
    contact_row,
    order_panel,
    other_cases,
)
from tickets.queries.case_rows import load_rows, moment
from tickets.queries.timeline import MessageEntry, Timeline, load_timeline
from tickets.queries.under_way import Matter, Turn, most_pressing
from tickets.querysets import is_seen, sees_everything
from tickets.statuses import InvestigationStatus, ProposalStatus, TicketStatus

SHOWN_WITH = ("category", "department", "team", "assignee", "customer", "order", "shop")
ENDS = ("ticket", "target")
OVER = (TicketStatus.CLOSED, TicketStatus.CANCELED)
# What a case is while somebody else has to act on goods and money of it.
WAITS = {
    Turn.OURS: TicketStatus.OPEN,
    Turn.HOUSE: TicketStatus.ON_HOLD,
    Turn.OUTSIDE: TicketStatus.PENDING,
}
ADDED = ("added_by__display_name", "added_by__username")


@dataclass(frozen=True, slots=True)
class WatcherRow:
    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """Another case this one belongs together with, seen from this one."""

    pk: int
    kind: str
    words: str
    number: str
    subject: str
    is_source: bool

    @property
    def can_unlink(self) -> bool:
        return self.kind in (LinkKind.RELATED, LinkKind.CHILD, LinkKind.CONTINUES)


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    kind: str
    text: str
    file_id: int | None
    file_name: str
    by: str


@dataclass(frozen=True, slots=True)
class InvestigationRow:
    """An investigation with its evidence."""

    pk: int
    question: str
    status: str
    findings: str
    root_cause: str
    evidence: tuple[EvidenceRow, ...]

    @property
    def is_open(self) -> bool:
        return self.status == InvestigationStatus.OPEN

    @property
    def status_label(self) -> str:
        return str(InvestigationStatus(self.status).label)


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A promise still owed on the case; ``at`` is none while it is paused."""

    pk: int
    promise: str
    label: str
    at: datetime | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class CasePage:
    """One case as one screen."""

    ticket: Ticket
    timeline: Timeline
    gate_states: tuple[gates.GateState, ...]
    links: tuple[LinkRow, ...]
    merged_into: str
    watchers: tuple[WatcherRow, ...]
    contacts: tuple[ContactRow, ...]
    drafts: dict[str, tuple[str, datetime | None]]
    status_address: str
    has_mention: bool
    score: int | None
    investigations: tuple[InvestigationRow, ...]
    proposals: tuple[Proposal, ...]
    follow_ups: tuple[FollowUp, ...]
    clocks: tuple[ClockRow, ...]
    is_answered_late: bool
    order: OrderPanel | None
    other_cases: tuple[OtherCase, ...]
    matter: Matter | None

    @property
    def open_investigation(self) -> InvestigationRow | None:
        return next((row for row in self.investigations if row.is_open), None)

    @property
    def is_unsettled(self) -> bool:
        """Whether an investigation or offer keeps the case from its end."""
        return self.open_investigation is not None or self.live_proposal is not None

    @property
    def is_under_way(self) -> bool:
        """Whether it can be neither canceled nor merged away."""
        at_work = (state for state in self.gate_states if state.is_live and not state.is_open)
        return self.is_unsettled or any(at_work)

    @property
    def after_an_answer(self) -> str:
        """Whose turn it is once an answer is sent, unless its author says otherwise."""
        if self.matter is not None:
            return WAITS[self.matter.turn]
        ticket = self.ticket
        if self.open_investigation or (ticket.accepted_at and not ticket.carried_out_at):
            return TicketStatus.OPEN
        is_held = ticket.status == TicketStatus.ON_HOLD
        return TicketStatus.ON_HOLD if is_held else TicketStatus.PENDING

    @property
    def can_be_split(self) -> bool:
        """Whether a message can leave while something the customer wrote stays."""
        own = [
            one for one in self.timeline.entries if isinstance(one, MessageEntry) and not one.number
        ]
        written = sum(one.kind == MessageKind.INBOUND for one in own)
        movable = (one for one in own if not one.is_hidden)
        can_leave = any(one.kind != MessageKind.INBOUND or written > 1 for one in movable)
        return self.timeline.is_cut or (written > 0 and can_leave)

    @property
    def takes_mail(self) -> bool:
        """Whether what is written to the customer can leave as a mail."""
        return any(contact.is_mail for contact in self.contacts)

    @property
    def live_proposal(self) -> Proposal | None:
        live = (ProposalStatus.OFFERED, ProposalStatus.ACCEPTED)
        return next((row for row in self.proposals if row.status in live), None)


def load_case(number: str, user: User) -> CasePage:
    """The page of a case the user may see; raises ``Ticket.DoesNotExist``."""
    ticket = gates.mark(_found(number, user))
    rows = load_rows(ticket, user)
    links = _links(ticket, user)
    merged = {
        link.ticket_id: link.ticket.number
        for link in links
        if link.kind == LinkKind.MERGED and link.target_id == ticket.pk
    }
    into = [link.target.number for link in links if _merges_away(link, ticket)]
    return CasePage(
        ticket=ticket,
        timeline=load_timeline(
            {ticket.pk: "", **merged},
            user,
            has_files=bool(merged) or ticket.flag_files,  # type: ignore[attr-defined]
            name=ticket.customer.name if ticket.customer else "",
        ),
        gate_states=tuple(gates.states(ticket)),
        links=tuple(_link_row(link, ticket) for link in links),
        merged_into=into[0] if into else "",
        watchers=tuple(
            WatcherRow(row["id"], row["name"] or row["login"]) for row in rows["watchers"] or ()
        ),
        contacts=tuple(contact_row(row) for row in rows["contacts"] or ()),
        drafts={row["kind"]: (row["body"], moment(row["at"])) for row in rows["drafts"] or ()},
        status_address=status_url(UUID(rows["link"])) if rows["link"] else "",
        has_mention=rows["is_called"],
        score=rows["score"],
        investigations=_investigations(ticket),
        proposals=_proposals(ticket),
        follow_ups=_follow_ups(ticket),
        clocks=tuple(_clock_row(row) for row in rows["clocks"] or ()),
        is_answered_late=rows["is_answered_late"],
        order=order_panel(ticket.order, rows) if ticket.order else None,
        other_cases=other_cases(ticket, user),
        matter=None if ticket.status in OVER else most_pressing(ticket),
    )


def _found(number: str, user: User) -> Ticket:
    """The case with what its page names, whose statement is kept."""
    ticket = by_unique(Ticket, number=number, joined=SHOWN_WITH)
    if ticket is None or not is_seen(ticket, user):
        raise Ticket.DoesNotExist
    return ticket


def _clock_row(row: dict[str, Any]) -> ClockRow:
    """The rule's name, or what it is about where that is not the case itself."""
    clock = Clock(state=row["state"], due_at=moment(row["due"]), paused_at=moment(row["paused"]))
    name = localized(row["name"], row["name_zh"])
    label = name if row["about"] == Ticket._meta.label_lower else f"{name}: {row['label']}"
    return ClockRow(row["id"], row["promise"], label, clock.due_at, standing(clock, now()))


def visible_case(user: User) -> QuerySet[Ticket]:
    """Cases in the user's scope with what verbs and forms read of them."""
    return Ticket.objects.visible_to(user).select_related(
        "department", "assignee", "customer", "order", "shop"
    )


def _links(ticket: Ticket, user: User) -> list[TicketLink]:
    """Live links to cases the user sees; what was merged into this case is part of it anyway."""
    if not ticket.flag_links:  # type: ignore[attr-defined]
        return []
    links = list(
        TicketLink.objects.filter(Q(ticket=ticket) | Q(target=ticket), canceled_at=None)
        .select_related("ticket", "target")
        .only("kind", *(f"{end}__{name}" for end in ENDS for name in ("number", "subject")))
        .order_by("id")
    )
    if sees_everything(user):
        return links
    ends = {pk for link in links for pk in (link.ticket_id, link.target_id)}
    seen = set(Ticket.objects.visible_to(user).filter(pk__in=ends).values_list("pk", flat=True))
    return [
        link
        for link in links
        if (link.kind == LinkKind.MERGED and link.target_id == ticket.pk)
        or {link.ticket_id, link.target_id} <= seen
    ]


def _merges_away(link: TicketLink, ticket: Ticket) -> bool:
    return link.kind == LinkKind.MERGED and link.ticket_id == ticket.pk


# How the relation reads from the other end: «target is … source».
REVERSED = {
    LinkKind.MERGED: _("has taken in"),
    LinkKind.SPLIT: _("origin of"),
    LinkKind.CONTINUES: _("continued in"),
    LinkKind.CHILD: _("consists of"),
    LinkKind.RELATED: _("related to"),
}


def _link_row(link: TicketLink, ticket: Ticket) -> LinkRow:
    is_source = link.ticket_id == ticket.pk
    other = link.target if is_source else link.ticket
    words = str(link.get_kind_display()) if is_source else str(REVERSED[LinkKind(link.kind)])
    return LinkRow(link.pk, link.kind, words, other.number, other.subject, is_source)


def _investigations(ticket: Ticket) -> tuple[InvestigationRow, ...]:
    """Newest first, each with its evidence."""
    if not ticket.flag_investigation:  # type: ignore[attr-defined]
        return ()
    found = list(ticket.investigations.order_by("-id"))
    evidence: dict[int, list[EvidenceRow]] = defaultdict(list)
    if found:
        rows = Evidence.objects.filter(ticket=ticket).order_by("id")
        for owner, kind, *rest in rows.values_list(
            "investigation", "kind", "text", "attachment", "attachment__file_name", *ADDED
        ):
            text, file_id, file_name, name, login = rest
            label = str(EvidenceKind(kind).label)
            evidence[owner].append(
                EvidenceRow(label, text, file_id, file_name or "", name or login)
            )
    return tuple(
        InvestigationRow(
            pk=row.pk,
            question=row.question,
            status=row.status,
            findings=row.findings,
            root_cause=row.root_cause,
            evidence=tuple(evidence[row.pk]),
        )
        for row in found
    )


def _proposals(ticket: Ticket) -> tuple[Proposal, ...]:
    if not ticket.flag_proposal:  # type: ignore[attr-defined]
        return ()
    return tuple(ticket.proposals.order_by("-id"))


def _follow_ups(ticket: Ticket) -> tuple[FollowUp, ...]:
    if not ticket.flag_followup:  # type: ignore[attr-defined]
        return ()
    return tuple(ticket.follow_ups.select_related("assignee").order_by("due_at", "id"))
