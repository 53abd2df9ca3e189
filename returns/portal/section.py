"""The section «Your return» of the status page: verdict, label, parcel, sheet, what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from returns.forms import returnable
from returns.models import Reimbursement, ReimbursementLine, ReturnAuthorization, ReturnParcel
from returns.money_statuses import RefundStatus
from returns.queries.deal import sheet_of
from returns.queries.decisions import decision_sentence
from returns.services.paying import refunds_of
from returns.sheet import Line, Sheet
from returns.statuses import ReturnStatus, SheetStatus
from tickets.models import Ticket
from tickets.portal.sections import Section
from tickets.statuses import TicketStatus

# Goods that nobody waits for have no state worth telling.
NOT_AGREED = (
    ReturnStatus.REQUESTED,
    ReturnStatus.NEEDS_REVIEW,
    ReturnStatus.DECLINED,
    ReturnStatus.CANCELED,
)
BEFORE_SENDING = (ReturnStatus.REQUESTED, ReturnStatus.NEEDS_REVIEW, ReturnStatus.AUTHORIZED)
SENDING = (ReturnStatus.AUTHORIZED, ReturnStatus.IN_TRANSIT)
# A resolved case still waits for goods that were promised a way back.
OVER = (TicketStatus.CLOSED, TicketStatus.CANCELED)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line of the sheet in the customer's language."""

    sentence: str
    amount: Any
    basis: str


@dataclass(frozen=True, slots=True)
class ShownReturn:
    """A return as its customer sees it; ``paid_at`` when all of it arrived."""

    rma: ReturnAuthorization
    status: str
    sentence: str
    conditions: list[str]
    items: list[Any]
    parcels: list[ReturnParcel]
    rows: list[SheetRow]
    total: Any
    currency: str
    is_preview: bool
    paid_at: Any
    shows_address: bool
    shows_goods: bool
    can_cancel: bool
    can_send: bool
    can_appeal: bool


def load(ticket: Ticket) -> dict[str, Any] | None:
    """Nothing without an order; the way to ask while the case is open and something is left."""
    if ticket.order is None:
        return None
    rows = ReturnAuthorization.objects.filter(ticket=ticket).select_related(
        "order__shop", "policy", "return_address"
    )
    returns = [_shown(rma, ticket) for rma in rows.order_by("-pk")]
    can_ask = not ticket.is_finished and any(left > 0 for _line, left in returnable(ticket))
    if not returns and not can_ask:
        return None
    return {"returns": returns, "can_ask": can_ask}


def _shown(rma: ReturnAuthorization, ticket: Ticket) -> ShownReturn:
    verdict = rma.verdicts[0][1]
    sheet = rma.reimbursements.filter(status=SheetStatus.PERFORMED).first()
    preview = sheet_of(rma) if sheet is None and rma.status == ReturnStatus.INSPECTED else None
    is_open = not ticket.is_finished
    can_send = ticket.status not in OVER and rma.expects_goods and rma.status in SENDING
    return ShownReturn(
        rma=rma,
        status=rma.customer_status,
        sentence=decision_sentence(rma),
        conditions=[row.sentence for row in verdict.conditions],
        items=list(rma.items.select_related("order_line").order_by("pk")),
        parcels=list(rma.parcels.prefetch_related("scans")),
        rows=_rows(sheet, preview),
        total=sheet.total if sheet else preview.total if preview else None,
        currency=rma.order.currency,
        is_preview=sheet is None,
        paid_at=_paid_at(sheet),
        shows_address=can_send and rma.return_address is not None,
        shows_goods=rma.status not in NOT_AGREED,
        can_cancel=is_open and rma.status in BEFORE_SENDING,
        can_send=can_send,
        can_appeal=is_open and rma.status == ReturnStatus.DECLINED and rma.appealed_at is None,
    )


def _rows(sheet: Reimbursement | None, preview: Sheet | None) -> list[SheetRow]:
    lines: list[ReimbursementLine | Line] = []
    if sheet is not None:
        lines = list(sheet.lines.all())
    elif preview is not None:
        lines = list(preview.lines)
    return [SheetRow(line.sentence, line.amount, line.basis) for line in lines]


def _paid_at(sheet: Reimbursement | None) -> Any:
    """When the last refund of the sheet arrived; nothing while one is under way."""
    if sheet is None:
        return None
    states = list(refunds_of(sheet).values_list("status", "settled_at"))
    if not states or any(status != RefundStatus.SUCCEEDED for status, _at in states):
        return None
    return max((at for _status, at in states if at), default=None)


SECTION = Section("returns", "returns/portal/_section.html", load, position=30)
