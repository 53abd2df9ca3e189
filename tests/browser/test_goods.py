"""Goods come back in a browser: asked for at the desk, taken in by keys, settled from the sheet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser

from returns.carriers import Label
from returns.models import Refund, ReturnAuthorization
from returns.services import parcels
from staff.roles import Role
from staff.services import system_actor
from tests.browser.conftest import Visitor
from tests.factories.people import make_department, make_user
from tests.factories.returns import (
    bring_back_tiers,
    make_address,
    make_delivered_order,
    make_return_ticket,
)
from tests.tickets.portal_page import page_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

PASSWORD = "correct horse battery"
PHONE = {"width": 390, "height": 844}


def fits(visitor: Visitor) -> bool:
    """Nothing sticks out to the right."""
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    return bool(visitor.page.evaluate(wide))


def test_goods_from_the_wish_to_the_sheet(browser: Browser, live_server: Any) -> None:
    bring_back_tiers()
    make_address()
    lead = make_user(Role.LEAD)
    dock = make_department("dock", kind="warehouse")
    bench_user = make_user(Role.WAREHOUSE, department=dock)
    ticket = make_return_ticket(lead, make_delivered_order(delivered_at=None))
    jacket = ticket.order.lines.get(position=1)

    customer = Visitor(browser, live_server.url)
    customer.page.set_viewport_size(PHONE)
    customer.page.goto(f"{page_of(ticket)}?lang=en")
    customer.page.click("text=Return, exchange or repair something")
    customer.page.fill(f"[name=quantity_{jacket.pk}]", "1")
    assert fits(customer)
    customer.page.click("button:has-text('Ask')")
    customer.page.wait_for_selector("text=You may return it")
    assert fits(customer)
    rma = ReturnAuthorization.objects.get()
    parcels.record_label(rma.pk, "sandbox", Label("SBX000000000001"), actor=system_actor())
    call_command("sandbox_carrier", "SBX000000000001", "in_transit", url=live_server.url)
    customer.page.reload()
    customer.page.wait_for_selector("text=Your parcel is on its way to us")

    bench = Visitor(browser, live_server.url)
    bench.sign_in(bench_user.username, PASSWORD)
    bench.page.goto("/admin/returns/returnauthorization/bench/")
    for code in (rma.number, "JKT-1", "A"):
        bench.page.wait_for_selector("#scan:focus")
        bench.page.keyboard.type(code)
        with bench.page.expect_navigation():
            bench.page.keyboard.press("Enter")
    assert "As new, back to stock" in bench.page.content()
    bench.page.set_viewport_size(PHONE)
    assert fits(bench)

    desk = Visitor(browser, live_server.url)
    desk.sign_in(lead.username, PASSWORD)
    desk.page.goto(f"/admin/tickets/ticket/{ticket.number}/change/")
    desk.page.click("text=Sheet and settlement")
    desk.page.wait_for_selector("text=What is owed")
    desk.page.set_viewport_size(PHONE)
    assert fits(desk)
    with desk.page.expect_navigation():
        desk.page.click("text=Settle and ask for the refunds")

    rma.refresh_from_db()
    assert (rma.status, Refund.objects.get().amount) == ("settled", Decimal("299.00"))
    customer.page.reload()
    assert "299.00" in customer.page.content()
    assert [one.complaints for one in (customer, bench, desk)] == [[], [], []]
