"""What of money keeps a case from closing, and from being canceled meanwhile."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from returns.models import Refund
from returns.money_statuses import IN_FLIGHT, RefundStatus
from returns.queries.owed import unpaid_sheets
from tickets import gates
from tickets.gates import Gate


def _waiting() -> Exists:
    waiting = (RefundStatus.DRAFT, RefundStatus.SUBMITTED)
    return Exists(Refund.objects.filter(ticket=OuterRef("pk"), status__in=waiting))


def _moving() -> Exists:
    moving = (RefundStatus.APPROVED, *IN_FLIGHT)
    return Exists(Refund.objects.filter(ticket=OuterRef("pk"), status__in=moving))


GATES = (
    Gate(
        "approvals_done",
        _("Every refund is decided"),
        _("Submit and decide the refund, or cancel it."),
        lambda ticket: bool(ticket.gate_approvals_done),  # type: ignore[attr-defined]
        _waiting,
        is_live=True,
    ),
    Gate(
        "money_settled",
        _("Every refund has its result"),
        _("Wait for the gateway, or let finance transfer and confirm."),
        lambda ticket: bool(ticket.gate_money_settled),  # type: ignore[attr-defined]
        _moving,
        is_live=True,
    ),
    Gate(
        "sheets_paid",
        _("All that the sheets owe is paid or under way"),
        _("Ask for the missing part again on the page of the return, or void the sheet."),
        lambda ticket: bool(ticket.gate_sheets_paid),  # type: ignore[attr-defined]
        lambda: Exists(unpaid_sheets().filter(ticket=OuterRef("pk"))),
        is_live=True,
    ),
)


def register() -> None:
    for gate in GATES:
        gates.register(gate)
