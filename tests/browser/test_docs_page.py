"""The documentation page, under the page's own security policy."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser

from tests.factories.people import make_user


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_docs_page_lists_the_verbs_and_breaks_no_policy(browser: Browser, live_server: Any) -> None:
    client = Client()
    client.force_login(make_user(), backend="staff.backends.RoleBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    said: list[str] = []
    context = browser.new_context()
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page = context.new_page()
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))

    page.goto(f"{live_server.url}/api/v1/docs/")
    page.locator("#operations-tag-tickets").wait_for(state="attached", timeout=30_000)
    groups = page.locator(".opblock-tag").count()
    page.locator("#operations-tag-tickets").click()
    page.locator(".opblock").nth(59).wait_for(state="attached", timeout=30_000)
    text = page.inner_text("body")
    if target := os.environ.get("DESK_DOCS_SHOT"):
        page.screenshot(path=target)
    context.close()

    assert [line for line in said if line.startswith(("error", "warning"))] == []
    assert groups >= 20
    assert "acknowledge" in text
