"""The file store: once per content, whole or not at all."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tickets import files


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "store"
    return tmp_path / "store"


def stored(store: Path) -> list[str]:
    return sorted(path.name for path in store.rglob("*") if path.is_file())


def test_same_bytes_are_stored_once(store: Path) -> None:
    digests = {files.put(b"one"), files.put(b"one"), files.put(b"two")}

    assert digests == {sha256(b"one").hexdigest(), sha256(b"two").hexdigest()}
    assert stored(store) == sorted(digests)
    assert files.read(sha256(b"one").hexdigest()) == b"one"


def test_a_file_of_any_size_is_the_same_as_its_bytes(store: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x" * 3_000_000)

    digest = files.put_file(source)

    assert digest == files.put(b"x" * 3_000_000)
    assert stored(store) == [digest]


def test_what_is_derived_lies_beside_its_source(store: Path) -> None:
    digest = files.put(b"picture")
    files.put(b"small", digest=digest, suffix=".thumb")

    assert files.read(digest, ".thumb") == b"small"
    assert stored(store) == [digest, f"{digest}.thumb"]


def test_a_full_disk_leaves_nothing_behind(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.put(b"one")

    assert stored(store) == []


def test_bytes_and_then_their_name_are_on_the_disk(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def remember(handle: int) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{handle}"))
        synced.append((str(path.relative_to(store)).partition(".")[0], stored(store)))

    synced: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(files.os, "fsync", remember)
    digest = files.put(b"one")

    shard = digest[:2]
    assert [name for name, _seen in synced] == ["", f"{shard}/{digest}", shard]
    assert digest not in synced[1][1]
    assert synced[2][1] == [digest]
