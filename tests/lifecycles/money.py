"""What stands around a refund: the approval asked for, the guard's hold, a difference."""

from __future__ import annotations

from itertools import count
from typing import Any

import time_machine

from aftersales.kernel.clock import now
from returns.models import ApprovalRequest, GuardHold, ReconciliationItem
from returns.money_choices import ItemKind
from returns.money_statuses import ApprovalStatus, HoldStatus, ItemStatus
from returns.services.money import approving, requesting
from returns.services.money.differences import open_item, resolve_item
from returns.services.money.guarding import release_hold
from tests.factories.money import fresh, make_payment, make_refund_in, wish
from tests.lifecycles.cast import Cast
from tests.lifecycles.table import Table

_serial = count(1)


# Approval


def expire_late(row: Any, cast: Cast) -> None:
    with time_machine.travel(now() + 2 * requesting.APPROVAL_LASTS, tick=False):
        approving.expire_approval(row.refund_id, actor=cast.machine)


APPROVAL_VERBS = {
    "approve": lambda row, cast: approving.approve_refund(
        row.refund_id, actor=cast.money_lead, voice=fresh()
    ),
    "decline": lambda row, cast: approving.decline_refund(
        row.refund_id, actor=cast.money_lead, note="no proof"
    ),
    "ask_back": lambda row, cast: approving.ask_back(
        row.refund_id, actor=cast.money_lead, note="which batch?"
    ),
    "change": lambda row, cast: requesting.change_refund(
        row.refund_id, wish("90.00"), actor=cast.agent
    ),
    "cancel": lambda row, cast: requesting.cancel_refund(
        row.refund_id, actor=cast.agent, note="withdrawn"
    ),
    "expire": lambda row, cast: approving.expire_approval(row.refund_id, actor=cast.machine),
    "expire_late": expire_late,
}
APPROVAL_PATHS = {
    ApprovalStatus.OPEN: (),
    ApprovalStatus.GRANTED: ("approve",),
    ApprovalStatus.DECLINED: ("decline",),
    ApprovalStatus.ASKED_BACK: ("ask_back",),
    ApprovalStatus.VOID: ("change",),
    ApprovalStatus.EXPIRED: ("expire_late",),
}


def make_approval_in(status: str, cast: Cast) -> ApprovalRequest:
    row = make_refund_in("submitted", actor=cast.agent).approval_requests.get()
    for verb in APPROVAL_PATHS[ApprovalStatus(status)]:
        APPROVAL_VERBS[verb](row, cast)
    return row


# An approval that ended leaves its refund a draft, which is changed or given up without it.
APPROVAL = Table(
    "approval",
    ApprovalStatus,
    make_approval_in,
    APPROVAL_VERBS,
    """
                 open        granted  declined  asked_back  void  expired
    approve      granted     no       no        no          no    no
    decline      declined    no       no        no          no    no
    ask_back     asked_back  no       no        no          no    no
    change       void        void     no        asked_back  void  expired
    cancel       void        void     no        asked_back  void  expired
    expire       no          no       no        no          no    no
    expire_late  expired     expired  no        no          no    no
    """,
)


# Hold


def release(row: Any, cast: Cast) -> None:
    release_hold(row.refund_id, actor=cast.money_lead, note="two jackets")


def make_hold_in(status: str, cast: Cast) -> GuardHold:
    payment = make_payment()
    make_refund_in("submitted", payment, actor=cast.agent)
    row = make_refund_in("submitted", payment, actor=cast.agent).holds.get()
    if status == HoldStatus.RELEASED:
        release(row, cast)
    return row


HOLD = Table(
    "hold",
    HoldStatus,
    make_hold_in,
    {"release": release},
    """
             held      released
    release  released  no
    """,
)


# Difference


def resolve(row: Any, cast: Cast) -> None:
    resolve_item(row.pk, actor=cast.finance, note="booked a day later")


def make_item_in(status: str, cast: Cast) -> ReconciliationItem:
    row = open_item(ItemKind.FOREIGN, f"X-{next(_serial)}", actor=cast.finance)
    if status == ItemStatus.RESOLVED:
        resolve(row, cast)
    return row


DIFFERENCE = Table(
    "difference",
    ItemStatus,
    make_item_in,
    {"resolve": resolve},
    """
             open      resolved
    resolve  resolved  no
    """,
)

TABLES = [APPROVAL, HOLD, DIFFERENCE]
