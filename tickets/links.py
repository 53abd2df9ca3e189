"""Addresses that prove themselves: the customer's status page and our own mail ids."""

from __future__ import annotations

import hmac
import re
import secrets
import uuid
from hashlib import sha256

from django.conf import settings
from django.core import signing

SALT = "tickets.status-link"


def link_token(public_id: uuid.UUID) -> str:
    """Signed token for an address; says nothing about the case."""
    return signing.Signer(salt=SALT).sign(public_id.hex)


def read_link_token(token: str) -> uuid.UUID | None:
    """The link's id, or ``None`` for anything we did not sign."""
    try:
        return uuid.UUID(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def status_url(public_id: uuid.UUID) -> str:
    return f"{settings.PUBLIC_URL}/s/{link_token(public_id)}/"


MAIL_ID = re.compile(r"<?desk\.(\d+)\.([0-9a-f]{12})\.([0-9a-f]{20})@[^>\s]+>?")


def mail_signature(ticket_id: int, nonce: str, secret: str = "") -> str:
    key = f"tickets.mail-id:{secret or settings.SECRET_KEY}".encode()
    return hmac.new(key, f"{ticket_id}.{nonce}".encode(), sha256).hexdigest()[:20]


def new_mail_id(ticket_id: int) -> str:
    """Message-ID that threads replies: the case's id under our HMAC (never a bare number)."""
    nonce = secrets.token_hex(6)
    signature = mail_signature(ticket_id, nonce)
    return f"<desk.{ticket_id}.{nonce}.{signature}@{settings.MAIL_DOMAIN}>"


def thread_root(ticket_id: int) -> str:
    """A Message-ID nobody ever sent: every mail of a case refers to it, so programs thread them."""
    nonce = "0" * 12
    signature = mail_signature(ticket_id, nonce)
    return f"<desk.{ticket_id}.{nonce}.{signature}@{settings.MAIL_DOMAIN}>"


def ticket_of_mail_id(mail_id: str) -> int | None:
    """The case behind one of our Message-IDs; ``None`` unless the HMAC is right, under the key of
    today or an earlier one: customers answer mails that are months old."""
    match = MAIL_ID.fullmatch(mail_id.strip())
    if match is None:
        return None
    ticket_id, nonce, signature = match.groups()
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if hmac.compare_digest(mail_signature(int(ticket_id), nonce, secret), signature):
            return int(ticket_id)
    return None
