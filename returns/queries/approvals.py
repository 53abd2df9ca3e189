"""The lead's inbox: what waits for a decision, nearest end first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from aftersales.kernel.clock import now
from returns.models import Approval, ApprovalRequest, Refund
from returns.money_choices import Decision, Risk
from returns.money_statuses import ApprovalStatus
from returns.policies_money import holds_role, is_fresh
from returns.queries.tiers import Asked, asked_now
from staff.models import Delegation, User
from tickets.words import due_words

MOST = 100
# A request that is about to expire unread: the rest of a working day.
SOON = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One line of the inbox, in words."""

    refund_id: int
    digest: str
    number: str
    amount: Decimal
    currency: str
    reason: str
    case: str
    requested_by: str
    due: str
    tone: str
    needs_look: bool
    people: int
    given: int
    in_batch: bool
    url: str
    is_current: bool


def inbox(actor: User, *, current: int | None, url: str) -> list[InboxRow]:
    """Open approvals of refunds the actor sees; a fixed number of statements."""
    rows = (
        ApprovalRequest.objects.visible_to(actor)
        .filter(status=ApprovalStatus.OPEN)
        .select_related("tier", "refund__ticket", "refund__requested_by", "refund__payment")
        .prefetch_related(_voices())
        .order_by("expires_at", "pk")[:MOST]
    )
    requests = list(rows)
    asked = asked_now(requests)
    return [_row(one, asked[one.pk], current, url) for one in requests]


def _row(request: ApprovalRequest, asked: Asked, current: int | None, url: str) -> InboxRow:
    refund: Refund = request.refund
    moment = now()
    return InboxRow(
        refund_id=refund.pk,
        digest=request.digest,
        number=refund.number,
        amount=refund.amount,
        currency=refund.currency,
        reason=refund.get_reason_display(),
        case=refund.ticket.number if refund.ticket else "",
        requested_by=str(refund.requested_by),
        due=due_words(request.expires_at, moment).text,
        tone="red" if request.expires_at - moment < SOON else "blue",
        needs_look=refund.risk == Risk.RAISED,
        people=asked.needed_count,
        given=supporters(request, asked),
        in_batch=refund.risk != Risk.RAISED and not asked.asks_password,
        url=f"{url}?refund={refund.pk}",
        is_current=refund.pk == current,
    )


def supporters(request: ApprovalRequest, asked: Asked) -> int:
    """How many different people agreed to this digest and count for what is asked by now: they
    still hold its role, and entered their password for it where it demands one.

    The inbox shows this number and the verbs decide by it. Reads the decisions once per request.
    """
    prefetch_related_objects([request], _voices())
    people = {
        one.principal
        for one in request.decisions.all()
        if one.decision == Decision.APPROVE
        and one.digest == request.digest
        and one.decided_by.is_active
        and holds_role(one.principal, asked.role)
        and (not asked.asks_password or is_fresh(one.reauthenticated_at, one.decided_at))
    }
    return len(people)


def _voices() -> Prefetch[Any]:
    return Prefetch("decisions", Approval.objects.select_related("principal", "decided_by"))


def givers(actor: User) -> list[User]:
    """Who lets the actor decide in their name now."""
    rows = Delegation.objects.valid(now()).filter(delegate=actor).select_related("giver")
    return [one.giver for one in rows.order_by("pk")]
