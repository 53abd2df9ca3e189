"""All that the case page shows: one statement per panel, however much there is to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, JSONObject
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.masking import mask_email, mask_phone
from customers.models import (
    ContactChannel,
    ContactPoint,
    Order,
    OrderLine,
    Payment,
    Shipment,
)
from staff.models import User
from tickets import gates
from tickets.choices import EvidenceKind, LinkKind
from tickets.links import status_url
from tickets.models import (
    CsatResponse,
    Draft,
    FollowUp,
    Investigation,
    Mention,
    Proposal,
    StatusLink,
    Ticket,
    TicketLink,
    Watcher,
)
from tickets.queries.timeline import Timeline, load_timeline
from tickets.statuses import InvestigationStatus, ProposalStatus, SurveyStatus, TicketStatus

MOST_OTHER_CASES = 20


@dataclass(frozen=True, slots=True)
class WatcherRow:
    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A way to reach the customer, masked."""

    channel: str
    masked: str


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
    at: datetime


@dataclass(frozen=True, slots=True)
class InvestigationRow:
    """An investigation with its evidence."""

    pk: int
    question: str
    status: str
    findings: str
    root_cause: str
    opened_by: str
    opened_at: datetime
    evidence: tuple[EvidenceRow, ...]

    @property
    def is_open(self) -> bool:
        return self.status == InvestigationStatus.OPEN

    @property
    def status_label(self) -> str:
        return str(InvestigationStatus(self.status).label)


@dataclass(frozen=True, slots=True)
class LineRow:
    name: str
    sku: str
    quantity: int
    paid: Decimal


@dataclass(frozen=True, slots=True)
class PaymentRow:
    method: str
    captured: Decimal
    refunded: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class ParcelRow:
    carrier: str
    tracking_number: str
    shipped_at: datetime | None
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderPanel:
    """The order as the shop reported it."""

    number: str
    status: str
    placed_at: datetime
    currency: str
    total: Decimal
    lines: tuple[LineRow, ...]
    payments: tuple[PaymentRow, ...]
    parcels: tuple[ParcelRow, ...]


@dataclass(frozen=True, slots=True)
class OtherCase:
    number: str
    subject: str
    status: str
    received_at: datetime

    @property
    def status_label(self) -> str:
        return str(TicketStatus(self.status).label)


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
    order: OrderPanel | None
    other_cases: tuple[OtherCase, ...]

    @property
    def open_investigation(self) -> InvestigationRow | None:
        return next((row for row in self.investigations if row.is_open), None)

    @property
    def live_proposal(self) -> Proposal | None:
        live = (ProposalStatus.OFFERED, ProposalStatus.ACCEPTED)
        return next((row for row in self.proposals if row.status in live), None)


def load_case(number: str, user: User) -> CasePage:
    """The page of a case the user may see; raises ``Ticket.DoesNotExist``."""
    ticket: Any = _with_rows(gates.annotated(visible_case(user)), user).get(number=number)
    links = _links(ticket, user)
    merged = {
        link.ticket_id: link.ticket.number
        for link in links
        if link.kind == LinkKind.MERGED and link.target_id == ticket.pk
    }
    into = [link.target.number for link in links if _merges_away(link, ticket)]
    return CasePage(
        ticket=ticket,
        timeline=load_timeline({ticket.pk: "", **merged}, user),
        gate_states=tuple(gates.states(ticket)),
        links=tuple(_link_row(link, ticket) for link in links),
        merged_into=into[0] if into else "",
        watchers=tuple(
            WatcherRow(row["id"], row["name"] or row["login"]) for row in ticket.watcher_rows
        ),
        contacts=tuple(_contact(row) for row in ticket.contact_rows),
        drafts={row["kind"]: (row["body"], _moment(row["at"])) for row in ticket.draft_rows},
        status_address=status_url(ticket.link_id) if ticket.link_id else "",
        has_mention=ticket.has_mention,
        score=ticket.score,
        investigations=_investigations(ticket),
        proposals=tuple(ticket.proposals.select_related("offered_by").order_by("-id")),
        follow_ups=tuple(ticket.follow_ups.select_related("assignee").order_by("due_at", "id")),
        order=_order(ticket.order_id) if ticket.order_id else None,
        other_cases=_other_cases(ticket, user),
    )


def visible_case(user: User) -> QuerySet[Ticket]:
    """Cases in the user's scope with what every case view names."""
    return Ticket.objects.visible_to(user).select_related(
        "category", "department", "team", "assignee", "customer", "order", "shop", "created_by"
    )


def _with_rows(tickets: QuerySet[Ticket], user: User) -> QuerySet[Ticket]:
    """Short lists that travel with the case instead of costing a statement each."""
    own = OuterRef("pk")
    link = StatusLink.objects.filter(ticket=own, revoked_at=None, expires_at__gt=now())
    return tickets.annotate(
        watcher_rows=ArraySubquery(
            Watcher.objects.filter(ticket=own)
            .order_by("id")
            .values(row=JSONObject(id="user_id", name="user__display_name", login="user__username"))
        ),
        contact_rows=ArraySubquery(
            ContactPoint.objects.filter(customer=OuterRef("customer_id"))
            .order_by("id")
            .values(row=JSONObject(channel="channel", address="address"))
        ),
        draft_rows=ArraySubquery(
            Draft.objects.filter(ticket=own, author=user)
            .order_by("id")
            .values(row=JSONObject(kind="kind", body="body", at="updated_at"))
        ),
        link_id=Subquery(link.order_by("-id").values("public_id")[:1]),
        has_mention=Exists(Mention.objects.filter(ticket=own, user=user, seen_at=None)),
        score=Subquery(
            CsatResponse.objects.filter(ticket=own, status=SurveyStatus.ANSWERED)
            .order_by("-id")
            .values("score")[:1]
        ),
    )


def _contact(row: dict[str, str]) -> ContactRow:
    channel, address = ContactChannel(row["channel"]), row["address"]
    masked = mask_email(address) if channel == ContactChannel.EMAIL else mask_phone(address)
    return ContactRow(str(channel.label), masked)


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def _links(ticket: Ticket, user: User) -> list[TicketLink]:
    """Live links to cases the user sees; what was merged into this case is part of it anyway."""
    seen = Ticket.objects.visible_to(user).values("pk")
    return list(
        TicketLink.objects.filter(canceled_at=None)
        .filter(
            Q(target=ticket, kind=LinkKind.MERGED)
            | Q(target=ticket, ticket__in=seen)
            | Q(ticket=ticket, target__in=seen)
        )
        .select_related("ticket", "target")
        .order_by("id")
    )


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
    """Newest first, each with its evidence, in one statement."""
    found = Investigation.objects.filter(ticket=ticket).select_related("opened_by")
    evidence = ArraySubquery(
        Investigation.evidence.rel.related_model.objects.filter(investigation=OuterRef("pk"))
        .order_by("id")
        .values(
            row=JSONObject(
                kind="kind",
                text="text",
                file="attachment_id",
                name="attachment__file_name",
                by="added_by__display_name",
                login="added_by__username",
                at="added_at",
            )
        )
    )
    return tuple(
        InvestigationRow(
            pk=row.pk,
            question=row.question,
            status=row.status,
            findings=row.findings,
            root_cause=row.root_cause,
            opened_by=str(row.opened_by),
            opened_at=row.opened_at,
            evidence=tuple(_evidence(item) for item in row.evidence_rows),
        )
        for row in found.annotate(evidence_rows=evidence).order_by("-id")
    )


def _evidence(item: dict[str, Any]) -> EvidenceRow:
    return EvidenceRow(
        kind=str(EvidenceKind(item["kind"]).label),
        text=item["text"],
        file_id=item["file"],
        file_name=item["name"] or "",
        by=item["by"] or item["login"],
        at=_moment(item["at"]) or now(),
    )


def _money(field: str) -> Cast:
    """As text: a JSON number would come back as a float."""
    return Cast(field, CharField())


def _order(order_id: int) -> OrderPanel:
    own = OuterRef("pk")
    order: Any = Order.objects.annotate(
        line_rows=ArraySubquery(
            OrderLine.objects.filter(order=own)
            .order_by("position")
            .values(
                row=JSONObject(name="name", sku="sku", n="quantity", paid=_money("paid_amount"))
            )
        ),
        payment_rows=ArraySubquery(
            Payment.objects.filter(order=own)
            .order_by("paid_at", "id")
            .values(
                row=JSONObject(
                    method="method",
                    captured=_money("captured"),
                    refunded=_money("refunded"),
                    currency="currency",
                )
            )
        ),
        parcel_rows=ArraySubquery(
            Shipment.objects.filter(order=own)
            .order_by("id")
            .values(
                row=JSONObject(
                    carrier="carrier", number="tracking_number", out="shipped_at", at="delivered_at"
                )
            )
        ),
    ).get(pk=order_id)
    return OrderPanel(
        number=order.external_id,
        status=order.get_shop_status_display(),
        placed_at=order.placed_at,
        currency=order.currency,
        total=order.total,
        lines=tuple(
            LineRow(row["name"], row["sku"], row["n"], Decimal(row["paid"]))
            for row in order.line_rows
        ),
        payments=tuple(
            PaymentRow(
                row["method"], Decimal(row["captured"]), Decimal(row["refunded"]), row["currency"]
            )
            for row in order.payment_rows
        ),
        parcels=tuple(
            ParcelRow(row["carrier"], row["number"], _moment(row["out"]), _moment(row["at"]))
            for row in order.parcel_rows
        ),
    )


def _other_cases(ticket: Ticket, user: User) -> tuple[OtherCase, ...]:
    """The customer's other cases in the user's scope, newest first, a limited number."""
    if ticket.customer_id is None:
        return ()
    rows = (
        Ticket.objects.visible_to(user)
        .filter(customer=ticket.customer_id)
        .exclude(pk=ticket.pk)
        .order_by("-received_at")
        .values_list("number", "subject", "status", "received_at")
    )
    return tuple(OtherCase(*row) for row in rows[:MOST_OTHER_CASES])
