"""All invariants of money with their titles, and the run of ``manage.py check_money``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from returns.models import ApprovalRequest, ApprovalTier, Refund
from returns.money_choices import Decision, RefundOrigin
from returns.money_statuses import ApprovalStatus, RefundStatus
from returns.queries.digests import digest_of
from returns.queries.invariants import Broken, sql_invariants
from returns.queries.tiers import Totals, applies

TITLES = {
    "I1": _("Reserved and refunded never exceed what was captured"),
    "I2": _("Counters of payments are the sums of the ledger"),
    "I2c": _("Balances of store credit are the sums of the ledger"),
    "I3": _("Every booking adds up to zero"),
    "I4": _("One number at the gateway per refund, never changed"),
    "I5": _("A refund is settled at most once, and once when paid back"),
    "I6": _("Nothing is sent without a matching approval"),
    "I7": _("Unknown becomes failed by proof only"),
    "I8": _("Only what is under way holds a reservation"),
    "I9": _("States move along the lattice only"),
    "I10": _("What was sent is final or somebody's work within 72 hours"),
    "I11": _("Currency is that of the payment"),
    "I12": _("Statement and ledger agree, or the difference is somebody's work"),
    "I13": _("Nobody approved what they had a hand in"),
    "I14": _("Enough different people approved"),
    "I15": _("The tier is the one amount and totals ask for"),
    "I16": _("Whoever decided for another had a valid delegation"),
    "I17": _("Expired approvals authorize nothing"),
    "I18": _("One approval under way per refund"),
    "GUARDS": _("The database's own guards are in place"),
}
SENT = (
    RefundStatus.SENDING,
    RefundStatus.UNKNOWN,
    RefundStatus.SUCCEEDED,
    RefundStatus.FAILED,
)
DEFERRED = {
    "desk_ledger_balanced",
    "desk_payment_new",
    "desk_payment_changed",
    "desk_store_credit_new",
    "desk_store_credit_changed",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant and the rows that break it."""

    code: str
    title: str
    broken: list[Broken]


def check_money() -> list[Check]:
    """Every invariant in order; run it in one snapshot (``check_money`` does)."""
    finders: dict[str, Callable[[], list[Broken]]] = dict(sql_invariants())
    finders |= {
        "I6": lambda: list(unapproved()),
        "I15": lambda: list(wrong_tier()),
        "GUARDS": lambda: list(guards_off()),
    }
    return [Check(code, str(title), finders[code]()) for code, title in TITLES.items()]


def unapproved() -> Iterator[Broken]:
    """Sent refunds whose granted approval is missing, too small, or about something else."""
    rows = Refund.objects.filter(origin=RefundOrigin.DESK, status__in=SENT).order_by("pk")
    for refund in rows.prefetch_related("approval_requests__decisions").iterator(chunk_size=500):
        granted = [
            one for one in refund.approval_requests.all() if one.status == ApprovalStatus.GRANTED
        ]
        told = digest_of(refund)
        if not any(_carries(one, told) for one in granted):
            detail = f"{refund.number} {refund.status}"
            yield Broken("I6", "returns_refund", refund.pk, detail)


def _carries(request: ApprovalRequest, digest: str) -> bool:
    people = {
        one.principal_id
        for one in request.decisions.all()
        if one.decision == Decision.APPROVE and one.digest == digest
    }
    return request.digest == digest and len(people) >= request.needed_count


def wrong_tier() -> Iterator[Broken]:
    """Granted approvals below what the tiers of that day asked for."""
    history: Any = ApprovalTier
    versions = list(history.history.order_by("history_id"))
    rows = ApprovalRequest.objects.filter(status=ApprovalStatus.GRANTED).select_related("refund")
    for request in rows.order_by("pk").iterator(chunk_size=500):
        current: dict[int, Any] = {}
        for version in versions:
            if version.history_date <= request.decided_at:
                current[version.id] = version
        totals = Totals(**{name: Decimal(value) for name, value in request.totals.items()})
        reached = [
            tier
            for tier in current.values()
            if tier.is_active
            and tier.currency == request.refund.currency
            and applies(tier, request.refund, totals)
        ]
        need = max(((tier.level, tier.approver_count) for tier in reached), default=(0, 0))
        if need > (request.level, request.needed_count) or totals.amount != request.refund.amount:
            detail = f"{request.refund.number}: {need[0]}, {request.level}"
            yield Broken("I15", "returns_approvalrequest", request.pk, detail)


def guards_off() -> Iterator[Broken]:
    """Deferred triggers that are missing or do not fire always; the others are the journal's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled = 'A'")
        firing = {name for (name,) in cursor.fetchall()}
    for name in sorted(DEFERRED - firing):
        yield Broken("GUARDS", name, 0, "not firing")
