"""The file store: bytes under their SHA-256, written once, never changed."""

from __future__ import annotations

import os
import shutil
import tempfile
from hashlib import file_digest, sha256
from pathlib import Path

from django.conf import settings


def path_of(digest: str, suffix: str = "") -> Path:
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest[2:4] / f"{digest}{suffix}"


def put(content: bytes, *, digest: str = "", suffix: str = "") -> str:
    """Store bytes and return their digest; storing the same bytes twice is once.

    ``digest`` with ``suffix`` stores something derived (a thumbnail) beside its source.
    """
    digest = digest or sha256(content).hexdigest()
    target = path_of(digest, suffix)
    if target.exists():
        return digest
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(name).rename(target)
    return digest


def put_file(source: Path) -> str:
    """Store a file of any size and return its digest."""
    with source.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    target = path_of(digest)
    if target.exists():
        return digest
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as out, source.open("rb") as file:
        shutil.copyfileobj(file, out, 1 << 20)
        out.flush()
        os.fsync(out.fileno())
    Path(name).rename(target)
    return digest


def read(digest: str, suffix: str = "") -> bytes:
    """The stored bytes; raises ``FileNotFoundError``."""
    return path_of(digest, suffix).read_bytes()
