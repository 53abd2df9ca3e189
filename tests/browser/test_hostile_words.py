"""Abuse cases 42 to 44, 52 and 53 in a real browser: words and files of strangers run nothing.

Alpine evaluates attributes of the pages as code, so a browser has to say whether words get there.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from customers.models import Customer
from staff.models import User
from staff.roles import Role
from tests.browser.conftest import Visitor
from tests.factories.customers import make_order
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.tickets.case_page import page_of as case_page
from tests.tickets.portal_page import page_of as status_page
from tickets.models import SavedReply, Ticket
from tickets.services import conversation
from tickets.services.files import NewFile, add_file

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PASSWORD = "correct horse battery"
SAID = "window.ran = 1"
HOSTILE = (
    f"<script>{SAID}</script>",
    f'"><img src=x onerror="{SAID}">',
    f"';{SAID};'",
    f"}}'; {SAID}; //",
    f"{{{{constructor.constructor('{SAID}')()}}}}",
    f"</textarea><svg/onload={SAID}>",
)
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{SAID}"></svg>'.encode()


@pytest.fixture
def boss() -> User:
    return make_user(Role.ADMINISTRATOR, username="yu", display_name=HOSTILE[2])


@pytest.fixture
def case(boss: User) -> Ticket:
    """A case, its customer, order, files and tools that are all called like code."""
    lead = make_user(Role.LEAD, display_name=HOSTILE[3])
    order = make_order(
        customer={"external_id": "C1", "name": HOSTILE[1], "phone": "13912345678"},
        recipient=HOSTILE[0],
        address=HOSTILE[1],
    )
    for number, words in enumerate(HOSTILE):
        SavedReply(name=f"{number} {words}"[:80], body=words, visibility="all").save()
    words = "\n".join(HOSTILE)
    ticket = make_ticket(
        lead, channel="web", subject=words[:200], body=words, order=order, customer=order.customer
    )
    conversation.note(ticket.pk, actor=lead, body=words)
    add_file(ticket.pk, NewFile(f"{HOSTILE[1]}.svg", SVG), actor=lead)
    return ticket


def test_abuse_42_43_44_52_53_words_of_strangers_run_nothing(
    live_server: Any, browser: Browser, boss: User, case: Ticket
) -> None:
    evil = HOSTILE[1]
    visitor = Visitor(browser, live_server.url)
    page, asked = visitor.page, []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    visitor.sign_in(boss.username, PASSWORD)
    customer = Customer.objects.get(external_id="C1")

    ran = {}
    for address in (
        "/admin/",
        "/admin/tickets/ticket/",
        f"/admin/tickets/ticket/?q={evil}&tag={evil}",
        case_page(case),
        f"{case_page(case)}?reply={evil}",
        "/admin/tickets/savedreply/",
        f"/admin/customers/customer/{customer.pk}/change/",
        f"/admin/customers/order/{case.order_id}/change/",
        f"/admin/customers/order/?q={evil}",
        f"/admin/staff/user/{boss.pk}/change/",
        "/admin/compliance/journalentry/",
        "/admin/compliance/auditevent/",
        "/admin/axes/accesslog/",
        f"/admin/login/?next={evil}",
        status_page(case),
        f"/contact/?subject={evil}",
    ):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        ran[address] = page.evaluate("window.ran || 0")
        assert page.evaluate("document.querySelectorAll('img[src=x], svg[onload]').length") == 0

    assert set(ran.values()) == {0}
    assert asked == []
    assert not [one for one in visitor.complaints if "Content Security Policy" in one]
