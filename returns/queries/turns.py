"""What is under way with the goods and money of a case, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import Text, lazily
from returns.choices import InstructionKind, ReturnKind
from returns.models import (
    ApprovalRequest,
    Refund,
    Repair,
    ReturnAuthorization,
    ReturnItem,
    ReturnParcel,
    ShopInstruction,
)
from returns.money_statuses import IN_FLIGHT, ApprovalStatus, RefundStatus
from returns.queries.owed import unpaid_sheets
from returns.statuses import (
    AcceptanceStatus,
    InstructionStatus,
    ParcelStatus,
    ReceptionStatus,
    RepairStatus,
    ReturnStatus,
)
from staff.roles import Role
from tickets.models import Ticket
from tickets.queries import under_way
from tickets.queries.under_way import Matter, Turn

AT_THE_REPAIRER = (RepairStatus.PLANNED, RepairStatus.CONSENTED, RepairStatus.IN_REPAIR)
NOT_THERE = (ReceptionStatus.SHORT, ReceptionStatus.LOST, ReceptionStatus.WAIVED)
TO_THE_SHOP = (InstructionStatus.PENDING, InstructionStatus.CONFIRMED)
WAITING_REFUNDS = (RefundStatus.DRAFT, RefundStatus.SUBMITTED, RefundStatus.APPROVED, *IN_FLIGHT)
ENDED_BADLY = (RefundStatus.FAILED, RefundStatus.DECLINED)

Words = tuple[Turn, Text, Text, str]

WORDS: dict[ReturnStatus, Words] = {
    ReturnStatus.REQUESTED: (
        Turn.OURS,
        _("Decide on the return"),
        _("%(return)s was asked for and waits for a decision."),
        "return-authorize",
    ),
    ReturnStatus.AUTHORIZED: (
        Turn.OUTSIDE,
        _("Waiting for the goods"),
        _("%(return)s is authorized; the customer has not sent the goods yet."),
        "return-parcel",
    ),
    ReturnStatus.IN_TRANSIT: (
        Turn.OUTSIDE,
        _("Waiting for the parcel"),
        _("The goods of %(return)s are on their way to the warehouse."),
        "",
    ),
    ReturnStatus.RECEIVED: (
        Turn.HOUSE,
        _("Waiting for the inspection"),
        _("The goods of %(return)s have arrived; the warehouse inspects them."),
        "",
    ),
    ReturnStatus.INSPECTED: (
        Turn.OURS,
        _("Settle the return"),
        _("%(return)s is inspected; say what the customer is owed."),
        "return-settle",
    ),
}
LOST: Words = (
    Turn.OURS,
    _("Look for the parcel"),
    _("The carrier lost the parcel of %(return)s."),
    "",
)
MISSING: Words = (
    Turn.OURS,
    _("Decide the missing articles"),
    _("Articles of %(return)s did not come back and are not decided."),
    "",
)
REPAIRED: Words = (
    Turn.HOUSE,
    _("Waiting for the repair"),
    _("The article of %(return)s is being repaired."),
    "",
)
QUOTED: Words = (
    Turn.OUTSIDE,
    _("Waiting for the customer’s consent"),
    _("The repair of %(return)s has a price; the customer has to agree to it."),
    "",
)
WORDS[ReturnStatus.NEEDS_REVIEW] = WORDS[ReturnStatus.REQUESTED]


def matters(ticket: Ticket) -> Iterator[Matter]:
    """All of them; asks for nothing where the case is known to have no returns or refunds."""
    if getattr(ticket, "flag_returns", True):
        yield from _goods(ticket)
        yield from _orders(ticket)
    if getattr(ticket, "flag_refunds", True):
        yield from _money(ticket)


def _goods(ticket: Ticket) -> Iterator[Matter]:
    undecided = ReturnItem.objects.filter(
        rma=OuterRef("pk"), acceptance_status=AcceptanceStatus.PENDING
    )
    parcels = ReturnParcel.objects.filter(rma=OuterRef("pk"))
    repairs = Repair.objects.filter(rma=OuterRef("pk"))
    lost = Q(status=ParcelStatus.LOST)
    rows = ReturnAuthorization.objects.filter(ticket=ticket, status__in=list(WORDS)).annotate(
        is_missing=Exists(undecided.filter(reception_status__in=NOT_THERE)),
        is_at_bench=Exists(undecided.exclude(reception_status__in=NOT_THERE)),
        is_lost=Exists(parcels.filter(lost)) & ~Exists(parcels.exclude(lost)),
        is_quoted=Exists(repairs.filter(status=RepairStatus.QUOTED)),
        is_repaired=Exists(repairs.filter(status__in=AT_THE_REPAIRER)),
    )
    for rma in rows.order_by("pk"):
        turn, title, why, verb = _words(rma)
        yield Matter(turn, title, _filled(why, {"return": rma}), verb, rma.pk)


def _words(rma: Any) -> Words:
    """What a return says as it was annotated."""
    status = ReturnStatus(rma.status)
    if status == ReturnStatus.IN_TRANSIT and rma.is_lost:
        return LOST
    if status == ReturnStatus.RECEIVED and rma.is_missing and not rma.is_at_bench:
        return MISSING
    if status == ReturnStatus.INSPECTED and rma.kind == ReturnKind.REPAIR:
        return QUOTED if rma.is_quoted else REPAIRED if rma.is_repaired else WORDS[status]
    return WORDS[status]


def _orders(ticket: Ticket) -> Iterator[Matter]:
    rows = ShopInstruction.objects.filter(
        ticket=ticket, status__in=[InstructionStatus.WAITING, *TO_THE_SHOP]
    )
    for order in rows.order_by("pk"):
        told = {"what": InstructionKind(order.kind).label}
        if order.status == InstructionStatus.WAITING:
            why = _("%(what)s: it is sent once the customer has paid the difference.")
            title = _("Waiting for the customer’s payment")
            yield Matter(Turn.OUTSIDE, title, _filled(why, told), "order-paid", order.pk)
        else:
            why = _("%(what)s: the shop was asked and has not confirmed that it is done.")
            yield Matter(Turn.HOUSE, _("Waiting for the shop"), _filled(why, told))


def _money(ticket: Ticket) -> Iterator[Matter]:
    refunds = list(Refund.objects.filter(ticket=ticket).order_by("pk").only("number", "status"))
    for refund in refunds:
        if refund.status in WAITING_REFUNDS:
            yield _refund(refund)
    if any(refund.status in ENDED_BADLY for refund in refunds):
        yield from _ended_badly(ticket, refunds)


def _refund(refund: Refund) -> Matter:
    told: dict[str, object] = {"refund": refund.number}
    if refund.status == RefundStatus.DRAFT:
        why = _("%(refund)s is a draft: change it and submit it, or cancel it.")
        return Matter(Turn.OURS, _("Submit the refund"), _filled(why, told))
    if refund.status == RefundStatus.SUBMITTED:
        why = _("%(refund)s waits for approval by: %(role)s.")
        told |= {"role": _approver(refund)}
        return Matter(Turn.HOUSE, _("Waiting for approval"), _filled(why, told))
    why = _("%(refund)s is approved; that the money has left is not confirmed yet.")
    return Matter(Turn.HOUSE, _("Waiting for the payment"), _filled(why, told))


def _approver(refund: Refund) -> Text:
    asked = ApprovalRequest.objects.filter(refund=refund, status=ApprovalStatus.OPEN)
    role = asked.values_list("role", flat=True).first()
    return Role(role).label if role else ""


def _ended_badly(ticket: Ticket, refunds: list[Refund]) -> Iterator[Matter]:
    """What a sheet owes and nothing pays; else the last refund, until the customer was told."""
    if sheet := unpaid_sheets().filter(ticket=ticket).order_by("pk").first():
        why = _("A refund of %(sheet)s came to nothing; the customer is still owed it.")
        title = _("Ask for the refund again")
        yield Matter(Turn.OURS, title, _filled(why, {"sheet": sheet}), "sheet-again", sheet.pk)
    elif refunds[-1].status in ENDED_BADLY and ticket.result_told_at is None:
        why = _("%(refund)s: %(status)s. Ask for it anew, or tell the customer.")
        last = refunds[-1]
        told = {"refund": last.number, "status": RefundStatus(last.status).label}
        yield Matter(Turn.OURS, _("The refund came to nothing"), _filled(why, told), "refund")


def _filled(why: Text, told: Mapping[str, object]) -> Text:
    """The sentence with its blanks filled in, in the language it is read in."""
    return lazily(lambda: str(why) % told)


def register() -> None:
    under_way.register(matters)
