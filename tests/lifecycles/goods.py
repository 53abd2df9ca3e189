"""Goods on their way back: the return, its articles and parcels."""

from __future__ import annotations

from itertools import count
from typing import Any

from aftersales.kernel.clock import now
from returns.carriers.base import Label, News
from returns.models import ReturnItem, ReturnParcel
from returns.services import (
    authorizing,
    exchanging,
    inspecting,
    parcels,
    receiving,
    requesting,
    settling,
)
from returns.services.exchanging import Replacement
from returns.services.inspecting import Look
from returns.services.receiving import Found, Receipt
from returns.statuses import (
    AcceptanceStatus,
    ParcelStatus,
    ReceptionStatus,
    ReturnStatus,
)
from tests.api.goods_endpoints import (
    LOOK,
    closable,
    fresh,
    received,
    short,
)
from tests.factories.returns import make_policy
from tests.lifecycles.cast import Cast
from tests.lifecycles.table import Call, Table
from tickets.models import Attachment
from tickets.services.files import NewFile, add_file

_serial = count(1)


# The return


def receive(row: Any, cast: Cast) -> None:
    receipt = Receipt(item=row.items.get().pk, quantity=1)
    receiving.receive_items(row.pk, [receipt], actor=cast.bench)


def inspect(row: Any, cast: Cast) -> None:
    inspecting.inspect_item(row.items.get().pk, Look(**LOOK), actor=cast.bench)


def announce_for(row: Any, cast: Cast) -> None:
    number = f"SF-R{next(_serial):06d}"
    parcels.announce_parcel(row.pk, actor=cast.lead, carrier="SF", tracking_number=number)


RETURN_VERBS: dict[str, Call] = {
    "authorize": lambda row, cast: authorizing.authorize_return(row.pk, actor=cast.lead),
    "decline": lambda row, cast: authorizing.decline_return(
        row.pk, actor=cast.lead, reason="late", note="Too late."
    ),
    "review": lambda row, cast: authorizing.send_to_review(row.pk, actor=cast.lead, note="unsure"),
    "appeal": lambda row, cast: requesting.appeal_return(row.pk, actor=cast.lead),
    "cancel": lambda row, cast: requesting.cancel_return(row.pk, actor=cast.lead, note="kept it"),
    "announce": announce_for,
    "receive": receive,
    "waive": lambda row, cast: receiving.waive_item(
        row.items.get().pk, actor=cast.lead, note="too cheap"
    ),
    "find": lambda row, cast: receiving.record_unexpected(
        row.pk, Found(text="sock"), actor=cast.bench
    ),
    "inspect": inspect,
    "replace": lambda row, cast: exchanging.order_replacement(
        row.pk, Replacement(sku="J2", name="Coat", quantity=1), actor=cast.lead
    ),
    "settle": lambda row, cast: settling.settle_return(row.pk, actor=cast.lead),
    "close": lambda row, cast: settling.close_return(row.pk, actor=cast.lead),
}
RETURN_PATHS = {
    ReturnStatus.REQUESTED: (),
    ReturnStatus.NEEDS_REVIEW: ("review",),
    ReturnStatus.DECLINED: ("decline",),
    ReturnStatus.CANCELED: ("cancel",),
    ReturnStatus.AUTHORIZED: ("authorize",),
    ReturnStatus.IN_TRANSIT: ("authorize", "announce"),
    ReturnStatus.RECEIVED: ("authorize", "receive"),
    ReturnStatus.INSPECTED: ("authorize", "receive", "inspect"),
    ReturnStatus.SETTLED: ("authorize", "receive", "inspect", "settle"),
}


def make_return_in(status: str, cast: Cast) -> Any:
    if status == ReturnStatus.CLOSED:
        row = closable(cast.lead)
        return settling.close_return(row.pk, actor=cast.lead)
    make_policy(f"table-{next(_serial)}", is_automatic=False)
    row = fresh(cast.lead)
    for verb in RETURN_PATHS[ReturnStatus(status)]:
        RETURN_VERBS[verb](row, cast)
    return row


# Nobody of the bench sees a return before it is authorized.
RETURN = Table(
    "return",
    ReturnStatus,
    make_return_in,
    RETURN_VERBS,
    """
               requested     needs_review  authorized  declined      canceled
    authorize  authorized    authorized    no          no            no
    decline    declined      declined      no          no            no
    review     needs_review  no            no          no            no
    appeal     no            no            no          needs_review  no
    cancel     canceled      canceled      canceled    no            no
    announce   no            no            in_transit  no            no
    receive    unseen        unseen        received    unseen        unseen
    waive      no            no            received    no            no
    find       unseen        unseen        authorized  unseen        unseen
    inspect    unseen        unseen        no          unseen        unseen
    replace    no            no            no          no            no
    settle     no            no            no          no            no
    close      no            no            no          no            no
    """,
    beside={
        ("authorized", "inspected"): "nothing has to come back: tests/returns/goods/test_decided.py"
    },
)
RETURN_WITH_GOODS = Table(
    "return-with-goods",
    ReturnStatus,
    make_return_in,
    RETURN_VERBS,
    """
               in_transit  received   inspected  settled  closed
    authorize  no          no         no         no       no
    decline    no          no         no         no       no
    review     no          no         no         no       no
    appeal     no          no         no         no       no
    cancel     no          no         no         no       no
    announce   in_transit  received   no         no       no
    receive    received    no         no         no       no
    waive      received    no         no         no       no
    find       in_transit  received   inspected  settled  closed
    inspect    no          inspected  no         no       no
    replace    no          no         no         no       no
    settle     no          no         settled    no       no
    close      no          no         no         no       no
    """,
    beside={
        ("settled", "closed"): "its refund is still under way here; the last column was closed",
        ("settled", "inspected"): "its sheet is voided: the table of sheets",
    },
)


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

TABLES = [RETURN, RETURN_WITH_GOODS, RECEPTION, ACCEPTANCE, MISSING, PARCEL]
