"""Approve, decline, ask back. Who asked for or touched a refund never approves it; the database
refuses such a row as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import DomainError, InvalidTransition, RuleViolated, require
from aftersales.kernel.jobs import enqueue
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from returns.models import Approval, ApprovalRequest, Refund
from returns.money_choices import Decision, Risk
from returns.money_statuses import ApprovalStatus, RefundStatus
from returns.policies_money import can_decide, can_send, holds_role, is_fresh
from returns.queries.approvals import supporters
from returns.queries.digests import digest_of
from returns.queries.tiers import asked_before, needed_tier, raised, totals_of
from returns.services.money import books
from returns.services.money.shared import (
    back_to_draft,
    end_request,
    live_request,
    lock_refund,
    log,
)
from staff.models import Delegation, User

# A batch is for the many small ones; what is above has to be opened.
BATCH_COUNT = 20
BATCH_SUM = Decimal(2000)
# Clocks of two machines may differ a little.
CLOCKS_DIFFER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """In whose name and on which proof somebody decides.

    ``principal`` is whoever delegated to the actor; ``reauthenticated_at`` is when the actor last
    entered the password in this session; ``seen_digest`` is what their page showed, and every door
    people come through has to name it.
    """

    principal: User | None = None
    reauthenticated_at: datetime | None = None
    seen_digest: str | None = None


OWN = Voice()


@service
def approve_refund(
    refund_id: int, *, actor: User, note: str = "", voice: Voice = OWN
) -> ApprovalRequest:
    """Agree to exactly what is asked for; with enough people agreeing the refund is sent.

    Raises ``NotPermitted`` for requester, toucher or a missing role, ``RuleViolated`` when it
    changed or expired, when the delegation does not cover it or the password must be entered.
    """
    refund, request = _lock(refund_id, actor)
    _require_unchanged(refund, request, voice)
    _raise_tier(refund, request, actor)
    person = voice.principal or actor
    _require_untouched(refund, actor, person)
    delegation = _delegation(refund, actor, person) if person != actor else None
    require(holds_role(person, request.role), _("This sum needs another role to approve it."))
    if request.asks_password and not is_fresh(voice.reauthenticated_at, now()):
        raise RuleViolated(
            "reauthenticate", _("Enter your password again to approve this sum."), field="password"
        )
    _refuse_second(request, actor, person)
    _decide(
        request,
        Decision.APPROVE,
        actor,
        note=note,
        voice=replace(voice, principal=person),
        delegation=delegation,
    )
    is_granted = supporters(request, asked_before(request)) >= request.needed_count
    if is_granted:
        _grant(refund, request)
    log(
        "returns.refund_approved",
        refund,
        actor=actor,
        note=note,
        on_behalf_of=person if delegation else None,
        variant="granted" if is_granted else "partly",
    )
    return request


def _grant(refund: Refund, request: ApprovalRequest) -> None:
    """Enough people agreed: the refund may be sent, and is."""
    end_request(request, ApprovalStatus.GRANTED)
    move(refund, RefundStatus.APPROVED)
    refund.approved_at = now()
    refund.save(update_fields=["status", "approved_at"])
    enqueue("returns.send_refund", refund.pk)


@service
def decline_refund(refund_id: int, *, actor: User, note: str) -> Refund:
    """Refuse; the reservation is free again and the refund is over."""
    refund, request = _lock(refund_id, actor)
    _require_reason(note)
    _refuse_second(request, actor, actor)
    _decide(request, Decision.DECLINE, actor, note=note)
    end_request(request, ApprovalStatus.DECLINED)
    books.release(refund, actor=actor)
    move(refund, RefundStatus.DECLINED)
    refund.outcome_note = note.strip()[:500]
    refund.save(update_fields=["status", "outcome_note"])
    log("returns.refund_declined", refund, actor=actor, note=note)
    return refund


@service
def ask_back(refund_id: int, *, actor: User, note: str) -> Refund:
    """Send it back with a question; the requester answers by changing and submitting it again."""
    refund, request = _lock(refund_id, actor)
    _require_reason(note)
    _refuse_second(request, actor, actor)
    _decide(request, Decision.ASK_BACK, actor, note=note)
    back_to_draft(refund, ApprovalStatus.ASKED_BACK, actor=actor)
    log("returns.refund_asked_back", refund, actor=actor, note=note)
    return refund


@service
def expire_approval(refund_id: int, *, actor: User) -> Refund:
    """End an approval nobody gave in time; the refund is a draft again and can be resubmitted."""
    require(can_send(actor))
    refund = lock_refund(refund_id, actor)
    request = live_request(refund)
    if request is None or refund.status not in (RefundStatus.SUBMITTED, RefundStatus.APPROVED):
        raise InvalidTransition(_("No approval is open here."))
    if request.expires_at > now():
        raise InvalidTransition(_("This approval is still open."))
    back_to_draft(refund, ApprovalStatus.EXPIRED, actor=actor)
    log("returns.approval_expired", refund, actor=actor)
    return refund


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of one refund of a batch."""

    refund: Refund
    problem: str


def approve_batch(seen: Mapping[int, str], *, actor: User, note: str = "") -> list[BatchResult]:
    """Approve several small ones, each by itself and as it was shown: ``seen`` holds the digest by
    refund. Raises ``RuleViolated`` for a batch that is too large, too dear, or holds one that needs
    a look."""
    refunds = list(Refund.objects.visible_to(actor).filter(pk__in=seen).order_by("pk"))
    if len(refunds) > BATCH_COUNT:
        raise RuleViolated(
            "batch_too_large", _("At most %(count)s at once.") % {"count": BATCH_COUNT}
        )
    sums: dict[str, Decimal] = {}
    for one in refunds:
        sums[one.currency] = sums.get(one.currency, Decimal(0)) + one.amount
    if any(total > BATCH_SUM for total in sums.values()):
        raise RuleViolated("batch_too_dear", _("At most %(sum)s at once.") % {"sum": BATCH_SUM})
    if any(one.risk == Risk.RAISED for one in refunds):
        raise RuleViolated("batch_needs_look", _("One of these needs a look; open it."))
    results = []
    for one in refunds:
        try:
            voice = Voice(seen_digest=seen[one.pk])
            approve_refund(one.pk, actor=actor, note=note, voice=voice)
            results.append(BatchResult(one, ""))
        except DomainError as refusal:
            results.append(BatchResult(one, str(refusal)))
    return results


def _lock(refund_id: int, actor: User) -> tuple[Refund, ApprovalRequest]:
    """The refund and its open approval, locked; raises when nothing is to be decided, or when the
    decision would be older than the request (a clock set back; the database refuses it as well)."""
    refund = lock_refund(refund_id, actor)
    require(can_decide(actor))
    request = live_request(refund)
    if request is None or request.status != ApprovalStatus.OPEN:
        raise InvalidTransition(
            _("%(refund)s is “%(status)s”: there is nothing to decide.")
            % {"refund": refund, "status": RefundStatus(refund.status).label}
        )
    if now() < request.requested_at - CLOCKS_DIFFER:
        raise RuleViolated(
            "clock_behind",
            _("By the clock of this computer it was not asked for yet; somebody has to set it."),
        )
    return refund, request


def _require_reason(note: str) -> None:
    if len(note.strip()) < 4:
        raise RuleViolated("reason_missing", _("Say why."), field="note")


def _require_unchanged(refund: Refund, request: ApprovalRequest, voice: Voice) -> None:
    """What is approved is what was asked for, what the page showed, and still open."""
    if request.expires_at <= now():
        raise RuleViolated("approval_expired", _("This approval has expired; ask for it again."))
    told = digest_of(refund)
    if told != request.digest or voice.seen_digest not in (None, told):
        raise RuleViolated("changed", _("This refund changed meanwhile; look at it again."))


def _raise_tier(refund: Refund, request: ApprovalRequest, actor: User) -> None:
    """What else happened since may need more: the approval grows, it never shrinks."""
    totals = totals_of(refund)
    asked = raised(request, needed_tier(refund, totals), totals)
    if not asked.is_raised:
        return
    request.tier, request.level, request.role = asked.tier, asked.level, asked.role
    request.needed_count, request.asks_password = asked.needed_count, asked.asks_password
    request.totals = asked.totals
    request.save(update_fields=["tier", "level", "role", "needed_count", "asks_password", "totals"])
    log("returns.approval_raised", refund, actor=actor, level=asked.level)


def _require_untouched(refund: Refund, *people: User) -> None:
    touched = set(refund.touches.values_list("user_id", flat=True)) | {refund.requested_by_id}
    require(
        not touched & {one.pk for one in people},
        _("Whoever requested or changed a refund, or its evidence, cannot approve it."),
    )


def _delegation(refund: Refund, actor: User, giver: User) -> Delegation:
    """The delegation that lets the actor speak for ``giver``; it is not passed on any further."""
    rows = Delegation.objects.valid(now()).filter(giver=giver, delegate=actor)
    for one in rows.order_by("pk"):
        if one.limit is None:
            return one
        if one.currency == refund.currency and refund.amount <= one.limit:
            return one
    raise RuleViolated(
        "not_delegated",
        _("%(giver)s has not delegated this to you.") % {"giver": giver},
        field="principal",
    )


def _refuse_second(request: ApprovalRequest, actor: User, person: User) -> None:
    people = {actor.pk, person.pk}
    for by, principal in request.decisions.values_list("decided_by", "principal"):
        if {by, principal} & people:
            raise InvalidTransition(
                _("You have decided on this already; now somebody else has to.")
            )


def _decide(
    request: ApprovalRequest,
    decision: Decision,
    actor: User,
    *,
    note: str,
    voice: Voice = OWN,
    delegation: Delegation | None = None,
) -> None:
    Approval(
        request=request,
        refund_id=request.refund_id,
        decision=decision,
        digest=request.digest,
        decided_by=actor,
        principal=voice.principal or actor,
        delegation=delegation,
        note=note.strip()[:500],
        reauthenticated_at=voice.reauthenticated_at,
        decided_at=now(),
    ).save(force_insert=True)
