"""What performed sheets owe and nothing pays: the refund failed, was declined or was given up."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from returns.models import Refund, Reimbursement, ReimbursementShare
from returns.money_choices import RefundKind, RefundOrigin
from returns.money_statuses import CAME_TO_NOTHING, RefundStatus
from returns.statuses import SheetStatus


def unpaid_shares() -> QuerySet[ReimbursementShare]:
    """Shares in money without a refund that is live or paid; what was booked on the payment as paid
    past this desk since then counts as well, for it cannot go back again."""
    live = Refund.objects.filter(pk=OuterRef("refund_id")).exclude(status__in=CAME_TO_NOTHING)
    outside = (
        Refund.objects.filter(
            payment=OuterRef("payment"),
            status=RefundStatus.SUCCEEDED,
            requested_at__gte=OuterRef("reimbursement__performed_at"),
        )
        .exclude(origin=RefundOrigin.DESK)
        .order_by()
        .values("payment")
        .annotate(total=Sum("amount"))
        .filter(total__gte=OuterRef("amount"))
    )
    return ReimbursementShare.objects.filter(
        ~Exists(live),
        ~Exists(outside),
        is_in_kind=False,
        reimbursement__status=SheetStatus.PERFORMED,
    )


def unpaid_damages() -> QuerySet[Reimbursement]:
    """Sheets whose statutory damages have no refund that is live or paid."""
    live = Refund.objects.filter(
        basis_type=Reimbursement._meta.label_lower,
        basis_key=OuterRef("pk"),
        kind=RefundKind.STATUTORY_DAMAGES,
    ).exclude(status__in=CAME_TO_NOTHING)
    return Reimbursement.objects.filter(~Exists(live), damages__gt=0, status=SheetStatus.PERFORMED)


def unpaid_sheets() -> QuerySet[Reimbursement]:
    """Sheets with a share or damages nobody pays any more."""
    shares = unpaid_shares().filter(reimbursement=OuterRef("pk"))
    damages = unpaid_damages().filter(pk=OuterRef("pk"))
    return Reimbursement.objects.filter(Q(Exists(shares)) | Q(Exists(damages)))
