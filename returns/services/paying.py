"""The one seam to money: what is owed becomes refunds with their own approval."""

from __future__ import annotations

from returns.models import (
    CompensationGrant,
    Reimbursement,
    ReimbursementShare,
    ReturnAuthorization,
)
from staff.models import User


def ask_refund(share: ReimbursementShare, *, actor: User) -> int:
    return 0


def ask_damages(reimbursement: Reimbursement, *, actor: User) -> None:
    return None


def ask_compensation(grant: CompensationGrant, *, actor: User) -> None:
    return None


def is_money_open(rma: ReturnAuthorization) -> bool:
    return False


def has_live_refund(reimbursement: Reimbursement) -> bool:
    return False


def has_live_payout(grant: CompensationGrant) -> bool:
    return False
