"""Files that wait between two pages of an import: unguessable names, gone after a day."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse

from aftersales.kernel.clock import now

KEPT_FOR = timedelta(days=1)


def folder() -> Path:
    path = Path(settings.MEDIA_ROOT) / "imports"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def keep(content: bytes) -> str:
    """Store a file and return its key."""
    key = secrets.token_hex(16)
    path = folder() / key
    path.touch(mode=0o600)
    path.write_bytes(content)
    return key


def read(key: str) -> bytes | None:
    """The content, or None when it is gone."""
    path = path_of(key)
    return path.read_bytes() if path else None


def path_of(key: str) -> Path | None:
    """Where the file lies, or None when it is gone."""
    path = folder() / key
    return path if key.isalnum() and path.is_file() else None


def forget(key: str) -> None:
    if key.isalnum():
        (folder() / key).unlink(missing_ok=True)


def drop(session: MutableMapping[str, Any], name: str) -> None:
    """Forget the file that a session keeps under this name, if it does."""
    earlier = session.pop(name, None)
    if earlier:
        forget(earlier["key"])


def csv_download(session: Mapping[str, Any], name: str, file_name: str) -> HttpResponse:
    """The file that a session keeps under this name, for saving; raises ``Http404`` without one."""
    content = read((session.get(name) or {}).get("key", ""))
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response["Cache-Control"] = "no-store"
    return response


def sweep() -> int:
    """Remove what is older than ``KEPT_FOR``; returns how many. A duty does so every hour: the
    files hold people's addresses, and the next import may be months away."""
    limit = (now() - KEPT_FOR).timestamp()
    removed = 0
    for path in folder().iterdir():
        with suppress(FileNotFoundError):  # its import has just been finished
            if path.stat().st_mtime < limit:
                path.unlink()
                removed += 1
    return removed
