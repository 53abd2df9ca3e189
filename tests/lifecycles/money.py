"""A refund, and what stands around it: approval, the guard's hold, a difference."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import time_machine
from django.test import override_settings

from aftersales.kernel.clock import now
from returns.gateways import Answer
from returns.models import ApprovalRequest, GuardHold, ReconciliationItem, Refund
from returns.money_choices import ItemKind, Outcome
from returns.money_statuses import ApprovalStatus, HoldStatus, ItemStatus, RefundStatus
from returns.services.money import approving, by_hand, requesting, sending
from returns.services.money.differences import open_item, resolve_item
from returns.services.money.guarding import release_hold
from tests.factories.money import fresh, make_payment, make_refund_in, wish
from tests.lifecycles.cast import Cast
from tests.lifecycles.table import Call, Table

_serial = count(1)
DAY = timedelta(days=1)


# Refund: what an answer proves hangs on the last time the gateway was asked


def answer(outcome: Outcome) -> Call:
    """The gateway answers the last call that was made."""

    def call(row: Any, cast: Cast) -> None:
        attempt = row.attempts.order_by("id").last()
        told = Answer(outcome, reference=f"BANK-{row.pk}")
        sending.record_answer(row.pk, attempt.pk if attempt else 0, told, actor=cast.machine)

    return call


def ask(outcome: Outcome) -> Call:
    """The desk asks once more, a day later, and gets that answer."""

    def call(row: Any, cast: Cast) -> None:
        with time_machine.travel(now() + DAY, tick=False):
            sending.begin_query(row.pk, actor=cast.machine)
            answer(outcome)(row, cast)

    return call


def escalate(row: Any, cast: Cast) -> None:
    with time_machine.travel(now() + DAY, tick=False):
        sending.escalate_refund(row.pk, actor=cast.machine)


def claim(row: Any, cast: Cast) -> None:
    sending.claim_refund(row.pk, actor=cast.machine)


# By request of somebody of service; verb → call.
WISHES: dict[str, Call] = {
    "change": lambda row, cast: requesting.change_refund(row.pk, wish("90.00"), actor=cast.agent),
    "submit": lambda row, cast: requesting.submit_refund(row.pk, actor=cast.agent),
    "approve": lambda row, cast: approving.approve_refund(
        row.pk, actor=cast.money_lead, voice=fresh()
    ),
    "decline": lambda row, cast: approving.decline_refund(
        row.pk, actor=cast.money_lead, note="no proof"
    ),
    "ask_back": lambda row, cast: approving.ask_back(
        row.pk, actor=cast.money_lead, note="which batch?"
    ),
    "cancel": lambda row, cast: requesting.cancel_refund(
        row.pk, actor=cast.agent, note="withdrawn"
    ),
    "claim": claim,
}


def make_refund(status: str, cast: Cast) -> Refund:
    return make_refund_in(status, actor=cast.agent)


REFUND = Table(
    "refund",
    RefundStatus,
    make_refund,
    WISHES
    | {
        "succeed": answer(Outcome.SUCCEEDED),
        "fail": answer(Outcome.FAILED),
        "lose": answer(Outcome.UNKNOWN),
        "ask_paid": ask(Outcome.SUCCEEDED),
        "ask_fail": ask(Outcome.FAILED),
        "ask_lose": ask(Outcome.UNKNOWN),
        "ask_none": ask(Outcome.NOT_FOUND),
        "hint": lambda row, cast: sending.look_now(row.pk, actor=cast.machine),
        "escalate": escalate,
        "expire": lambda row, cast: approving.expire_approval(row.pk, actor=cast.machine),
        "outlive": lambda row, cast: outlive(row.pk, cast),
    },
    """
             draft     submitted approved sending   unknown   succeeded failed declined canceled
    change   draft     draft     draft    no        no        no        no     no       no
    submit   submitted no        no       no        no        no        no     no       no
    approve  no        approved  no       no        no        no        no     no       no
    decline  no        declined  no       no        no        no        no     no       no
    ask_back no        draft     no       no        no        no        no     no       no
    cancel   canceled  canceled  canceled no        no        no        no     no       no
    claim    -         -         sending  -         -         -         -      -        -
    succeed  unseen    unseen    unseen   succeeded no        no        no     unseen   unseen
    fail     unseen    unseen    unseen   failed    no        no        no     unseen   unseen
    lose     unseen    unseen    unseen   unknown   no        no        no     unseen   unseen
    ask_paid unseen    unseen    unseen   succeeded succeeded no        no     unseen   unseen
    ask_fail unseen    unseen    unseen   failed    failed    no        no     unseen   unseen
    ask_lose unseen    unseen    unseen   unknown   unknown   no        no     unseen   unseen
    ask_none unseen    unseen    unseen   sending   sending   no        no     unseen   unseen
    hint     no        no        no       sending   unknown   no        no     no       no
    escalate no        no        no       sending   unknown   no        no     no       no
    expire   no        no        no       no        no        no        no     no       no
    outlive  no        draft     draft    no        no        no        no     no       no
    """,
)


# A refund two people of finance transfer by hand


def enter(row: Any, cast: Cast) -> None:
    by_hand.enter_transfer(row.pk, actor=cast.finance, reference=f"BANK-{row.pk:04}")


def confirm(row: Any, cast: Cast) -> None:
    by_hand.confirm_manual_refund(row.pk, actor=cast.money_lead, reference=f"BANK-{row.pk:04}")


def reject(row: Any, cast: Cast) -> None:
    by_hand.reject_transfer(row.pk, actor=cast.money_lead, note="account closed")


def make_by_hand(status: str, cast: Cast) -> Refund:
    ending = {RefundStatus.SUCCEEDED: confirm, RefundStatus.FAILED: reject}.get(
        RefundStatus(status)
    )
    is_sent = ending is not None or status == RefundStatus.SENDING
    with override_settings(REFUND_GATEWAY="manual"):
        row = make_refund("approved" if is_sent else status, cast)
    if is_sent:
        claim(row, cast)
        enter(row, cast)
    if ending is not None:
        ending(row, cast)
    return row


BY_HAND = Table(
    "refund-by-hand",
    RefundStatus,
    make_by_hand,
    {"claim": claim, "enter": enter, "confirm": confirm, "reject": reject},
    """
             draft  submitted  approved  sending    succeeded  failed  declined  canceled
    claim    -      -          sending   -          -          -       -         -
    enter    no     no         no        sending    no         no      no        no
    confirm  no     no         no        succeeded  no         no      no        no
    reject   no     no         no        failed     no         no      no        no
    """,
)


# Approval


def outlive(refund_id: int, cast: Cast) -> None:
    """After the time an approval lasts."""
    with time_machine.travel(now() + 2 * requesting.APPROVAL_LASTS, tick=False):
        approving.expire_approval(refund_id, actor=cast.machine)


def on_refund(verb: str) -> Call:
    """The same verb, told of the approval the refund has."""
    return lambda row, cast: WISHES[verb](row.refund, cast)


APPROVAL_VERBS: dict[str, Call] = {
    verb: on_refund(verb) for verb in ("approve", "decline", "ask_back", "change", "cancel")
} | {
    "expire": lambda row, cast: approving.expire_approval(row.refund_id, actor=cast.machine),
    "outlive": lambda row, cast: outlive(row.refund_id, cast),
}
APPROVAL_PATHS = {
    ApprovalStatus.OPEN: (),
    ApprovalStatus.GRANTED: ("approve",),
    ApprovalStatus.DECLINED: ("decline",),
    ApprovalStatus.ASKED_BACK: ("ask_back",),
    ApprovalStatus.VOID: ("change",),
    ApprovalStatus.EXPIRED: ("outlive",),
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
    outlive      expired     expired  no        no          no    no
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

TABLES = [REFUND, BY_HAND, APPROVAL, HOLD, DIFFERENCE]
