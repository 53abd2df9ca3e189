"""A return by hand from the status page to the auditor; the gateway loses its answer on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from playwright.sync_api import Browser, expect

from aftersales.kernel.clock import now
from compliance.events import label
from compliance.models import AuditEvent
from customers.models import Order
from returns.gateways.sandbox.server import SandboxServer
from returns.models import Refund, ReturnAuthorization
from returns.queries.money_checks import check_money
from staff.models import User
from staff.roles import Role
from tests.browser.conftest import Visitor
from tests.factories.money import ensure_tiers, make_money_lead
from tests.factories.people import make_department, make_user
from tests.factories.returns import (
    make_address,
    make_delivered_order,
    make_return_ticket,
)
from tests.tickets.portal_page import page_of
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

PASSWORD = "correct horse battery"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
# What has to be on record, in this order, and who did it.
STEPS = [
    ("returns.requested", "system"),
    ("returns.authorized", "system"),
    ("returns.label_made", "system"),
    ("returns.received", "ken"),
    ("returns.inspected", "ken"),
    ("returns.refund_submitted", "lea"),
    ("returns.settled", "lea"),
    ("returns.refund_approved", "mo"),
    ("returns.refund_sent", "system"),
    ("returns.refund_unknown", "system"),
    ("returns.refund_succeeded", "system"),
    ("returns.closed", "system"),
    ("tickets.closed", "lea"),
]
RunJobs = Callable[[], list[str]]


@pytest.fixture
def sandbox(settings: Any, tmp_path: Path) -> Iterator[SandboxServer]:
    """Our gateway, listening, with empty books."""
    server = SandboxServer(0, tmp_path / "books.sqlite3", settings.SANDBOX_GATEWAY_SECRET)
    settings.REFUND_GATEWAY = "sandbox"
    settings.SANDBOX_GATEWAY_URL = server.url
    server.start()
    yield server
    server.stop()


def fits(visitor: Visitor) -> bool:
    """Nothing sticks out to the right."""
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    return bool(visitor.page.evaluate(wide))


def make_dear_order() -> Order:
    """One coat for more than a lead may approve without the password."""
    coat = {"sku": "JKT-1", "name": "Coat", "quantity": 1, "unit_price": "899.00"}
    paid = {"external_id": "P1", "method": "alipay", "captured": "899.00"}
    return make_delivered_order(
        delivered_at=None,
        total="899.00",
        lines=[coat | {"paid_amount": "899.00"}],
        payments=[paid | {"paid_at": "2026-03-01T10:01:00+08:00"}],
    )


def ask_as_customer(customer: Visitor, ticket: Ticket) -> ReturnAuthorization:
    """On a phone: ask, read the verdict."""
    assert ticket.order
    page, coat = customer.page, ticket.order.lines.get()
    page.set_viewport_size(PHONE)
    page.goto(f"{page_of(ticket)}?lang=en")
    page.click("text=Return, exchange or repair something")
    page.fill(f"[name=quantity_{coat.pk}]", "1")
    assert fits(customer)
    page.click("button:has-text('Ask')")
    expect(page.locator("#returns")).to_contain_text("You may return it")
    assert fits(customer)
    return ReturnAuthorization.objects.get()


def send_the_parcel(customer: Visitor, rma: ReturnAuthorization, desk_url: str) -> None:
    """Open the label; the carrier tells of the parcel with signed notices."""
    page = customer.page
    page.reload()
    page.get_by_role("link", name="Label", exact=True).click()
    parcel = rma.parcels.get()
    expect(page.locator("body")).to_contain_text(parcel.tracking_number)
    page.get_by_role("link", name="Back").click()
    call_command("sandbox_carrier", parcel.tracking_number, "in_transit", url=desk_url)
    page.reload()
    expect(page.locator("#returns")).to_contain_text("Your parcel is on its way to us")
    call_command("sandbox_carrier", parcel.tracking_number, "delivered", url=desk_url)


def scan_and_grade(bench: Visitor, rma: ReturnAuthorization) -> None:
    """A scanner types as a keyboard does: the return, the article, the grade."""
    page = bench.page
    page.goto("/admin/returns/returnauthorization/bench/")
    for code in (rma.number, "JKT-1", "A"):
        page.wait_for_selector("#scan:focus")
        page.keyboard.type(code)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text("As new, back to stock")
    page.set_viewport_size(PHONE)
    assert fits(bench)


def settle_from_the_sheet(desk: Visitor, ticket: Ticket) -> Refund:
    page = desk.page
    page.goto(f"/admin/tickets/ticket/{ticket.number}/change/")
    page.click("text=Sheet and settlement")
    expect(page.locator("#sheet")).to_contain_text("899.00 CNY")
    page.set_viewport_size(PHONE)
    assert fits(desk)
    page.set_viewport_size(DESKTOP)
    with page.expect_navigation():
        page.click("text=Settle and ask for the refunds")
    return Refund.objects.get()


def open_approval(visitor: Visitor, refund: Refund) -> None:
    visitor.page.goto("/admin/returns/approvalrequest/")
    visitor.page.locator(f"a[href='?refund={refund.pk}'], a[href$='refund={refund.pk}']").click()
    expect(visitor.page.locator(".m-decision")).to_contain_text("899.00 CNY")


def may_not_approve_own(desk: Visitor, refund: Refund) -> None:
    open_approval(desk, refund)
    decision = desk.page.locator(".m-decision")
    expect(decision).to_contain_text("somebody else has to approve it")
    expect(decision.locator("button[value=approve]")).to_be_disabled()


def approve_with_password(other: Visitor, refund: Refund) -> None:
    """On a phone; above the limit the password is asked for again."""
    page = other.page
    page.set_viewport_size(PHONE)
    open_approval(other, refund)
    assert fits(other)
    for password, answer in (("", "Enter your password again"), ("guess", "password is wrong")):
        page.fill("#m-password", password)
        with page.expect_navigation():
            page.click("button[value=approve]")
        expect(page.locator("[role=alert]")).to_contain_text(answer)
    page.fill("#m-password", PASSWORD)
    with page.expect_navigation():
        page.click("button[value=approve]")
    expect(page.locator("body")).to_contain_text("Your approval is recorded.")


def lose_and_find_the_answer(
    sandbox: SandboxServer, desk: Visitor, refund: Refund, run_jobs: RunJobs
) -> None:
    """Paid at the gateway, unknown here; the query minutes later tells the truth, once."""
    sandbox.ledger.plan("lost_reply")
    run_jobs()
    desk.page.goto(f"/admin/returns/refund/{refund.pk}/change/")
    expect(desk.page.locator("body")).to_contain_text("Result unknown")
    assert len(sandbox.ledger.paid()) == 1
    with time_machine.travel(now() + timedelta(minutes=5), tick=False):
        run_jobs()
    desk.page.reload()
    expect(desk.page.locator("body")).to_contain_text("Paid back")
    assert sandbox.ledger.calls("send").count(refund.gateway_number) == 1
    assert [one.number for one in sandbox.ledger.paid()] == [refund.gateway_number]


def tell_and_close(desk: Visitor, ticket: Ticket, run_jobs: RunJobs) -> None:
    desk.page.goto(f"/admin/tickets/ticket/{ticket.number}/change/")
    desk.compose("result", body="899.00 CNY went back to your Alipay account.")
    run_jobs()
    desk.page.reload()
    desk.verb("details", root_cause="Does not please", responsible_party="customer")
    desk.verb("close", note="Settled")


def auditor_reads_the_chain(visitor: Visitor, ticket: Ticket, auditor: User) -> None:
    wanted = [code for code, _who in STEPS]
    told = AuditEvent.objects.filter(case_id=ticket.pk, code__in=wanted).order_by("id")
    assert [(one.code, one.actor_name.partition("(")[2].rstrip(")")) for one in told] == STEPS
    visitor.sign_in(auditor.username, PASSWORD)
    body = visitor.page.locator("body")
    visitor.page.goto(f"/admin/compliance/auditevent/?case={ticket.number}")
    for code in wanted:
        expect(body).to_contain_text(label(code))
    visitor.page.goto(f"/admin/compliance/journalentry/?case={ticket.number}")
    expect(body).to_contain_text("Lea (lea)")
    assert visitor.page.locator("[data-verb=reopen], [data-panel=reply]").count() == 0


def test_a_return_from_the_status_page_to_the_auditor(
    browser: Browser, live_server: Any, sandbox: SandboxServer, run_jobs: RunJobs
) -> None:
    ensure_tiers()
    make_address(carrier="sandbox")
    roles = [Role.LEAD, Role.FINANCE]
    lead = make_user(Role.LEAD, roles=roles, username="lea", display_name="Lea")
    colleague = make_money_lead(username="mo", display_name="Mo")
    worker = make_user(
        Role.WAREHOUSE, department=make_department("dock", kind="warehouse"), username="ken"
    )
    auditor = make_user(Role.AUDITOR, username="otto", department=None)
    ticket = make_return_ticket(lead, make_dear_order())
    people = [Visitor(browser, live_server.url) for _number in range(5)]
    customer, bench, desk, other, audit = people
    for visitor, person in ((bench, worker), (desk, lead), (other, colleague)):
        visitor.sign_in(person.username, PASSWORD)

    rma = ask_as_customer(customer, ticket)
    run_jobs()
    send_the_parcel(customer, rma, live_server.url)
    scan_and_grade(bench, rma)
    refund = settle_from_the_sheet(desk, ticket)
    may_not_approve_own(desk, refund)
    approve_with_password(other, refund)
    lose_and_find_the_answer(sandbox, desk, refund, run_jobs)
    customer.page.reload()
    expect(customer.page.locator("#returns")).to_contain_text("Paid on")
    customer.page.goto(f"{page_of(ticket)}?lang=zh-hans")
    expect(customer.page.locator("#returns")).to_contain_text("899.00 CNY")
    assert fits(customer)
    tell_and_close(desk, ticket, run_jobs)

    rma.refresh_from_db()
    ticket.refresh_from_db()
    assert (rma.status, ticket.status) == ("closed", "closed")
    auditor_reads_the_chain(audit, ticket, auditor)
    assert [row for check in check_money() for row in check.broken] == []
    assert [one.complaints for one in people] == [[], [], [], [], []]
