"""What a phone or a keyboard alone must reach."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect

from staff.roles import Role
from tests.browser.conftest import Visitor
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket, make_ticket_in
from tests.tickets.case_page import page_of
from tickets.statuses import TicketStatus

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PASSWORD = "correct horse battery"
WIDTH = 390
ACCOUNT = "[aria-controls=account-menu]"


def test_menus_of_a_case_stay_on_a_phones_screen(live_server: Any, browser: Browser) -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    desk = Visitor(browser, live_server.url)
    desk.sign_in(agent.username, PASSWORD)
    desk.page.set_viewport_size({"width": WIDTH, "height": 844})
    desk.page.goto(page_of(ticket))
    menus = desk.page.locator(".case-state .menu")

    assert menus.count() == 2
    for menu in menus.all():
        menu.locator("summary").click()
        box = menu.locator(".menu-list").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= WIDTH
        assert desk.page.evaluate("document.documentElement.scrollWidth") == WIDTH
        menu.locator("summary").click()
    desk.context.close()


def test_page_of_a_mail_is_no_wider_than_a_phone(live_server: Any, browser: Browser) -> None:
    lead = make_user(Role.LEAD)
    letter = make_ticket_in(TicketStatus.RESOLVED, lead).mails.latest("id")
    desk = Visitor(browser, live_server.url)
    desk.sign_in(lead.username, PASSWORD)
    desk.page.set_viewport_size({"width": WIDTH, "height": 844})
    desk.page.goto(reverse("admin:tickets_outboundmail_change", args=[letter.pk]))

    expect(desk.page.get_by_text(letter.mail_id)).to_be_visible()
    assert desk.page.evaluate("document.documentElement.scrollWidth") == WIDTH
    desk.context.close()


def test_account_and_menu_open_from_the_keyboard(live_server: Any, browser: Browser) -> None:
    agent = make_user()
    desk = Visitor(browser, live_server.url)
    desk.sign_in(agent.username, PASSWORD)
    account = desk.page.locator(ACCOUNT)

    account.focus()
    desk.page.keyboard.press("Enter")
    expect(account).to_have_attribute("aria-expanded", "true")
    expect(desk.page.locator("#logout-form button")).to_be_visible()
    desk.page.keyboard.press("Escape")
    expect(account).to_have_attribute("aria-expanded", "false")
    expect(account).to_be_focused()
    desk.page.set_viewport_size({"width": WIDTH, "height": 844})
    opener = desk.page.locator("#menu-button")
    expect(account).to_be_hidden()
    opener.focus()
    desk.page.keyboard.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(account).to_be_visible()
    assert desk.complaints == []
    desk.context.close()
