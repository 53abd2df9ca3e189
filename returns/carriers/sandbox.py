"""A carrier of our own for trying things out: books at once, signs its notifications."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, ClassVar

from django.utils.crypto import salted_hmac

from returns.carriers.base import BadNotice, Booking, Label, News
from returns.statuses import ParcelStatus

SIGNATURE = "X-Sandbox-Signature"
TIME = "X-Sandbox-Time"
# A notification older than this, or that far ahead, is a replay or a wrong clock.
WINDOW = timedelta(minutes=5)
LONGEST_BODY = 4096


def sign(body: bytes, stamp: str) -> str:
    """HMAC-SHA256 over time and body, with a key derived from the installation's secret."""
    signed = salted_hmac(
        "returns.carriers.sandbox", stamp.encode() + b"." + body, algorithm="sha256"
    )
    return signed.hexdigest()


class SandboxCarrier:
    """Numbers follow from the reference, so that a second booking is the first one."""

    code: ClassVar[str] = "sandbox"

    def book(self, booking: Booking) -> Label:
        digits = int(sha256(booking.reference.encode()).hexdigest(), 16) % 10**12
        return Label(tracking_number=f"SBX{digits:012d}")

    def read(self, body: bytes, headers: Mapping[str, str], moment: datetime) -> News:
        stamp = headers.get(TIME, "")
        if len(body) > LONGEST_BODY:
            raise BadNotice("too long")
        if not hmac.compare_digest(sign(body, stamp).encode(), headers.get(SIGNATURE, "").encode()):
            raise BadNotice("bad signature")
        if not stamp.isdecimal() or len(stamp) > 12:
            raise BadNotice("bad time")
        if abs(moment - datetime.fromtimestamp(int(stamp), UTC)) > WINDOW:
            raise BadNotice("outside the time window")
        return parse(body)


def parse(body: bytes) -> News:
    """The news in a signed body; raises ``BadNotice`` for anything else."""
    try:
        told: Any = json.loads(body)
        news = News(
            event_id=str(told["event_id"])[:100],
            tracking_number=str(told["tracking_number"])[:64],
            code=ParcelStatus(told["code"]).value,
            happened_at=datetime.fromisoformat(told["happened_at"]),
            place=str(told.get("place", ""))[:100],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise BadNotice("not understood") from problem
    if news.happened_at.tzinfo is None or not news.event_id:
        raise BadNotice("not understood")
    return news
