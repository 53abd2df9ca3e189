"""Goods on their way back and what is given for them."""

from __future__ import annotations

from itertools import count
from typing import Any

from aftersales.kernel.clock import now
from returns.carriers.base import Label, News
from returns.models import CompensationGrant, Repair, ReturnItem, ReturnParcel, ShopInstruction
from returns.services import (
    compensating,
    exchanging,
    inspecting,
    parcels,
    receiving,
    repairing,
    settling,
)
from returns.services.exchanging import Replacement
from returns.services.inspecting import Look
from returns.services.money import requesting as money
from returns.services.receiving import Receipt
from returns.statuses import (
    AcceptanceStatus,
    GrantStatus,
    InstructionStatus,
    ParcelStatus,
    ReceptionStatus,
    RepairStatus,
    SheetStatus,
)
from tests.api.goods_endpoints import LOOK, catalogue, faulty, fresh, inspected, received, short
from tests.factories.returns import make_return_ticket
from tests.lifecycles.cast import Cast
from tests.lifecycles.table import Call, Table
from tickets.models import Attachment
from tickets.services.files import NewFile, add_file

_serial = count(1)


# Did it arrive?


def arrive(status: str) -> Call:
    """The bench finds the article, or what it is instead."""

    def call(row: Any, cast: Cast) -> None:
        receipt = Receipt(item=row.pk, quantity=1, status=status)
        receiving.receive_items(row.rma_id, [receipt], actor=cast.bench)

    return call


def announce(row: Any, cast: Cast) -> None:
    parcels.announce_parcel(
        row.rma_id, actor=cast.lead, carrier="SF", tracking_number=f"SF-L{next(_serial):06d}"
    )


RECEPTION_VERBS = {
    "announce": announce,
    "receive": arrive("received"),
    "miss": arrive("short"),
    "find_another": arrive("wrong_item"),
    "lose": arrive("lost"),
    "waive": lambda row, cast: receiving.waive_item(row.pk, actor=cast.lead, note="too cheap"),
}
RECEPTION_PATHS = {
    ReceptionStatus.AWAITED: (),
    ReceptionStatus.IN_TRANSIT: ("announce",),
    ReceptionStatus.RECEIVED: ("receive",),
    ReceptionStatus.SHORT: ("miss",),
    ReceptionStatus.WRONG_ITEM: ("find_another",),
    ReceptionStatus.LOST: ("lose",),
    ReceptionStatus.WAIVED: ("waive",),
}


def make_item_arrived(status: str, cast: Cast) -> ReturnItem:
    row = fresh(cast.lead).items.get()
    for verb in RECEPTION_PATHS[ReceptionStatus(status)]:
        RECEPTION_VERBS[verb](row, cast)
    return row


RECEPTION = Table(
    "reception",
    ReceptionStatus,
    make_item_arrived,
    RECEPTION_VERBS,
    """
                  awaited     in_transit  received  short     wrong_item  lost  waived
    announce      in_transit  in_transit  received  short     wrong_item  lost  waived
    receive       received    received    no        received  received    no    no
    miss          short       short       no        no        no          no    no
    find_another  wrong_item  wrong_item  no        no        no          no    no
    lose          lost        lost        no        lost      no          no    no
    waive         waived      waived      no        waived    no          no    no
    """,
    column="reception_status",
)


# Do we take it?


def look(**overrides: Any) -> Call:
    """Look at the article; the case holds a photo of it."""

    def call(row: Any, cast: Cast) -> None:
        photo = Attachment.objects.get(ticket=row.ticket_id)
        found = Look(**(LOOK | {"photos": [photo.pk]} | overrides))
        inspecting.inspect_item(row.pk, found, actor=cast.bench)

    return call


def decide(is_owed: bool) -> Call:
    return lambda row, cast: inspecting.decide_missing(
        row.pk, actor=cast.lead, is_owed=is_owed, note="the carrier says so"
    )


LOOKS = {
    "accept": look(),
    "deduct": look(decision="partly", deduction="9.00", consent="Fine with me"),
    "decline": look(decision="declined", reason="late", note="Much too late."),
    "owe_missing": decide(True),
    "not_owe_missing": decide(False),
}
LOOK_PATHS = {
    AcceptanceStatus.PENDING: (),
    AcceptanceStatus.ACCEPTED: ("accept",),
    AcceptanceStatus.PARTLY: ("deduct",),
    AcceptanceStatus.DECLINED: ("decline",),
}
MISSING_PATHS = {
    AcceptanceStatus.PENDING: (),
    AcceptanceStatus.ACCEPTED: ("owe_missing",),
    AcceptanceStatus.DECLINED: ("not_owe_missing",),
}


def make_item_seen(status: str, cast: Cast) -> ReturnItem:
    row = received(cast.lead).items.get()
    return bring(row, LOOK_PATHS[AcceptanceStatus(status)], cast)


def make_item_missing(status: str, cast: Cast) -> ReturnItem:
    row = short(cast.lead).items.get()
    return bring(row, MISSING_PATHS[AcceptanceStatus(status)], cast)


def bring(row: ReturnItem, path: tuple[str, ...], cast: Cast) -> ReturnItem:
    add_file(row.ticket_id, NewFile("jacket.jpg", b"x"), actor=cast.lead)
    for verb in path:
        LOOKS[verb](row, cast)
    return row


ACCEPTANCE = Table(
    "acceptance",
    AcceptanceStatus,
    make_item_seen,
    LOOKS,
    """
                     pending   accepted  partly  declined
    accept           accepted  no        no      accepted
    deduct           partly    no        no      partly
    decline          declined  no        no      no
    owe_missing      no        no        no      no
    not_owe_missing  no        no        no      no
    """,
    column="acceptance_status",
)
# What did not come cannot be looked at, and so not be accepted with a deduction.
MISSING = Table(
    "acceptance-of-what-is-missing",
    AcceptanceStatus,
    make_item_missing,
    LOOKS,
    """
                     pending   accepted  declined
    accept           no        no        no
    deduct           no        no        no
    decline          no        no        no
    owe_missing      accepted  no        no
    not_owe_missing  declined  no        no
    """,
    column="acceptance_status",
)


# Parcel


def scan(code: str) -> Call:
    """The carrier tells that."""

    def call(row: Any, cast: Cast) -> None:
        news = News(f"event-{next(_serial)}", row.tracking_number, code, now())
        parcels.record_scan(row.carrier, news, actor=cast.machine)

    return call


def make_parcel_in(status: str, cast: Cast) -> ReturnParcel:
    label = Label(tracking_number=f"SBX{next(_serial):012d}")
    row = parcels.record_label(fresh(cast.lead).pk, "sandbox", label, actor=cast.machine)
    if status != ParcelStatus.ANNOUNCED:
        scan(status)(row, cast)
    return row


PARCEL = Table(
    "parcel",
    ParcelStatus,
    make_parcel_in,
    {
        "handed_in": scan("in_transit"),
        "delivered": scan("delivered"),
        "lost": scan("lost"),
    },
    """
               announced   in_transit  delivered  lost
    handed_in  in_transit  in_transit  delivered  lost
    delivered  delivered   delivered   delivered  delivered
    lost       lost        lost        delivered  lost
    """,
)


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
    {"void": void},
    """
          performed  void
    void  void       no
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

TABLES = [RECEPTION, ACCEPTANCE, MISSING, PARCEL, REPAIR, INSTRUCTION, SHEET, GRANT]
