"""Where real workers of these tests find database and mails."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection


@pytest.fixture
def mails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder mails arrive in; the environment makes workers use it and this test's database."""
    folder = tmp_path / "mails"
    folder.mkdir()
    monkeypatch.setenv("DESK_TEST_MAILS", str(folder))
    monkeypatch.setenv("DESK_TEST_DATABASE", str(connection.settings_dict["NAME"]))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.concurrency.worker_settings")
    return folder
