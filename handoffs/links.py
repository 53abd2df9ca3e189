"""Addresses that prove themselves: an outsider's page for one leg."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core import signing

SALT = "handoffs.party-link"


def link_token(public_id: uuid.UUID) -> str:
    """Signed token for an address; says nothing about case or leg."""
    return signing.Signer(salt=SALT).sign(public_id.hex)


def read_link_token(token: str) -> uuid.UUID | None:
    """The link's id, or ``None`` for anything we did not sign for this purpose."""
    try:
        return uuid.UUID(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def party_url(public_id: uuid.UUID) -> str:
    return f"{settings.PUBLIC_URL}/h/{link_token(public_id)}/"
