"""What is given for goods: repair, replacement, the sheet, a compensation."""

from __future__ import annotations

from typing import Any

from returns.models import CompensationGrant, Repair, ShopInstruction
from returns.services import (
    compensating,
    exchanging,
    owing,
    repairing,
    settling,
)
from returns.services.exchanging import Replacement
from returns.services.money import requesting as money
from returns.statuses import (
    GrantStatus,
    InstructionStatus,
    RepairStatus,
    SheetStatus,
)
from tests.api.goods_endpoints import (
    catalogue,
    faulty,
    inspected,
)
from tests.factories.returns import make_return_ticket
from tests.lifecycles.cast import Cast
from tests.lifecycles.table import Table

# Repair

REPAIR_VERBS = {
    "quote": lambda row, cast: repairing.quote_repair(row.pk, actor=cast.lead, amount="50"),
    "agree": lambda row, cast: repairing.answer_quote(
        row.pk, actor=cast.lead, agrees=True, words="Yes, go on"
    ),
    "disagree": lambda row, cast: repairing.answer_quote(
        row.pk, actor=cast.lead, agrees=False, words="Too much"
    ),
    "start": lambda row, cast: repairing.start_repair(row.pk, actor=cast.lead),
    "wait_for_parts": lambda row, cast: repairing.wait_for_parts(
        row.pk, actor=cast.lead, note="Screen is on order"
    ),
    "finish": lambda row, cast: repairing.finish_repair(
        row.pk, actor=cast.lead, is_repaired=True, result="New screen"
    ),
    "give_up": lambda row, cast: repairing.finish_repair(
        row.pk, actor=cast.lead, is_repaired=False, result="Board is dead"
    ),
}
REPAIR_PATHS = {
    RepairStatus.PLANNED: (),
    RepairStatus.QUOTED: ("quote",),
    RepairStatus.CONSENTED: ("quote", "agree"),
    RepairStatus.IN_REPAIR: ("start",),
    RepairStatus.REPAIRED: ("start", "finish"),
    RepairStatus.FAILED: ("give_up",),
    RepairStatus.REFUSED: ("quote", "disagree"),
}


def make_repair_in(status: str, cast: Cast) -> Repair:
    item = faulty(cast.lead).items.get()
    row = repairing.plan_repair(item.pk, actor=cast.lead, vendor="Zhang")
    for verb in REPAIR_PATHS[RepairStatus(status)]:
        REPAIR_VERBS[verb](row, cast)
    return row


REPAIR = Table(
    "repair",
    RepairStatus,
    make_repair_in,
    REPAIR_VERBS,
    """
                    planned    quoted     consented  in_repair  repaired  failed  refused
    quote           quoted     no         no         no         no        no      no
    agree           no         consented  no         no         no        no      no
    disagree        no         refused    no         no         no        no      no
    start           in_repair  no         in_repair  no         no        no      no
    wait_for_parts  no         no         no         in_repair  no        no      no
    finish          no         no         no         repaired   no        no      no
    give_up         failed     no         no         failed     no        no      no
    """,
)


# What the shop is told to do

ORDER_VERBS = {
    "difference_paid": lambda row, cast: exchanging.record_difference_paid(
        row.pk, actor=cast.lead, note="paid by card"
    ),
    "confirm": lambda row, cast: exchanging.confirm_instruction(
        row.pk, actor=cast.shop, external_id="N1"
    ),
    "complete": lambda row, cast: exchanging.complete_instruction(row.pk, actor=cast.shop),
    "cancel": lambda row, cast: exchanging.cancel_instruction(
        row.pk, actor=cast.lead, note="sold out"
    ),
}
ORDER_PATHS = {
    InstructionStatus.WAITING: (),
    InstructionStatus.PENDING: (),
    InstructionStatus.CONFIRMED: ("confirm",),
    InstructionStatus.DONE: ("confirm", "complete"),
    InstructionStatus.CANCELED: ("cancel",),
}


def make_order_in(status: str, cast: Cast) -> ShopInstruction:
    price = "500.00" if status == InstructionStatus.WAITING else None
    new = Replacement(sku="J2", name="Coat", quantity=1, price=price)
    rma = inspected(cast.lead, kind="exchange")
    row = exchanging.order_replacement(rma.pk, new, actor=cast.lead)
    for verb in ORDER_PATHS[InstructionStatus(status)]:
        ORDER_VERBS[verb](row, cast)
    return row


INSTRUCTION = Table(
    "instruction",
    InstructionStatus,
    make_order_in,
    ORDER_VERBS,
    """
                     waiting   pending    confirmed  done  canceled
    difference_paid  pending   no         no         no    no
    confirm          no        confirmed  no         no    no
    complete         no        no         done       no    no
    cancel           canceled  canceled   canceled   no    no
    """,
)


# Sheet and grant


def void(row: Any, cast: Cast) -> None:
    settling.void_reimbursement(row.pk, actor=cast.lead, note="wrong article")


def ask_again(row: Any, cast: Cast) -> None:
    owing.ask_again(row.pk, actor=cast.lead, note="given up by mistake")


def make_sheet_in(status: str, cast: Cast) -> Any:
    """A sheet whose refund was given up, so that it may be taken back."""
    rma = inspected(cast.lead)
    settling.settle_return(rma.pk, actor=cast.lead)
    row = rma.reimbursements.get()
    money.cancel_refund(row.shares.get().refund_id, actor=cast.lead, note="wrong article")
    if status == SheetStatus.VOID:
        void(row, cast)
    return row


SHEET = Table(
    "sheet",
    SheetStatus,
    make_sheet_in,
    {"void": void, "ask_again": ask_again},
    """
               performed  void
    void       void       no
    ask_again  performed  no
    """,
)


def withdraw(row: Any, cast: Cast) -> None:
    compensating.withdraw_compensation(row.pk, actor=cast.lead, note="granted twice")


def make_grant_in(status: str, cast: Cast) -> CompensationGrant:
    catalogue()
    ticket = make_return_ticket(cast.lead)
    row = compensating.grant_compensation(
        ticket.pk, "coupon", actor=cast.lead, amount="10", note="late delivery"
    )
    if status == GrantStatus.WITHDRAWN:
        withdraw(row, cast)
    return row


GRANT = Table(
    "compensation",
    GrantStatus,
    make_grant_in,
    {"withdraw": withdraw},
    """
              granted    withdrawn
    withdraw  withdrawn  no
    """,
)

TABLES = [REPAIR, INSTRUCTION, SHEET, GRANT]
