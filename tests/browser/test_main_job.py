"""The main job by hand: from the phone call to the auditor, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Browser, Locator, expect

from compliance.models import AuditEvent
from staff.models import User
from staff.roles import Role
from tests.browser.conftest import Visitor
from tests.factories.people import make_user
from tickets.models import Draft, Ticket
from tickets.statuses import TicketStatus

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PASSWORD = "correct horse battery"

STEPS = [
    "tickets.received",
    "tickets.acknowledged",
    "tickets.assessed",
    "tickets.assigned",
    "tickets.investigation_opened",
    "tickets.evidence_added",
    "tickets.investigation_concluded",
    "tickets.proposed",
    "tickets.proposal_accepted",
    "tickets.carried_out",
    "tickets.result_told",
    "tickets.resolved",
    "tickets.rated",
    "tickets.closed",
]

# What the auditor reads of some steps, and of whom; "" is the person at the desk.
SHOWN = [
    ("Remedy proposed", ""),
    ("Proposal accepted", "System"),
    ("Carried out", ""),
    ("Rated", "System"),
    ("Closed", ""),
]


def text_of(row: Locator) -> list[str]:
    """What happened, who did it and on which case, of one row of the trail."""
    what, who = row.locator(".trail-what strong"), row.locator(".trail-who strong")
    case = re.search(r"T-\d+", row.locator(".trail-object").inner_text())
    return [what.inner_text(), who.inner_text(), case.group() if case else ""]


def status_link(subject_part: str) -> str:
    """The link of the newest mail with such a subject, as the customer would click it."""
    (text,) = [sent.body for sent in mail.outbox if subject_part in str(sent.subject)][-1:]
    (link,) = [word for word in text.split() if "/s/" in word]
    return link[link.index("/s/") :]


def take_the_call(agent: Visitor) -> Ticket:
    page = agent.page
    page.goto("/admin/tickets/ticket/add/")
    page.fill("#id_caller", "li.wei@example.cn")
    expect(page.locator("#id_caller_name")).to_be_visible()
    page.fill("#id_caller_name", "Li Wei")
    page.fill("[name=subject]", "Jacket arrived torn")
    page.fill("[name=body]", "The left sleeve is torn open. I want my money back.")
    page.select_option("[name=kind]", "complaint")
    page.get_by_role("button", name="Record the case").click()
    page.wait_for_url("**/change/**")
    return Ticket.objects.get()


def work_until_proposed(agent: Visitor) -> None:
    agent.verb("acknowledge")
    agent.verb("assess", priority="high", severity="major", complexity="normal")
    agent.verb("take")
    agent.compose("note", body="Batch 7 again? Asking the warehouse.")
    agent.verb("investigate", question="Was it torn before packing?")
    agent.verb("evidence", kind="statement", text="The packer found the knife cut.")
    agent.verb(
        "conclude",
        findings="Cut by the packing knife.",
        root_cause="Packing knife without guard",
        responsible_party="warehouse",
    )
    agent.compose(
        "propose",
        terms="We refund the full price; keep the jacket.",
        remedy="refund",
        amount="199.00",
        currency="CNY",
    )


def accept_as_customer(customer: Visitor) -> None:
    page = customer.page
    page.goto(status_link("proposal"))
    expect(page.locator("body")).to_contain_text("We refund the full price; keep the jacket.")
    expect(page.locator("body")).not_to_contain_text("Batch 7 again?")
    page.fill("[name=note]", "Yes, thank you.")
    page.get_by_role("button", name="Accept").click()
    expect(page.locator("body")).to_contain_text("You accepted")


def rate_as_customer(customer: Visitor) -> None:
    page = customer.page
    page.goto(status_link("result"))
    expect(page.locator("body")).to_contain_text("199.00 CNY went back to your card.")
    page.locator("input[name=score][value='5']").check(force=True)
    page.fill("[name=comment]", "Quick and friendly")
    page.get_by_role("button", name="Send rating").click()
    expect(page.locator("body")).to_contain_text("You rated us 5 of 5")


def test_a_case_from_the_phone_to_the_auditor(
    live_server: Any, browser: Browser, run_jobs: Callable[[], list[str]]
) -> None:
    lead = make_user(Role.LEAD, username="lea", display_name="Lea")
    auditor = make_user(Role.AUDITOR, username="otto", display_name="Otto", department=None)
    agent = Visitor(browser, live_server.url)
    customer = Visitor(browser, live_server.url)
    agent.sign_in(lead.username, PASSWORD)

    ticket = take_the_call(agent)
    work_until_proposed(agent)
    assert not Draft.objects.exists(), "a sent text came back as a draft"
    run_jobs()
    accept_as_customer(customer)
    agent.page.reload()
    agent.verb("carry-out", note="Bank reference 4711")
    agent.compose("result", body="199.00 CNY went back to your card.")
    run_jobs()
    rate_as_customer(customer)
    run_jobs()
    agent.page.reload()
    agent.verb("learn", lesson="Guards on all packing knives")
    agent.verb("close", note="Settled")

    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.CLOSED
    the_auditor_finds_every_step(Visitor(browser, live_server.url), ticket, lead, auditor)
    assert agent.complaints == []
    assert customer.complaints == []


def the_auditor_finds_every_step(
    visitor: Visitor, ticket: Ticket, lead: User, auditor: User
) -> None:
    recorded = AuditEvent.objects.filter(case_id=ticket.pk).order_by("id")
    assert [event.code for event in recorded if event.code in STEPS] == STEPS
    by_customer = {"tickets.proposal_accepted", "tickets.rated"}
    for event in recorded.filter(code__in=STEPS):
        expected = "System (system)" if event.code in by_customer else lead.audit_name
        assert event.actor_name == expected, event.code
        assert event.source == ("portal" if event.code in by_customer else "admin"), event.code

    visitor.sign_in(auditor.username, PASSWORD)
    visitor.page.goto(f"/admin/compliance/auditevent/?case={ticket.number}")
    body = visitor.page.locator("body")
    told = [text_of(row) for row in visitor.page.locator("ol.trail > li").all()]
    for words, by_whom in SHOWN:
        assert [words, by_whom or lead.audit_name, ticket.number] in told
    visitor.page.goto(f"/admin/compliance/journalentry/?case={ticket.number}")
    expect(body).to_contain_text("Lea (lea)")
    visitor.page.goto(f"/admin/tickets/ticket/{ticket.number}/change/")
    expect(body).to_contain_text("Jacket arrived torn")
    assert visitor.page.locator("[data-verb=reopen], [data-panel=reply]").count() == 0
    assert visitor.complaints == []
