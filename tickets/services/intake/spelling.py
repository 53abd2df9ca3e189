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


def caller_id(caller: int, number: str, case_number: str) -> str:
    """The id of an API call: the caller's own number, told apart from any other that looks like it;
    a call without one is known by its case. Two spaces, as in ``twin_id``."""
    if not number:
        return f"{caller}  {case_number}"
    spelled = f"{caller}:{number}"
    bare = clean_id(spelled)
    return (
        bare
        if bare == spelled
        else twin_id(bare, sha256(spelled.encode("utf-8", "surrogatepass")).hexdigest())
    )


def twin_id(external_id: str, digest: str) -> str:
    """An id of its own for other bytes under a known id; two spaces, so no sender can write it."""
    mark = f"  sha256:{digest}"
    return external_id[: LONGEST_ID - len(mark)] + mark


def printable(text: str) -> str:
    """One line that PostgreSQL and a page can show: no control characters, no half surrogates."""
    kept = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(kept.split())
