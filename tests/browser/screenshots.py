"""`make screenshots`: every page that counts, in both languages, both themes, both widths.

Starts a desk of its own on a scratch database, walks through it with Debian's Chromium, writes
pictures and a contact sheet to `.data/screenshots/`, and fails on console errors, blocked content
and pages wider than the screen.
"""

from __future__ import annotations

import html
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from aftersales.bench.server import free_port
from aftersales.database import BASE_DIR, data_dir
from aftersales.demo.logins import PASSWORD, demo_logins
from aftersales.management.commands.demo import answers

STYLE = (
    "body{font:14px sans-serif}figure{margin:0}img{max-width:100%;border:1px solid #bbb}"
    "main{display:grid;gap:16px;grid-template-columns:repeat(auto-fill,minmax(320px,1fr))}"
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
SIZES = {"wide": (1280, 800), "phone": (390, 844)}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
THEMES = ("light", "dark")
START_SECONDS = 240.0
CASES = 120
QUEUE = "/admin/tickets/ticket/"
RETURNS = "/admin/returns/returnauthorization/"


@dataclass(frozen=True, slots=True)
class Shot:
    """A page; with `follow` the first link on it that contains this."""

    name: str
    path: str
    user: str = ""
    follow: str = ""


def shots(status_path: str) -> list[Shot]:
    """Everything to be looked at, signed-out pages first."""
    names = {label: user for label, user, _password in demo_logins()}
    return [
        Shot("sign-in", "/admin/login/"),
        Shot("web-form", "/contact/"),
        Shot("status-page", status_path),
        *[Shot(f"home-{user.split('.')[0]}", "/admin/", user) for user in names.values()],
        *case_shots(names["Service agent"], names["Administrator"]),
        *record_shots(names["Auditor"], names["Administrator"]),
        *money_shots(
            names["Service agent"], names["Department lead"], names["Warehouse"], names["Finance"]
        ),
    ]


def case_shots(agent: str, administrator: str) -> list[Shot]:
    """The queue, cases, departments, customers and orders."""
    return [
        Shot("queue", QUEUE, agent),
        Shot("queue-all", f"{QUEUE}?status=any", agent),
        Shot("search", f"{QUEUE}?q=refund", agent),
        Shot("case", QUEUE, agent, "/tickets/ticket/T-"),
        Shot("case-closed", f"{QUEUE}?status=closed", agent, "/tickets/ticket/T-"),
        Shot("departments", "/admin/handoffs/handoff/?place=open", agent),
        Shot("leg", "/admin/handoffs/handoff/?place=open", agent, "/change/"),
        Shot("responsibilities", "/admin/handoffs/responsibilityrule/", administrator),
        Shot("examples", "/admin/handoffs/caseexample/", agent),
        Shot("new-case", f"{QUEUE}add/", agent),
        Shot("customers", "/admin/customers/customer/", agent),
        Shot("customer", "/admin/customers/customer/", agent, "/change/"),
        Shot("orders", "/admin/customers/order/", agent),
        Shot("order", "/admin/customers/order/", agent, "/change/"),
    ]


def record_shots(auditor: str, administrator: str) -> list[Shot]:
    """What was done, what came in, what went out, what runs."""
    return [
        Shot("changes", "/admin/compliance/journalentry/", auditor),
        Shot("events", "/admin/compliance/auditevent/", auditor),
        Shot("outbox", "/admin/tickets/outboundmail/", administrator),
        Shot("intake", "/admin/tickets/rawintake/", administrator),
        Shot("import-reviews", "/admin/tickets/rawintake/reviews/", administrator),
        Shot("jobs", "/admin/compliance/heartbeat/", administrator),
    ]


def money_shots(agent: str, lead: str, warehouse: str, finance: str) -> list[Shot]:
    """Returns, approvals, refunds and the books."""
    return [
        Shot("returns-to-decide", f"{RETURNS}?status__exact=needs_review", agent),
        Shot("returns", RETURNS, lead),
        Shot("return", f"{RETURNS}?status__exact=settled", agent, "/change/"),
        Shot("bench", f"{RETURNS}bench/", warehouse),
        Shot("bench-return", f"{RETURNS}bench/", warehouse, "/returnauthorization/bench/"),
        Shot("approvals", "/admin/returns/approvalrequest/", lead),
        Shot("approval", "/admin/returns/approvalrequest/", lead, "?refund="),
        Shot("refunds", "/admin/returns/refund/", finance),
        Shot("refund", "/admin/returns/refund/", finance, "/change/"),
        Shot("holds", "/admin/returns/guardhold/", lead),
        Shot("differences", "/admin/returns/reconciliationitem/", finance),
        Shot("statements", "/admin/returns/statement/", finance),
        Shot("ledger", "/admin/returns/ledgerentry/", finance),
        Shot("store-credit", "/admin/returns/storecredit/", finance),
        Shot("compensation-costs", "/admin/returns/compensationgrant/costs/", lead),
    ]


@dataclass(slots=True)
class Gallery:
    """Pictures taken and faults found."""

    folder: Path
    pictures: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def blame(self, where: str, what: str) -> None:
        fault = f"{where}: {what}"
        if fault not in self.faults:
            self.faults.append(fault)

    def write_index(self) -> None:
        """A contact sheet."""
        figures = "\n".join(
            f'<figure><a href="{name}"><img src="{name}" loading="lazy"></a>'
            f"<figcaption>{html.escape(name)}</figcaption></figure>"
            for name in self.pictures
        )
        faults = "".join(f"<li>{html.escape(fault)}</li>" for fault in self.faults)
        page = (
            f"<!doctype html><meta charset=utf-8><title>Screenshots</title><style>{STYLE}</style>"
        )
        (self.folder / "index.html").write_text(f"{page}<ol>{faults}</ol><main>{figures}</main>")


class Walk:
    """One language, theme and width."""

    def __init__(
        self, browser: Browser, base: str, gallery: Gallery, look: tuple[str, str, str]
    ) -> None:
        self.browser, self.base, self.gallery = browser, base, gallery
        self.language, self.theme, self.size = look
        self.contexts: dict[str, BrowserContext] = {}

    def context(self, user: str) -> BrowserContext:
        """A browser window of that person, signed in."""
        if user not in self.contexts:
            width, height = SIZES[self.size]
            context = self.browser.new_context(
                viewport={"width": width, "height": height},
                locale="zh-CN" if self.language == "zh" else "en-GB",
                color_scheme="dark" if self.theme == "dark" else "light",
                is_mobile=False,
            )
            context.add_init_script(
                f"localStorage.setItem('adminTheme', JSON.stringify('{self.theme}'));"
                "window.__overflow = 0;"
            )
            context.set_default_timeout(30_000)
            self.contexts[user] = context
            if user:
                self.sign_in(context, user)
        return self.contexts[user]

    def sign_in(self, context: BrowserContext, user: str) -> None:
        page = context.new_page()
        page.goto(f"{self.base}/admin/login/?lang={LANGUAGES[self.language]}")
        page.fill("input[name=username]", user)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/admin/")
        page.close()

    def take(self, shot: Shot) -> None:
        name = f"{shot.name}-{self.language}-{self.theme}-{self.size}"
        page = self.context(shot.user).new_page()
        page.on("pageerror", lambda error: self.gallery.blame(name, f"script error: {error}"))
        page.on("console", lambda entry: self.listen(name, entry))
        try:
            self.visit(page, shot, name)
        except Exception as error:  # one page must not hide the others
            self.gallery.blame(name, str(error).splitlines()[0])
        finally:
            page.close()

    def listen(self, name: str, entry: ConsoleMessage) -> None:
        if entry.type == "error":
            self.gallery.blame(name, entry.text[:300])

    def visit(self, page: Page, shot: Shot, name: str) -> None:
        joint = "&" if "?" in shot.path else "?"
        answer = page.goto(f"{self.base}{shot.path}{joint}lang={LANGUAGES[self.language]}")
        if shot.follow:
            links = page.locator(f"main a[href*='{shot.follow}'], #main a[href*='{shot.follow}']")
            if links.count() == 0:
                links = page.locator(
                    f"table a[href*='{shot.follow}'], a[href*='{shot.follow}'][href*='change']"
                )
            answer = page.goto(self.base + (links.first.get_attribute("href") or ""))
        if answer is not None and answer.status >= 400:
            self.gallery.blame(name, f"status {answer.status}")
        page.wait_for_load_state("load")
        page.wait_for_timeout(250)
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if self.size == "phone" and width > 1:
            self.gallery.blame(name, f"wider than the screen by {width} px")
        page.screenshot(path=self.gallery.folder / f"{name}.png")
        self.gallery.pictures.append(f"{name}.png")

    def close(self) -> None:
        for context in self.contexts.values():
            context.close()


@contextmanager
def running_demo(folder: Path) -> Iterator[str]:
    """`manage.py demo` on a scratch database; yields its address."""
    port = free_port()
    env = {**os.environ, "DESK_DATA_DIR": str(folder), "DESK_DEMO": "1"}
    env.pop("DATABASE_URL", None)
    command = [sys.executable, str(BASE_DIR / "manage.py"), "demo", "--port", str(port)]
    command += ["--cases", str(CASES), "--follow-parent"]
    process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}"
        wait_until_healthy(base, process)
        yield base
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(60)
        process.kill()


def wait_until_healthy(base: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit("The demo ended before it was ready.")
        if answers(int(base.rpartition(":")[2])):
            return
        time.sleep(0.5)
    raise SystemExit(f"The demo was not ready after {START_SECONDS:.0f} s.")


def status_path(folder: Path) -> str:
    """The status page of the newest case with an open proposal, from the demo's database."""
    code = (
        "from tickets.models import StatusLink; from tickets.links import status_url;"
        "link = StatusLink.objects.filter(ticket__proposals__status='offered').latest('id');"
        "print('PATH', '/s/' + status_url(link.public_id).rstrip('/').rpartition('/')[2] + '/')"
    )
    command = [sys.executable, str(BASE_DIR / "manage.py"), "shell", "-c", code]
    env = {**os.environ, "DESK_DATA_DIR": str(folder)}
    env.pop("DATABASE_URL", None)
    printed = subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout
    return printed.partition("PATH ")[2].split()[0]


def main() -> int:
    chromium = shutil.which("chromium")
    if chromium is None:
        print("Chromium is missing. On Debian: apt-get install chromium fonts-noto-cjk")  # noqa: T201
        return 2
    folder = data_dir() / "screenshots"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    gallery = Gallery(folder)
    with (
        tempfile.TemporaryDirectory(prefix="desk-shots-") as scratch,
        sync_playwright() as playwright,
        running_demo(Path(scratch)) as base,
    ):
        path = status_path(Path(scratch))
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for language in LANGUAGES:
            for theme in THEMES:
                for size in SIZES:
                    walk = Walk(browser, base, gallery, (language, theme, size))
                    for shot in shots(path):
                        walk.take(shot)
                    walk.close()
        browser.close()
    gallery.write_index()
    for fault in gallery.faults:
        print(fault)  # noqa: T201 -- a command
    print(f"{len(gallery.pictures)} pictures, {len(gallery.faults)} faults: {folder}/index.html")  # noqa: T201
    return 1 if gallery.faults else 0


if __name__ == "__main__":
    sys.exit(main())
