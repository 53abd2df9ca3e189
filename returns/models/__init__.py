"""Models of goods and money, importable from one place."""

from returns.models.approvals import (
    Approval,
    ApprovalRequest,
    ApprovalTier,
    GuardHold,
    RefundTouch,
)
from returns.models.ledger import LedgerEntry, StoreCredit
from returns.models.money import Refund, RefundAttempt, RefundEvidence, RefundLine
from returns.models.reconciling import (
    GatewayNotice,
    ReconciliationItem,
    Statement,
    StatementLine,
)

__all__ = [
    "Approval",
    "ApprovalRequest",
    "ApprovalTier",
    "GatewayNotice",
    "GuardHold",
    "LedgerEntry",
    "ReconciliationItem",
    "Refund",
    "RefundAttempt",
    "RefundEvidence",
    "RefundLine",
    "RefundTouch",
    "Statement",
    "StatementLine",
    "StoreCredit",
]
