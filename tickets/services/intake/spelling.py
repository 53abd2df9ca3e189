"""Foreign ids and names as a column and a page can hold them."""

from __future__ import annotations

from hashlib import sha256

LONGEST_ID = 250


def clean_id(external_id: str) -> str:
    """The sender's id as a column can hold it; a too long one ends in its digest."""
    bare = printable(external_id)
    if len(bare) <= LONGEST_ID:
        return bare
    digest = sha256(bare.encode("utf-8", "replace")).hexdigest()
    return f"{bare[: LONGEST_ID - 65]}-{digest}"


def twin_id(external_id: str, digest: str) -> str:
    """An id of its own for other bytes under a known id; two spaces, so no sender can write it."""
    mark = f"  sha256:{digest}"
    return external_id[: LONGEST_ID - len(mark)] + mark


def printable(text: str) -> str:
    """One line that PostgreSQL and a page can show: no control characters, no half surrogates."""
    kept = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(kept.split())
