"""Everything a decision about one refund needs, gathered once for page and inbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from aftersales.kernel.money import figure, written
from aftersales.kernel.refs import for_reader
from customers.queries import family_of
from returns.models import Approval, ApprovalRequest, GuardHold, Refund, RefundTouch
from returns.money_choices import RefundKind, RefundMeans, Touch
from returns.money_statuses import (
    COUNTED,
    LIVE_APPROVALS,
    ApprovalStatus,
    HoldStatus,
    RefundStatus,
)
from returns.queries.digests import digest_of
from returns.queries.signs import in_words
from returns.queries.tiers import Asked, asked_before, asked_now
from staff.models import User
from tickets.querysets import is_seen

# So much of a message shows; the whole of it is on the case.
MOST_QUOTED = 300


@dataclass(frozen=True, slots=True)
class History:
    """What this customer got so far."""

    count: int
    total: Decimal
    declined: int


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who laid hands on it, and on what."""

    user: str
    what: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """How and when the customer agreed to store credit; ``words`` only for who sees the case."""

    how: str
    words: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class RefundPage:
    """One refund as a decision needs it; ``is_mine``: the reader had a hand in it.

    ``asked`` is what approving asks for now, or what a given approval asked for.
    """

    refund: Refund
    lines: list[Any]
    evidence: list[Any]
    request: ApprovalRequest | None
    asked: Asked | None
    decisions: list[Approval]
    hands: list[Hand]
    warnings: list[str]
    hold: GuardHold | None
    history: History
    consent: Agreed | None
    effects: list[str]
    attempts: list[Any]
    seen_digest: str
    is_mine: bool


def refund_page(refund: Refund, reader: User) -> RefundPage:
    """Gathers; a fixed number of statements whatever hangs on the refund."""
    touches = list(refund.touches.select_related("user"))
    requests = refund.approval_requests.filter(status__in=LIVE_APPROVALS).select_related("tier")
    request = requests.first()
    hold = refund.holds.filter(status=HoldStatus.HELD).first()
    touched = {one.user_id for one in touches} | {refund.requested_by_id}
    return RefundPage(
        refund=refund,
        lines=list(refund.lines.all()),
        evidence=list(refund.evidence.select_related("attachment")),
        request=request,
        asked=_asked(request) if request else None,
        decisions=list(refund.decisions.select_related("decided_by", "principal")),
        hands=_hands(touches),
        warnings=in_words(hold.reasons) if hold else [],
        hold=hold,
        history=_history(refund),
        consent=_agreed(refund, reader) if refund.means == RefundMeans.STORE_CREDIT else None,
        effects=effects(refund),
        attempts=list(refund.attempts.all()),
        seen_digest=digest_of(refund),
        is_mine=reader.pk in touched,
    )


def _asked(request: ApprovalRequest) -> Asked:
    if request.status != ApprovalStatus.OPEN:
        return asked_before(request)
    return asked_now([request])[request.pk]


def _hands(touches: list[RefundTouch]) -> list[Hand]:
    by_user: dict[str, list[str]] = {}
    for one in touches:
        by_user.setdefault(str(one.user), []).append(str(Touch(one.what).label))
    return [Hand(user, ", ".join(what)) for user, what in by_user.items()]


def _history(refund: Refund) -> History:
    others = Refund.objects.filter(
        payment__order__customer__in=family_of(refund.payment.order.customer_id)
    )
    sums = others.exclude(pk=refund.pk).aggregate(
        count=Count("pk", filter=Q(status__in=COUNTED)),
        total=Sum("amount", filter=Q(status__in=COUNTED, currency=refund.currency)),
        declined=Count("pk", filter=Q(status=RefundStatus.DECLINED)),
    )
    return History(sums["count"], sums["total"] or Decimal(0), sums["declined"])


def _agreed(refund: Refund, reader: User) -> Agreed:
    """What shows the consent, as the customer said it where there is a message or a proposal."""
    how, words = [refund.consent] if refund.consent else [], ""
    may_read = refund.ticket is not None and is_seen(refund.ticket, reader)
    if message := refund.consent_message:
        how.insert(0, _("Message of the customer"))
        words = for_reader(message.body) if may_read and not message.hidden_at else ""
    elif proposal := refund.consent_proposal:
        how.insert(0, _("Proposal accepted on the status page"))
        words = proposal.terms if may_read else ""
    return Agreed(" · ".join(how), words[:MOST_QUOTED], refund.consented_at)


def effects(refund: Refund) -> list[str]:
    """What the money will do, sentence by sentence."""
    payment = refund.payment
    amount = written(refund.amount, refund.currency)
    told = [_("%(amount)s go to: %(payee)s.") % {"amount": amount, "payee": refund.payee}]
    if refund.kind == RefundKind.PURCHASE:
        told.append(
            _("Paid %(captured)s %(currency)s, back so far %(refunded)s, reserved %(reserved)s.")
            % {
                "captured": figure(payment.captured, payment.currency),
                "currency": payment.currency,
                "refunded": figure(payment.refunded, payment.currency),
                "reserved": figure(payment.reserved, payment.currency),
            }
        )
    else:
        told.append(_("It is the firm's own money, on top of the purchase."))
    return told
