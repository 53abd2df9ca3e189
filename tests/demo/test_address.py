"""The links in the demo's mails lead to the port that was asked for."""

from __future__ import annotations

import signal
from typing import Any

import pytest
from django.conf import settings as live_settings

from aftersales.management.commands import demo


def test_cases_are_invented_with_the_address_of_the_port(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    seen: list[str] = []
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    monkeypatch.setenv("DESK_PUBLIC_URL", "")
    monkeypatch.delenv("DESK_PUBLIC_URL")
    monkeypatch.setattr(signal, "signal", lambda *_args: None)
    monkeypatch.setattr(demo, "require_free_port", lambda _port: None)
    monkeypatch.setattr("django.db.connections.close_all", lambda: None)
    monkeypatch.setattr("aftersales.database.is_embedded", lambda: False)
    monkeypatch.setattr(
        demo.Command, "prepare", lambda _self, _cases: seen.append(live_settings.PUBLIC_URL)
    )
    monkeypatch.setattr(demo.Command, "serve", lambda _self, _port: None)

    demo.Command().handle(port=8233, cases=1, follow_parent=False)

    assert seen == ["http://127.0.0.1:8233"]
