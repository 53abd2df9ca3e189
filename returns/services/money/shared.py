"""Steps several verbs of money share. Nothing here is a verb of its own."""

from __future__ import annotations

from typing import Any

from aftersales.kernel.clock import now
from aftersales.kernel.reading import by_key
from aftersales.kernel.transitions import move
from compliance.services import record
from returns.models import ApprovalRequest, Refund, RefundTouch
from returns.money_choices import Touch
from returns.money_statuses import LIVE_APPROVALS, ApprovalStatus, RefundStatus
from returns.services.following import follow
from returns.services.money import books
from staff.models import User
from tickets.models import Ticket
from tickets.services.shared import save as save_ticket

# After these it is somebody else's turn, or the money is where it belongs.
TURNS = (
    "returns.refund_submitted",
    "returns.refund_asked_back",
    "returns.refund_declined",
    "returns.refund_canceled",
    "returns.refund_failed",
    "returns.refund_succeeded",
    "returns.approval_expired",
    "returns.approval_voided",
)


def lock_refund(refund_id: int, actor: User) -> Refund:
    """The refund, locked if the actor may see it: case first, then payment, then the refund.

    Raises ``Refund.DoesNotExist``.
    """
    parents = Refund.objects.visible_to(actor).values_list("ticket_id", "payment_id")
    ticket_id, payment_id = parents.get(pk=refund_id)
    ticket = by_key(Ticket, ticket_id, is_locked=True) if ticket_id else None
    payment = books.lock_payment(payment_id)
    refund = by_key(Refund, refund_id, is_locked=True)
    refund.payment, refund.ticket = payment, ticket
    return refund


def log(
    code: str,
    refund: Refund,
    *,
    actor: User,
    note: str = "",
    on_behalf_of: User | None = None,
    **data: Any,
) -> None:
    """Record an event about a refund; a promise it moved is saved with the case."""
    ticket = refund.ticket
    due_at = ticket.due_at if ticket else None
    record(
        code,
        refund,
        actor=actor,
        case=ticket,
        note=note,
        data={"amount": str(refund.amount), "currency": refund.currency, **data},
        on_behalf_of=on_behalf_of,
    )
    if ticket and ticket.due_at != due_at:
        save_ticket(ticket, "due_at")
    if code in TURNS:
        follow(ticket)


def touch(refund: Refund, user: User, *what: Touch) -> None:
    """Remember who laid hands on it; once per person and thing."""
    for one in what:
        if not refund.touches.filter(user=user, what=one).exists():
            RefundTouch(refund=refund, user=user, what=one, touched_at=now()).save(
                force_insert=True
            )


def live_request(refund: Refund) -> ApprovalRequest | None:
    """The approval asked for or granted, locked."""
    rows = ApprovalRequest.objects.locked().filter(refund=refund, status__in=LIVE_APPROVALS)
    return rows.first()


def end_request(request: ApprovalRequest, status: ApprovalStatus) -> None:
    move(request, status)
    request.decided_at = now()
    request.save(update_fields=["status", "decided_at"])


def back_to_draft(refund: Refund, ending: ApprovalStatus, *, actor: User) -> None:
    """End the live approval and give the reservation back; the wish itself stays."""
    if request := live_request(refund):
        end_request(request, ending)
    books.release(refund, actor=actor)
    move(refund, RefundStatus.DRAFT)
    refund.submitted_at = refund.approved_at = None
    refund.save(update_fields=["status", "submitted_at", "approved_at"])
