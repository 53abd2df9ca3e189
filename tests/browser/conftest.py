"""A real Chromium against a real server; a missing browser skips here and fails in CI."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    sync_playwright,
)

CHROMIUM = shutil.which("chromium") or ""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Playwright's own event loop makes Django take this thread for an asynchronous one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        if os.environ.get("DESK_REQUIRE_BROWSER"):
            pytest.fail("Chromium is required here (apt-get install chromium)")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def pages_close_first(transactional_db: None, browser: Browser) -> Iterator[None]:
    """A page that still asks for something would hold tables while they are emptied."""
    yield
    for context in browser.contexts:
        context.close()


class Visitor:
    """One person at one browser; what the page complains of in its console is kept."""

    def __init__(
        self,
        browser: Browser,
        base_url: str,
        language: str = "en-US",
        time_zone: str | None = None,
    ) -> None:
        self.context: BrowserContext = browser.new_context(
            base_url=base_url,
            locale=language,
            timezone_id=time_zone,
            viewport={"width": 1280, "height": 800},
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self.listen)

    def listen(self, entry: ConsoleMessage) -> None:
        if entry.type == "error":
            self.complaints.append(f"{entry.text} {entry.location.get('url', '')}")

    def sign_in(self, username: str, password: str) -> None:
        self.page.goto("/admin/login/?lang=en")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url("**/admin/")

    def verb(self, code: str, **fields: str) -> None:
        """Press a verb of the case page; fill and send the dialog if it opens one."""
        self.page.locator(f"[data-verb={code}]").first.wait_for(state="attached")
        button = self.page.locator(f"[data-verb={code}]:visible")
        if not button.count():
            self.page.locator(f"details:has([data-verb={code}]) > summary").first.click()
        if not fields:
            with self.page.expect_navigation():
                button.first.click()
            return
        button.first.click()
        dialog = self.page.locator("dialog[open]")
        for name, value in fields.items():
            fill(dialog.locator(f"[name={name}]"), value)
        with self.page.expect_navigation():
            dialog.locator("button[type=submit]").click()

    def compose(self, tab: str, **fields: str) -> None:
        """Use one tab of the composer."""
        self.page.locator(f"label[for=tab-{tab}]").click()
        panel = self.page.locator(f"[data-panel={tab}]")
        for name, value in fields.items():
            fill(panel.locator(f"[name={name}]"), value)
        with self.page.expect_navigation():
            panel.locator("button.primary").click()


def fill(field: Locator, value: str) -> None:
    """Type into a field or choose from a list."""
    if field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)
