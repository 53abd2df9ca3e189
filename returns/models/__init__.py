"""Goods and money as rows."""

from returns.models.bench import Inspection, InspectionPhoto, UnexpectedItem
from returns.models.goods import ParcelScan, ReturnAuthorization, ReturnItem, ReturnParcel
from returns.models.owed import (
    Compensation,
    CompensationGrant,
    Reimbursement,
    ReimbursementLine,
    ReimbursementShare,
)
from returns.models.policy import ReturnAddress, ReturnPolicy
from returns.models.remedies import Repair, ShopInstruction

__all__ = [
    "Compensation",
    "CompensationGrant",
    "Inspection",
    "InspectionPhoto",
    "ParcelScan",
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
    "UnexpectedItem",
]
