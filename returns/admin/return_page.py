"""A return on one page: verdict, articles, what the bench found, parcels, sheet, remedies."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from returns.admin import buttons
from returns.forms import SettleForm
from returns.models import Reimbursement, ReturnAuthorization
from returns.queries.deal import sheet_of
from returns.queries.decisions import appeal_words
from returns.queries.owed import unpaid_sheets
from returns.statuses import ReturnStatus, SheetStatus
from staff.models import User
from tickets.admin import case_panels
from tickets.admin.case_panels import Button
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the page with what can be done to it."""

    row: Any
    buttons: list[Button]


def context_of(rma: ReturnAuthorization, user: User) -> dict[str, Any]:
    """All that the template reads; buttons only for who sees the case."""
    ticket = Ticket.objects.visible_to(user).filter(pk=rma.ticket_id).first()
    can = case_panels.buttons(ticket, user) if ticket else {}
    items = list(rma.items.select_related("order_line").order_by("pk"))
    sheet = rma.reimbursements.filter(status=SheetStatus.PERFORMED).first()
    is_unpaid = sheet is not None and unpaid_sheets().filter(pk=sheet.pk).exists()
    settle = can.get("return-settle") if rma.status == ReturnStatus.INSPECTED else None
    return {
        "rma": rma,
        "case": ticket,
        "case_url": case_panels.case_url(ticket.number) if ticket else "",
        "once": uuid.uuid4().hex,
        "verdicts": rma.verdicts,
        "appeal": appeal_words(rma),
        "actions": buttons.of_return(can, rma),
        "items": [Row(item, buttons.of_item(can, rma, item)) for item in items],
        "inspections": _inspections(rma),
        "unexpected": [
            Row(row, buttons.aimed(can, () if row.disposition else ("unexpected-decide",), row.pk))
            for row in rma.unexpected.all()
        ],
        "parcels": list(rma.parcels.prefetch_related("scans")),
        "orders": [Row(row, buttons.of_order(can, row)) for row in rma.instructions.all()],
        "repairs": [
            Row(row, buttons.of_repair(can, row))
            for row in rma.repairs.select_related("item__order_line")
        ],
        "sheet": sheet,
        "is_unpaid": is_unpaid,
        "sheet_buttons": buttons.of_sheet(can, sheet, is_unpaid=is_unpaid) if sheet else [],
        "refund_url": _refunds_url(sheet, user),
        "preview": sheet_of(rma) if rma.status == ReturnStatus.INSPECTED else None,
        "settle": settle,
        "settle_form": SettleForm(ticket=ticket, actor=user) if settle and ticket else None,
    }


def _inspections(rma: ReturnAuthorization) -> list[Any]:
    rows = rma.inspections.select_related("inspected_by", "item__order_line")
    return list(rows.prefetch_related("photos__attachment"))


def _refunds_url(sheet: Reimbursement | None, user: User) -> str:
    """The way to the refunds of a sheet, for who may see refunds."""
    if sheet is None or not user.has_perm("returns.view_refund"):
        return ""
    return f"{reverse('admin:returns_refund_changelist')}?q={sheet.ticket.number}"
