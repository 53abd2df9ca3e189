"""Which verb shows where: by what stands at this moment; the services decide again."""

from __future__ import annotations

from dataclasses import replace

from returns.models import Reimbursement, Repair, ReturnAuthorization, ReturnItem, ShopInstruction
from returns.statuses import (
    AcceptanceStatus,
    InstructionStatus,
    ReceptionStatus,
    RepairStatus,
    ReturnStatus,
)
from tickets.admin.case_panels import Button

Buttons = dict[str, Button]

OF_RETURN = {
    ReturnStatus.REQUESTED: (
        "return-authorize",
        "return-review",
        "return-decline",
        "return-cancel",
    ),
    ReturnStatus.NEEDS_REVIEW: ("return-authorize", "return-decline", "return-cancel"),
    ReturnStatus.AUTHORIZED: ("return-parcel", "return-cancel"),
    ReturnStatus.IN_TRANSIT: ("return-parcel",),
    ReturnStatus.DECLINED: ("return-appeal",),
    ReturnStatus.SETTLED: ("return-close",),
}
OF_REPAIR = {
    RepairStatus.PLANNED: ("repair-quote", "repair-start"),
    RepairStatus.QUOTED: ("repair-consent",),
    RepairStatus.CONSENTED: ("repair-start",),
    RepairStatus.IN_REPAIR: ("repair-parts", "repair-finish"),
}
OF_ORDER = {
    InstructionStatus.WAITING: ("order-paid", "order-cancel"),
    InstructionStatus.PENDING: ("order-cancel",),
    InstructionStatus.CONFIRMED: ("order-cancel",),
}
ON_THE_WAY = (ReceptionStatus.AWAITED, ReceptionStatus.IN_TRANSIT)
NOT_THERE = (ReceptionStatus.SHORT, ReceptionStatus.LOST, ReceptionStatus.WAIVED)


def aimed(can: Buttons, codes: tuple[str, ...], pk: int) -> list[Button]:
    """The buttons a person may use, aimed at a row."""
    return [replace(can[code], target=pk) for code in codes if code in can]


def of_return(can: Buttons, rma: ReturnAuthorization) -> list[Button]:
    codes = OF_RETURN.get(ReturnStatus(rma.status), ())
    if rma.status == ReturnStatus.INSPECTED and rma.kind in ("exchange", "reship", "repair"):
        codes = ("return-replace",)
    return aimed(can, codes, rma.pk)


def of_item(can: Buttons, rma: ReturnAuthorization, item: ReturnItem) -> list[Button]:
    codes: tuple[str, ...] = ()
    bench = (ReturnStatus.AUTHORIZED, ReturnStatus.IN_TRANSIT, ReturnStatus.RECEIVED)
    if rma.status in bench and item.reception_status in ON_THE_WAY and rma.expects_goods:
        codes = ("item-waive",)
    undecided = item.acceptance_status == AcceptanceStatus.PENDING
    if rma.status == ReturnStatus.RECEIVED and item.reception_status in NOT_THERE and undecided:
        codes = ("item-missing",)
    if rma.status == ReturnStatus.INSPECTED and rma.kind == "repair" and item.is_owed:
        codes = ("repair-plan",)
    return aimed(can, codes, item.pk)


def of_sheet(can: Buttons, sheet: Reimbursement, *, is_unpaid: bool) -> list[Button]:
    codes = ("sheet-again", "sheet-void") if is_unpaid else ("sheet-void",)
    return aimed(can, codes, sheet.pk)


def of_repair(can: Buttons, repair: Repair) -> list[Button]:
    return aimed(can, OF_REPAIR.get(RepairStatus(repair.status), ()), repair.pk)


def of_order(can: Buttons, order: ShopInstruction) -> list[Button]:
    if order.kind in ("points", "coupon"):
        return []
    return aimed(can, OF_ORDER.get(InstructionStatus(order.status), ()), order.pk)
