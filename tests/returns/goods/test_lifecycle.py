"""Every status of a return against every verb, as the table says; a refusal leaves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django_q.models import OrmQ

from aftersales.kernel.errors import DomainError
from compliance.models import AuditEvent, JournalEntry
from returns.models import ReturnAuthorization
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
from returns.statuses import ReturnStatus as S
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_user
from tests.factories.returns import SIGNED_AT, make_policy, make_return

pytestmark = pytest.mark.django_db

_serial = count(1)
ASKED = {S.REQUESTED, S.NEEDS_REVIEW}
COMING = {S.AUTHORIZED, S.IN_TRANSIT, S.RECEIVED}
LOOK = Look(
    answers={"works": True, "complete": True, "labels": True},
    grade="as_new",
    disposition="restock",
    decision="accepted",
)
Call = Callable[[ReturnAuthorization, User, User], Any]


def item(rma: ReturnAuthorization) -> int:
    return rma.items.get().pk


# verb → (call with return, lead and bench, statuses from which it succeeds, status afterwards)
VERBS: dict[str, tuple[Call, set[S], S | None]] = {
    "authorize": (
        lambda r, lead, bench: authorizing.authorize_return(r.pk, actor=lead),
        ASKED,
        S.AUTHORIZED,
    ),
    "decline": (
        lambda r, lead, bench: authorizing.decline_return(
            r.pk, actor=lead, reason="late", note="Too late."
        ),
        ASKED,
        S.DECLINED,
    ),
    "review": (
        lambda r, lead, bench: authorizing.send_to_review(r.pk, actor=lead, note="unsure"),
        {S.REQUESTED},
        S.NEEDS_REVIEW,
    ),
    "appeal": (
        lambda r, lead, bench: requesting.appeal_return(r.pk, actor=lead),
        {S.DECLINED},
        S.NEEDS_REVIEW,
    ),
    "cancel": (
        lambda r, lead, bench: requesting.cancel_return(r.pk, actor=lead, note="kept it"),
        ASKED | {S.AUTHORIZED},
        S.CANCELED,
    ),
    "announce parcel": (
        lambda r, lead, bench: parcels.announce_parcel(
            r.pk, actor=lead, carrier="SF", tracking_number=f"SF{next(_serial):08d}"
        ),
        COMING,
        None,
    ),
    "receive": (
        lambda r, lead, bench: receiving.receive_items(
            r.pk, [Receipt(item=item(r), quantity=1)], actor=bench
        ),
        {S.AUTHORIZED, S.IN_TRANSIT},
        S.RECEIVED,
    ),
    "waive": (
        lambda r, lead, bench: receiving.waive_item(item(r), actor=lead, note="cheap"),
        {S.AUTHORIZED, S.IN_TRANSIT},
        S.RECEIVED,
    ),
    "unexpected": (
        lambda r, lead, bench: receiving.record_unexpected(r.pk, Found(text="sock"), actor=bench),
        COMING | {S.INSPECTED, S.SETTLED, S.CLOSED},
        None,
    ),
    "inspect": (
        lambda r, lead, bench: inspecting.inspect_item(item(r), LOOK, actor=bench),
        {S.RECEIVED},
        S.INSPECTED,
    ),
    "replace": (
        lambda r, lead, bench: exchanging.order_replacement(
            r.pk, Replacement(sku="J2", name="Coat", quantity=1), actor=lead
        ),
        set(),
        None,
    ),
    "settle": (
        lambda r, lead, bench: settling.settle_return(r.pk, actor=lead),
        {S.INSPECTED},
        S.SETTLED,
    ),
    "close": (lambda r, lead, bench: settling.close_return(r.pk, actor=lead), set(), None),
}


@pytest.fixture(autouse=True)
def day_of_delivery() -> Iterator[None]:
    with time_machine.travel(SIGNED_AT, tick=False):
        yield


def bring_to(status: S, lead: User, bench: User) -> ReturnAuthorization:
    """A return brought to a status by its own verbs."""
    make_policy(is_automatic=False)
    rma = make_return(actor=lead)
    path = {
        S.REQUESTED: (),
        S.NEEDS_REVIEW: ("review",),
        S.DECLINED: ("decline",),
        S.CANCELED: ("cancel",),
        S.AUTHORIZED: ("authorize",),
        S.IN_TRANSIT: ("authorize", "announce parcel"),
        S.RECEIVED: ("authorize", "receive"),
        S.INSPECTED: ("authorize", "receive", "inspect"),
        S.SETTLED: ("authorize", "receive", "inspect", "settle"),
    }[status]
    for verb in path:
        VERBS[verb][0](rma, lead, bench)
    rma.refresh_from_db()
    assert rma.status == status
    return rma


def snapshot(rma: ReturnAuthorization) -> tuple[Any, ...]:
    return (
        ReturnAuthorization.objects.filter(pk=rma.pk).values().get(),
        list(rma.items.values()),
        AuditEvent.objects.count(),
        JournalEntry.objects.count(),
        OrmQ.objects.count(),
    )


@pytest.mark.parametrize("status", [status for status in S if status != S.CLOSED])
def test_verbs_move_exactly_as_the_table_says(status: S) -> None:
    lead, bench = make_user(Role.LEAD), make_user(Role.WAREHOUSE)
    rma = bring_to(status, lead, bench)
    before = snapshot(rma)

    for verb, (call, allowed, after) in VERBS.items():
        with transaction.atomic():
            if status in allowed:
                call(rma, lead, bench)
                rma.refresh_from_db()
                assert after is None or rma.status == after, verb
            else:
                with pytest.raises((DomainError, ReturnAuthorization.DoesNotExist)):
                    call(rma, lead, bench)
                assert snapshot(rma) == before, verb
            transaction.set_rollback(True)
        rma = ReturnAuthorization.objects.get(pk=rma.pk)
