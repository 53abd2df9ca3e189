"""What is owed for returned goods: one pure calculation for preview and performance."""

from returns.sheet.calculation import (
    Article,
    Deal,
    Discount,
    Freight,
    Line,
    Sheet,
    Tender,
    calculate,
)
from returns.sheet.shares import first_units, spread

__all__ = [
    "Article",
    "Deal",
    "Discount",
    "Freight",
    "Line",
    "Sheet",
    "Tender",
    "calculate",
    "first_units",
    "spread",
]
