"""Claim, commit, call, record: the only way an instruction reaches a gateway.

A crash between any two of these leaves a row the sweep finds; it asks the gateway under the number
minted with the refund. Nothing is sent twice under two numbers, nothing unknown is called failed.
"""

from __future__ import annotations

import time
from datetime import timedelta
from hashlib import sha256

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, Text, require
from aftersales.kernel.failures import and_next, kept
from aftersales.kernel.jobs import enqueue
from aftersales.kernel.refs import in_each_language
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from returns.gateways import Answer, Instruction, gateway_of
from returns.models import ApprovalRequest, Refund, RefundAttempt
from returns.money_choices import AttemptKind, Decision, ItemKind, Outcome
from returns.money_statuses import FINAL, IN_FLIGHT, ApprovalStatus, HoldStatus, RefundStatus
from returns.policies_money import can_request, can_send
from returns.queries.approvals import supporters
from returns.queries.digests import digest_of
from returns.queries.tiers import asked_before, needed_tier, raised, totals_of
from returns.services.money import books, differences
from returns.services.money.shared import (
    back_to_draft,
    live_request,
    lock_refund,
    log,
)
from staff.models import User
from staff.querysets import is_system

UNDER_WAY = _("The gateway has not finished with it yet.")
NO_PROOF = _("What the gateway answers proves neither that it has paid nor that it has not.")
ASKED_AGAIN = _("The money stays reserved, and the gateway is asked again by itself.")
FIRST_LOOK = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
MOST_SENDS = 5
# From then on a person owns the question (invariant I10 allows 72 hours).
ESCALATE_AFTER = timedelta(hours=24)


@service
def claim_refund(refund_id: int, *, actor: User) -> Instruction | None:
    """Take an approved refund for sending: from here on it counts as possibly paid.

    Returns ``None`` when there is nothing to call: it was claimed before, is held, is paid by hand,
    or its approval no longer holds (then it is a draft again). Rights are those of this moment.
    """
    require(can_send(actor))
    refund = lock_refund(refund_id, actor)
    if refund.status != RefundStatus.APPROVED or is_held(refund):
        return None
    if problem := why_not_sent(refund):
        back_to_draft(refund, ApprovalStatus.VOID, actor=actor)
        told = in_each_language(problem.__str__)
        log("returns.approval_voided", refund, actor=actor, note=told, variant="recheck")
        return None
    return _begin_sending(refund, actor)


def is_held(refund: Refund) -> bool:
    return refund.holds.filter(status=HoldStatus.HELD).exists()


def why_not_sent(refund: Refund) -> Text:
    """Why the approval does not carry any more, '' when it does: digest, people, tier, time."""
    request = live_request(refund)
    if request is None or request.status != ApprovalStatus.GRANTED:
        return _("There is no approval.")
    if request.digest != digest_of(refund):
        return _("It is not what was approved.")
    if request.expires_at <= now():
        return _("The approval has expired.")
    requester = refund.requested_by
    if not (requester.is_active or is_system(requester)) or not can_request(requester):
        return _("Who asked for it may not ask for refunds any more.")
    return _who_is_missing(refund, request)


def _who_is_missing(refund: Refund, request: ApprovalRequest) -> Text:
    rows = request.decisions.filter(decision=Decision.APPROVE)
    voices = {pk for pair in rows.values_list("decided_by", "principal") for pk in pair}
    if voices & {refund.requested_by_id, *refund.touches.values_list("user_id", flat=True)}:
        return _("Who approved it has laid hands on it.")
    if supporters(request, asked_before(request)) < request.needed_count:
        return _("Who approved it may not approve it any more.")
    try:
        totals = totals_of(refund)
        asked = raised(request, needed_tier(refund, totals), totals)
    except RuleViolated as refusal:
        return refusal.message
    if (asked.level, asked.needed_count) > (request.level, request.needed_count):
        return _("Together with others it needs a higher approval by now.")
    if asked.is_raised and supporters(request, asked) < asked.needed_count:
        return _("Together with others it needs an approval with the password by now.")
    return ""


def _begin_sending(refund: Refund, actor: User) -> Instruction | None:
    """Write the attempt and the alarm; the caller's commit makes both true before any call."""
    gateway = gateway_of(refund.gateway)
    move(refund, RefundStatus.SENDING)
    refund.sent_at = refund.sent_at or now()
    if gateway.is_manual:
        refund.save(update_fields=["status", "sent_at"])
        log("returns.refund_sent", refund, actor=actor, variant="manual")
        return None
    refund.next_look_at = now() + FIRST_LOOK
    refund.save(update_fields=["status", "sent_at", "next_look_at"])
    instruction = _new_attempt(refund, AttemptKind.SEND)
    enqueue("returns.resolve_refund", refund.pk, delay=FIRST_LOOK)
    log("returns.refund_sent", refund, actor=actor, variant="gateway")
    return instruction


def _new_attempt(refund: Refund, kind: AttemptKind) -> Instruction:
    told = f"{kind}|{refund.gateway_number}|{refund.amount}|{refund.currency}"
    attempt = RefundAttempt(
        refund=refund,
        kind=kind,
        gateway_number=refund.gateway_number,
        request_digest=sha256(told.encode()).hexdigest(),
        claimed_at=now(),
    )
    attempt.save(force_insert=True)
    return Instruction(
        refund_id=refund.pk,
        attempt_id=attempt.pk,
        gateway=refund.gateway,
        number=refund.gateway_number,
        payment=refund.payment.external_id,
        amount=refund.amount,
        currency=refund.currency,
        begun=time.monotonic(),
    )


@service
def record_answer(
    refund_id: int, attempt_id: int, answer: Answer, *, actor: User
) -> Instruction | None:
    """Write down what the gateway said and move by what it proves.

    Returns the instruction to send again when the gateway has positively never heard of it. Answers
    to a refund that is final already are kept; a contradiction becomes somebody's work.
    """
    require(can_send(actor))
    refund = lock_refund(refund_id, actor)
    attempt = RefundAttempt.objects.locked().get(pk=attempt_id, refund=refund)
    if attempt.finished_at is not None:
        raise InvalidTransition(_("This answer was recorded before."))
    attempt.finished_at, attempt.result = now(), answer.outcome
    attempt.detail, attempt.response = _told(answer), dict(answer.raw)
    attempt.save(update_fields=["finished_at", "result", "detail", "response"])
    if refund.status in FINAL:
        _note_contradiction(refund, answer, actor)
        return None
    match answer.outcome:
        case Outcome.SUCCEEDED:
            _settle(refund, answer.reference, actor)
        case Outcome.FAILED:
            _fail(refund, answer.detail or _("The gateway refused it."), actor)
        case Outcome.NOT_FOUND if attempt.kind == AttemptKind.QUERY:
            return _not_found(refund, actor)
        case _:
            _stay_unknown(refund, answer, actor)
    return None


def _told(answer: Answer) -> str:
    """What the gateway said, as it is kept; where it proves nothing, behind words for people."""
    if answer.outcome != Outcome.UNKNOWN:
        return answer.detail[:300]
    return kept(in_each_language((answer.why or NO_PROOF).__str__), answer.detail, most=300)


def _settle(refund: Refund, reference: str, actor: User) -> None:
    """Paid: the reservation becomes money that left."""
    move(refund, RefundStatus.SUCCEEDED)
    refund.settled_at, refund.next_look_at, refund.reference = now(), None, reference[:100]
    books.settle(refund, actor=actor)
    refund.save(
        update_fields=[
            "status",
            "settled_at",
            "next_look_at",
            "reference",
            "paid_by",
            "confirmed_by",
        ]
    )
    log("returns.refund_succeeded", refund, actor=actor)


def _fail(refund: Refund, reason: Text, actor: User) -> None:
    """Positively not paid: the reservation is free again."""
    why = in_each_language(reason.__str__)
    move(refund, RefundStatus.FAILED)
    refund.settled_at, refund.next_look_at, refund.outcome_note = now(), None, why[:500]
    books.release(refund, actor=actor)
    refund.save(update_fields=["status", "settled_at", "next_look_at", "outcome_note"])
    log("returns.refund_failed", refund, actor=actor, note=why)


def _stay_unknown(refund: Refund, answer: Answer, actor: User) -> None:
    """Nothing is proven: the money stays reserved, the gateway is asked again, ever later."""
    if refund.status == RefundStatus.SENDING:
        move(refund, RefundStatus.UNKNOWN)
        why = answer.why or (UNDER_WAY if answer.outcome == Outcome.PENDING else NO_PROOF)
        note = in_each_language(lambda: and_next(why, ASKED_AGAIN))
        log("returns.refund_unknown", refund, actor=actor, note=note, error=_told(answer))
    asked = refund.attempts.filter(kind=AttemptKind.QUERY).count()
    refund.next_look_at = now() + min(FIRST_LOOK * 2 ** min(asked, 10), LONGEST_PAUSE)
    refund.save(update_fields=["status", "next_look_at"])


def _not_found(refund: Refund, actor: User) -> Instruction | None:
    """The gateway has never heard of the number: once that can be believed, send it again under the
    same number, or give up and free the money."""
    sends = refund.attempts.filter(kind=AttemptKind.SEND)
    last = sends.order_by("-id").values_list("claimed_at", flat=True).first()
    quiet = gateway_of(refund.gateway).quiet
    if last is not None and now() - last < quiet:
        refund.next_look_at = last + quiet
        if refund.status == RefundStatus.SENDING:
            move(refund, RefundStatus.UNKNOWN)
        refund.save(update_fields=["status", "next_look_at"])
        return None
    if problem := why_not_sent(refund):
        _fail(refund, problem, actor)
        return None
    if sends.count() >= MOST_SENDS:
        _fail(refund, _("The gateway never took it."), actor)
        return None
    if refund.status == RefundStatus.SENDING:
        move(refund, RefundStatus.UNKNOWN)
        refund.save(update_fields=["status"])
    return _begin_sending(refund, actor)


def _note_contradiction(refund: Refund, answer: Answer, actor: User) -> None:
    agrees = {
        RefundStatus.SUCCEEDED: answer.outcome != Outcome.FAILED,
        RefundStatus.FAILED: answer.outcome != Outcome.SUCCEEDED,
    }
    if not agrees.get(RefundStatus(refund.status), answer.outcome != Outcome.SUCCEEDED):
        differences.open_item(
            ItemKind.CONTRADICTION,
            refund.gateway_number,
            actor=actor,
            refund=refund,
            ours=refund.status,
            theirs=answer.outcome,
        )


@service
def begin_query(refund_id: int, *, actor: User) -> Instruction | None:
    """Write down that the gateway is asked now; ``None`` when there is nothing to ask."""
    require(can_send(actor))
    refund = lock_refund(refund_id, actor)
    gateway = gateway_of(refund.gateway)
    if refund.status not in IN_FLIGHT or refund.next_look_at is None or gateway.is_manual:
        return None
    if refund.next_look_at > now():
        return None
    refund.next_look_at = now() + FIRST_LOOK
    refund.save(update_fields=["next_look_at"])
    return _new_attempt(refund, AttemptKind.QUERY)


@service
def look_now(refund_id: int, *, actor: User) -> Refund:
    """Somebody hinted that there is news: ask the gateway at once instead of at the next turn."""
    refund = lock_refund(refund_id, actor)
    if refund.status not in IN_FLIGHT or refund.next_look_at is None:
        raise InvalidTransition(_("No result is outstanding here."))
    refund.next_look_at = now()
    refund.save(update_fields=["next_look_at"])
    enqueue("returns.resolve_refund", refund.pk)
    return refund


@service
def escalate_refund(refund_id: int, *, actor: User) -> Refund:
    """Make a refund without a result somebody's work; raises when it has one or is still young."""
    require(can_send(actor))
    refund = lock_refund(refund_id, actor)
    if refund.status not in IN_FLIGHT or refund.sent_at is None:
        raise InvalidTransition(_("No result is outstanding here."))
    if now() - refund.sent_at < ESCALATE_AFTER:
        raise InvalidTransition(_("It is too early to ask people."))
    differences.open_item(
        ItemKind.UNRESOLVED,
        refund.gateway_number,
        actor=actor,
        refund=refund,
        ours=refund.status,
    )
    return refund
