"""Identifiers that follow time."""

from __future__ import annotations

import os
import time
import uuid


def ordered_uuid() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562): milliseconds since 1970, then 74 random bits.

    For ids that are indexed and no secret: new ones lie side by side in an index. Random ones touch
    another page each, and PostgreSQL writes every page whole into its log at the first touch after
    a checkpoint: 18 kB for a save instead of 2.
    """
    moment = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10))
    head = (moment & 0xFFFF_FFFF_FFFF) << 16 | 0x7000 | noise >> 68
    return uuid.UUID(int=head << 64 | 0b10 << 62 | noise & (1 << 62) - 1)
