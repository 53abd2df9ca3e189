"""The guard before paying: it points out and holds, it never refuses.

Each sign is a code with the facts behind it; ``returns.queries.signs`` puts them into words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, NotPermitted, RuleViolated, require
from aftersales.kernel.jobs import enqueue
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from customers.queries import family_of
from returns.models import GuardHold, Refund
from returns.money_statuses import COUNTED, HoldStatus, RefundStatus
from returns.policies_money import can_release
from returns.services.money import overlaps
from returns.services.money.shared import lock_refund, log
from staff.models import User

Sign = dict[str, Any]

CLAIMS_WITHIN = timedelta(days=180)
MANY_CLAIMS = 5
FAST_WITHIN = timedelta(days=7)
FAST_CLAIMS = 3
PAIR_WITHIN = timedelta(days=90)
PAIR_CLAIMS = 4
MOST = 500


@dataclass(frozen=True, slots=True)
class Claim:
    """Another refund that reached approval or further, with what it may have in common."""

    number: str
    customer: int
    order: int
    address: str
    phone: str
    parcel: str
    amount: Decimal
    kind: str
    agent: int
    submitted_at: datetime


COLUMNS = (
    "number",
    "payment__order__customer",
    "payment__order",
    "payment__order__address",
    "payment__order__recipient_phone",
    "parcel",
    "amount",
    "kind",
    "requested_by",
    "submitted_at",
)


def look(refund: Refund) -> list[Sign]:
    """Everything about a refund that a person should look at before it is paid."""
    order = refund.payment.order
    own = Claim(
        number=refund.number,
        customer=order.customer_id,
        order=order.pk,
        address=order.address,
        phone=order.recipient_phone,
        parcel=refund.parcel,
        amount=refund.amount,
        kind=refund.kind,
        agent=refund.requested_by_id,
        submitted_at=now(),
    )
    others = list(_claims(own))
    found = [check(own, others) for check in CHECKS]
    found += [_same_photo(refund), *overlaps.signs(refund)]
    return [sign for sign in found if sign]


def _claims(own: Claim) -> Iterator[Claim]:
    """Other refunds of half a year that share customer, address, phone or parcel.

    Whatever record of the same person bought, it counts as this customer's.
    """
    person = set(family_of(own.customer))
    shares = Q(payment__order__customer__in=person)
    if own.address:
        shares |= Q(payment__order__address=own.address)
    if own.phone:
        shares |= Q(payment__order__recipient_phone=own.phone)
    if own.parcel:
        shares |= Q(parcel=own.parcel)
    rows = Refund.objects.filter(
        shares, status__in=COUNTED, submitted_at__gte=own.submitted_at - CLAIMS_WITHIN
    ).exclude(number=own.number)
    for row in rows.order_by("-id").values_list(*COLUMNS)[:MOST]:
        claim = Claim(*row)
        yield replace(claim, customer=own.customer) if claim.customer in person else claim


def hold(refund: Refund, reasons: list[Sign], *, actor: User) -> None:
    """Hold a refund for these reasons, except for those somebody found fine before.

    A hold that is open stays so, whatever was edited meanwhile: only a look ends it.
    """
    held = GuardHold.objects.locked().filter(refund=refund, status=HoldStatus.HELD).first()
    if held:
        if reasons and reasons != held.reasons:
            held.reasons = reasons
            held.save(update_fields=["reasons"])
        return
    if not reasons:
        return
    seen = [sign for one in refund.holds.all() for sign in one.reasons]
    if any(sign not in seen for sign in reasons):
        GuardHold(refund=refund, reasons=reasons, held_at=now()).save(force_insert=True)
        log("returns.refund_held", refund, actor=actor, codes=[sign["code"] for sign in reasons])


def _numbers(claims: Iterable[Claim]) -> list[str]:
    return [one.number for one in claims][:5]


def _within(claims: Iterable[Claim], own: Claim, span: timedelta) -> list[Claim]:
    return [
        one
        for one in claims
        if one.customer == own.customer and one.submitted_at >= own.submitted_at - span
    ]


def same_parcel(own: Claim, others: list[Claim]) -> Sign | None:
    """The same parcel was paid for before."""
    found = [one for one in others if own.parcel and one.parcel == own.parcel]
    return {"code": "same_parcel", "refunds": _numbers(found)} if found else None


def same_address(own: Claim, others: list[Claim]) -> Sign | None:
    """Another customer got refunds for the same delivery address."""
    strangers = [one for one in others if one.customer != own.customer]
    found = [one for one in strangers if own.address and one.address == own.address]
    return {"code": "same_address", "refunds": _numbers(found)} if found else None


def same_phone(own: Claim, others: list[Claim]) -> Sign | None:
    """Another customer got refunds for the same phone number."""
    strangers = [one for one in others if one.customer != own.customer]
    found = [one for one in strangers if own.phone and one.phone == own.phone]
    return {"code": "same_phone", "refunds": _numbers(found)} if found else None


def same_amount(own: Claim, others: list[Claim]) -> Sign | None:
    """The same sum was paid for the same order before."""
    told = (own.order, own.amount, own.kind)
    found = [one for one in others if (one.order, one.amount, one.kind) == told]
    return {"code": "same_amount", "refunds": _numbers(found)} if found else None


def many_claims(own: Claim, others: list[Claim]) -> Sign | None:
    """This customer claims often."""
    count = len(_within(others, own, CLAIMS_WITHIN))
    days = CLAIMS_WITHIN.days
    return {"code": "many_claims", "count": count, "days": days} if count >= MANY_CLAIMS else None


def fast_claims(own: Claim, others: list[Claim]) -> Sign | None:
    """This customer claims fast, over several orders."""
    recent = _within(others, own, FAST_WITHIN)
    count = sum(one.order != own.order for one in recent)
    days = FAST_WITHIN.days
    return {"code": "fast_claims", "count": count, "days": days} if count >= FAST_CLAIMS else None


def same_pair(own: Claim, others: list[Claim]) -> Sign | None:
    """The same agent keeps asking for the same customer."""
    count = sum(one.agent == own.agent for one in _within(others, own, PAIR_WITHIN))
    days = PAIR_WITHIN.days
    return {"code": "same_pair", "count": count, "days": days} if count >= PAIR_CLAIMS else None


def _same_photo(refund: Refund) -> Sign | None:
    """A picture of the evidence proved another claim before."""
    digests = list(refund.evidence.values_list("attachment__digest", flat=True))
    if not digests:
        return None
    rows = Refund.objects.filter(
        status__in=COUNTED, evidence__attachment__digest__in=digests
    ).exclude(pk=refund.pk)
    found = sorted(set(rows.values_list("number", flat=True)), reverse=True)[:5]
    return {"code": "same_photo", "refunds": found} if found else None


CHECKS: tuple[Callable[[Claim, list[Claim]], Sign | None], ...] = (
    same_parcel,
    same_address,
    same_phone,
    same_amount,
    many_claims,
    fast_claims,
    same_pair,
)


@service
def release_hold(refund_id: int, *, actor: User, note: str) -> Refund:
    """Say why what looked odd is fine; an approved refund is sent then.

    Raises ``NotPermitted`` for whoever requested or touched the refund.
    """
    refund = lock_refund(refund_id, actor)
    require(can_release(actor))
    if len(note.strip()) < 4:
        raise RuleViolated("reason_missing", _("Say why this is fine."), field="note")
    held = GuardHold.objects.locked().filter(refund=refund, status=HoldStatus.HELD).first()
    if held is None:
        raise InvalidTransition(_("Nothing is held here."))
    if refund.requested_by_id == actor.pk or refund.touches.filter(user=actor).exists():
        raise NotPermitted(_("You requested or changed this refund; somebody else must look."))
    move(held, HoldStatus.RELEASED)
    held.released_by, held.released_at, held.note = actor, now(), note.strip()[:500]
    held.save(update_fields=["status", "released_by", "released_at", "note"])
    log("returns.refund_released", refund, actor=actor, note=note)
    if refund.status == RefundStatus.APPROVED:
        enqueue("returns.send_refund", refund.pk)
    return refund
