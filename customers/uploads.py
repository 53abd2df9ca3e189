"""Files that wait between two pages of an import: unguessable names, gone after a day."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from aftersales.kernel.clock import now

KEPT_FOR = timedelta(days=1)


def folder() -> Path:
    path = Path(settings.MEDIA_ROOT) / "imports"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def keep(content: bytes) -> str:
    """Store a file and return its key; removes what others forgot."""
    sweep()
    key = secrets.token_hex(16)
    path = folder() / key
    path.touch(mode=0o600)
    path.write_bytes(content)
    return key


def read(key: str) -> bytes | None:
    """The content, or None when it is gone."""
    path = folder() / key
    return path.read_bytes() if key.isalnum() and path.is_file() else None


def forget(key: str) -> None:
    if key.isalnum():
        (folder() / key).unlink(missing_ok=True)


def sweep() -> None:
    limit = (now() - KEPT_FOR).timestamp()
    for path in folder().iterdir():
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
