"""What every carrier can do for us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

MANUAL = "manual"


class BadNotice(Exception):
    """A notification that is forged, stale or not understood; nothing is done with it."""


@dataclass(frozen=True, slots=True)
class Booking:
    """A parcel to be booked; ``reference`` makes booking twice the same booking."""

    reference: str
    recipient: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class Label:
    """What the customer prints or shows."""

    tracking_number: str


@dataclass(frozen=True, slots=True)
class News:
    """One notification: ``code`` is a ``ParcelStatus``, ``event_id`` the carrier's own id."""

    event_id: str
    tracking_number: str
    code: str
    happened_at: datetime
    place: str = ""


class Carrier(Protocol):
    """Booking may call out and runs outside any transaction; reading is pure."""

    code: ClassVar[str]

    def book(self, booking: Booking) -> Label:
        """Book or find the booking of that reference."""

    def read(self, body: bytes, headers: Mapping[str, str], moment: datetime) -> News:
        """The notification if its signature and time are right, else ``BadNotice``."""
