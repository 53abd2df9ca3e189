"""The file store: bytes under their SHA-256, written once, never changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest, sha256
from pathlib import Path
from typing import BinaryIO, Final
from uuid import uuid4

from django.conf import settings

NEW_FILE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def path_of(digest: str, suffix: str = "") -> Path:
    return Path(settings.MEDIA_ROOT, digest[:2], f"{digest}{suffix}")


def put(content: bytes, *, digest: str = "", suffix: str = "") -> str:
    """Store bytes and return their digest; storing the same bytes twice is once.

    ``digest`` with ``suffix`` stores something derived (a thumbnail) beside its source.
    """
    digest = digest or sha256(content).hexdigest()
    target = path_of(digest, suffix)
    if not target.exists():
        with _arriving(target) as file:
            file.write(content)
    return digest


def put_file(source: Path) -> str:
    """Store a file of any size and return its digest."""
    with source.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    target = path_of(digest)
    if not target.exists():
        with _arriving(target) as out, source.open("rb") as file:
            shutil.copyfileobj(file, out, 1 << 20)
    return digest


@contextmanager
def _arriving(target: Path) -> Iterator[BinaryIO]:
    """A file to fill; on the disk and under its name when the block ends, gone if it fails."""
    name = f"{target}.{uuid4().hex}"
    try:
        handle = os.open(name, NEW_FILE, 0o600)
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
        _settle(target.parent.parent)
        handle = os.open(name, NEW_FILE, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(handle)
        os.rename(name, target)
    except BaseException:
        os.unlink(name)
        raise
    _settle(target.parent)


def _settle(folder: Path) -> None:
    """Have the names in a folder on the disk: a row that is committed afterwards points to them."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(digest: str, suffix: str = "") -> bytes:
    """The stored bytes; raises ``FileNotFoundError``."""
    return path_of(digest, suffix).read_bytes()
