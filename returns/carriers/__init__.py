"""Carriers behind one protocol: ``manual`` (the customer posts it) and a local ``sandbox``."""

from returns.carriers.base import MANUAL, BadNotice, Booking, Carrier, Label, News
from returns.carriers.sandbox import SandboxCarrier

CARRIERS: dict[str, Carrier] = {SandboxCarrier.code: SandboxCarrier()}


def carrier(code: str) -> Carrier:
    """The carrier of that code; raises ``LookupError`` for ``manual`` and unknown ones."""
    try:
        return CARRIERS[code]
    except KeyError:
        raise LookupError(f"no carrier {code}") from None


__all__ = [
    "CARRIERS",
    "MANUAL",
    "BadNotice",
    "Booking",
    "Carrier",
    "Label",
    "News",
    "SandboxCarrier",
    "carrier",
]
