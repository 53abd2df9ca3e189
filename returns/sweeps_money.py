"""Duties that find what an alarm lost or what has come due; one row per transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from aftersales.kernel.clock import now
from aftersales.kernel.errors import DomainError
from aftersales.kernel.jobs import enqueue
from returns.models import ApprovalRequest, Refund
from returns.money_statuses import IN_FLIGHT, ApprovalStatus, HoldStatus, RefundStatus
from returns.services.money import approving, sending
from staff.services import system_actor

MOST = 200
# An alarm rings within seconds; after this pause it counts as lost.
ALARM_PAUSE = timedelta(minutes=2)


def send_approved() -> int:
    """Ring again for refunds that were approved and not sent; what is held waits."""
    rows = Refund.objects.filter(
        status=RefundStatus.APPROVED, approved_at__lte=now() - ALARM_PAUSE
    ).exclude(holds__status=HoldStatus.HELD)
    return _ring("returns.send_refund", rows.order_by("pk").values_list("pk", flat=True)[:MOST])


def resolve_sent() -> int:
    """Ask the gateways about everything sent whose result is still open."""
    rows = Refund.objects.to_look_at(now()).order_by("next_look_at")
    return _ring("returns.resolve_refund", rows.values_list("pk", flat=True)[:MOST])


def expire_approvals() -> int:
    """End approvals nobody gave in time."""
    rows = ApprovalRequest.objects.filter(
        status__in=(ApprovalStatus.OPEN, ApprovalStatus.GRANTED),
        refund__status__in=(RefundStatus.SUBMITTED, RefundStatus.APPROVED),
        expires_at__lte=now(),
    )
    ids = rows.order_by("expires_at").values_list("refund_id", flat=True)[:MOST]
    return _each(ids, lambda pk: approving.expire_approval(pk, actor=system_actor()))


def escalate_stuck() -> int:
    """Give somebody of finance every refund that has had no result for a day."""
    rows = Refund.objects.filter(
        status__in=IN_FLIGHT, sent_at__lte=now() - sending.ESCALATE_AFTER
    ).exclude(differences__status="open")
    ids = rows.order_by("pk").values_list("pk", flat=True)[:MOST]
    return _each(ids, lambda pk: sending.escalate_refund(pk, actor=system_actor()))


def _ring(job: str, ids: Iterable[int]) -> int:
    rung = 0
    for pk in list(ids):
        enqueue(job, pk)
        rung += 1
    return rung


def _each(ids: Iterable[int], act: Callable[[int], object]) -> int:
    done = 0
    for pk in list(ids):
        try:
            act(pk)
            done += 1
        except DomainError:
            continue
    return done
