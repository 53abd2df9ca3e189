"""The keys of the case page walk the list somebody works through."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visitor
from tests.factories.handoffs import make_handoff
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.tickets.case_page import page_of
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PASSWORD = "correct horse battery"
LIST = "/admin/tickets/ticket/?priority=high&sort=activity"


def arrives(desk: Visitor, *tickets: Ticket) -> None:
    """The page of one of the cases is there, with its script."""
    pages = "|".join(re.escape(page_of(ticket)) for ticket in tickets)
    expect(desk.page).to_have_url(re.compile(f"({pages})(#.*)?$"))
    desk.page.wait_for_load_state()


def test_next_and_previous_stay_in_the_list_one_came_from(
    live_server: Any, browser: Browser
) -> None:
    agent = make_user(username="anna")
    third, second, first = (make_ticket(agent, priority="high") for _place in range(3))
    make_ticket(agent, priority="low")
    desk = Visitor(browser, live_server.url)
    desk.sign_in(agent.username, PASSWORD)
    desk.page.goto(LIST)
    desk.page.locator(f'a[href="{page_of(first)}"]').click()
    arrives(desk, first)

    desk.page.keyboard.press("j")
    arrives(desk, second)
    # To a leg of the case and back, where the keys lead nowhere.
    leg = make_handoff(second, agent)
    desk.page.reload()
    desk.page.locator(f'a[href="/admin/handoffs/handoff/{leg.pk}/change/"]').first.click()
    desk.page.wait_for_load_state()
    desk.page.keyboard.press("j")
    desk.page.locator(f'a[href="{page_of(second)}"]').first.click()
    arrives(desk, second)
    # An answer moves the case to the top of that list; the place in it is kept.
    desk.compose("reply", body="We look into it.")
    desk.page.wait_for_load_state()
    desk.page.locator("body").press("j")
    arrives(desk, third)
    desk.page.keyboard.press("k")
    arrives(desk, first, second)
    desk.page.keyboard.press("g")
    desk.page.keyboard.press("q")
    expect(desk.page).to_have_url(re.compile(re.escape(LIST)))

    assert desk.complaints == []
