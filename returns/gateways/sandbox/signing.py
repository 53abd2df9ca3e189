"""Signatures after Standard Webhooks: HMAC-SHA256 over ``id.timestamp.body``, a window of time."""

from __future__ import annotations

import base64
import hmac
import secrets
import time
from collections.abc import Mapping
from hashlib import sha256

WINDOW_SECONDS = 300
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


class BadSignature(Exception):
    """The message is not from who it says, or not from now."""


def signature_of(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    told = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret.encode(), told, sha256).digest()).decode()


def headers_for(
    secret: str, body: bytes, *, at: float | None = None, message_id: str = ""
) -> dict[str, str]:
    """Headers that prove ``body``; ``at`` is the moment claimed, now if not given."""
    message_id = message_id or f"msg_{secrets.token_hex(12)}"
    timestamp = str(int(time.time() if at is None else at))
    return {
        ID: message_id,
        TIMESTAMP: timestamp,
        SIGNATURE: signature_of(secret, message_id, timestamp, body),
    }


def verify(secret: str, headers: Mapping[str, str], body: bytes, *, moment: float) -> str:
    """The message's id; raises ``BadSignature`` for a missing, wrong or old signature."""
    told = {name.lower(): value for name, value in headers.items()}
    message_id, timestamp = told.get(ID, ""), told.get(TIMESTAMP, "")
    given = told.get(SIGNATURE, "")
    if not (message_id and given and timestamp.isascii() and timestamp.isdecimal()):
        raise BadSignature("no signature")
    if len(timestamp) > 12 or abs(moment - int(timestamp)) > WINDOW_SECONDS:
        raise BadSignature("too old")
    wanted = signature_of(secret, message_id, timestamp, body)
    if not any(hmac.compare_digest(wanted.encode(), one.encode()) for one in given.split(" ")):
        raise BadSignature("wrong signature")
    return message_id
