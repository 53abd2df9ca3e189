"""The documentation page, in a real browser, under the page's own security policy."""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.factories.people import make_user

CHROMIUM = shutil.which("chromium")


@pytest.mark.browser
@pytest.mark.skipif(
    not CHROMIUM and not os.environ.get("DESK_REQUIRE_BROWSER"), reason="needs chromium"
)
@pytest.mark.django_db(transaction=True)
def test_docs_page_lists_the_verbs_and_breaks_no_policy(
    live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    client = Client()
    client.force_login(make_user(), backend="staff.backends.RoleBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    # Playwright keeps an event loop in this thread; the database is used after it only.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    said: list[str] = []

    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context()
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        page = context.new_page()
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        page.goto(f"{live_server.url}/api/v1/docs/")
        page.wait_for_selector(".opblock", timeout=20_000)
        blocks = page.locator(".opblock").count()
        text = page.inner_text("body")
        if target := os.environ.get("DESK_DOCS_SHOT"):
            page.screenshot(path=target)
        browser.close()

    assert [line for line in said if line.startswith(("error", "warning"))] == []
    assert blocks >= 60
    assert "acknowledge" in text
