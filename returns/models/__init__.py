"""Models of goods and money, importable from one place."""

from returns.models.approvals import (
    Approval,
    ApprovalRequest,
    ApprovalTier,
    GuardHold,
    RefundTouch,
)
from returns.models.bench import Inspection, InspectionPhoto, UnexpectedItem
from returns.models.goods import ParcelScan, ReturnAuthorization, ReturnItem, ReturnParcel
from returns.models.ledger import LedgerEntry, StoreCredit
from returns.models.money import Refund, RefundAttempt, RefundEvidence, RefundLine
from returns.models.owed import (
    Compensation,
    CompensationGrant,
    Reimbursement,
    ReimbursementLine,
    ReimbursementShare,
)
from returns.models.policy import ReturnAddress, ReturnPolicy
from returns.models.reconciling import (
    GatewayNotice,
    ReconciliationItem,
    Statement,
    StatementLine,
)
from returns.models.remedies import Repair, ShopInstruction

__all__ = [
    "Approval",
    "ApprovalRequest",
    "ApprovalTier",
    "Compensation",
    "CompensationGrant",
    "GatewayNotice",
    "GuardHold",
    "Inspection",
    "InspectionPhoto",
    "LedgerEntry",
    "ParcelScan",
    "ReconciliationItem",
    "Refund",
    "RefundAttempt",
    "RefundEvidence",
    "RefundLine",
    "RefundTouch",
    "Reimbursement",
    "ReimbursementLine",
    "ReimbursementShare",
    "Repair",
    "ReturnAddress",
    "ReturnAuthorization",
    "ReturnItem",
    "ReturnParcel",
    "ReturnPolicy",
    "ShopInstruction",
    "Statement",
    "StatementLine",
    "StoreCredit",
    "UnexpectedItem",
]
