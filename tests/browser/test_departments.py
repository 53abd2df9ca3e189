"""A case across departments by hand: asked, asked back, answered, by a carrier, too, settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from playwright.sync_api import Browser, expect

from clocks.models import Clock
from clocks.sweep import sweep_due
from handoffs.models import Handoff
from staff.roles import Role
from staff.services import system_actor
from tests.browser.conftest import Visitor, fill
from tests.factories.handoffs import make_helper
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PASSWORD = "correct horse battery"


def open_case(visitor: Visitor, ticket: Ticket) -> None:
    visitor.page.goto(f"/admin/tickets/ticket/{ticket.number}/change/")


def hand_over(visitor: Visitor, template: str, **fields: str) -> None:
    """Choose what to ask in the dialog, fill it in, send it."""
    page = visitor.page
    page.locator("#departments [data-verb=hand-over]").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_role("link", name=template, exact=True).click()
    expect(dialog.locator(".chip[aria-current]")).to_have_text(template)
    for name, value in fields.items():
        fill(dialog.locator(f"[name={name}]"), value)
    with page.expect_navigation():
        dialog.locator("button[type=submit]").click()


def answer_with_file(visitor: Visitor, file: Path) -> None:
    page = visitor.page
    page.locator("[data-verb=leg-answer]").click()
    dialog = page.locator("dialog[open]")
    fill(dialog.locator("[name=text]"), "It was lost in Wuhan.")
    fill(dialog.locator("[name=answer_finding]"), "lost")
    dialog.locator("[name=answer_proof]").set_input_files(file)
    with page.expect_navigation():
        dialog.locator("button[type=submit]").click()


def answer_by_link(carrier: Visitor, file: Path) -> None:
    page = carrier.page
    (text,) = [sent.body for sent in mail.outbox if "/h/" in str(sent.body)][-1:]
    (link,) = [word for word in str(text).split() if "/h/" in word]
    page.goto(link[link.index("/h/") :])
    expect(page.locator("body")).to_contain_text("Do you accept liability?")
    expect(page.locator("body")).not_to_contain_text("Jacket arrived torn")
    page.fill("[name=text]", "Yes, it is ours.")
    page.select_option("[name=answer_finding]", "lost")
    page.set_input_files("[name=uploads]", file)
    page.fill("[name=said_by]", "Mr. Wang")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.locator("body")).to_contain_text("We have your answer. Thank you.")


def nearly_late() -> None:
    """Four fifths of the time to accept have passed, and nothing else happens meanwhile."""
    acceptance = Clock.objects.get(promise="handoff_acceptance")
    Clock.objects.exclude(pk=acceptance.pk).update(next_step_at=None)
    assert acceptance.due_at
    with time_machine.travel(acceptance.due_at - timedelta(minutes=30), tick=False):
        sweep_due(actor=system_actor())


def ask_logistics(desk: Visitor) -> None:
    hand_over(desk, "Carrier trace", question="Where is it?", ask_tracking_number="SF100")
    expect(desk.page.locator("#departments")).to_contain_text("Service → Logistics")
    expect(desk.page.locator(".status")).to_contain_text("Waiting for others")


def lead_sees_the_warning(lead: Visitor) -> None:
    nearly_late()
    lead.page.goto("/admin/staff/notice/")
    expect(lead.page.locator("body")).to_contain_text("is due soon")


def there_and_back(desk: Visitor, logistics: Visitor, proof: Path) -> None:
    """Logistics accepts and asks back, the agent answers, logistics answers with a file."""
    inbox = logistics.page
    inbox.goto("/admin/handoffs/handoff/")
    inbox.get_by_role("link", name=Handoff.objects.get().number).click()
    logistics.verb("leg-accept")
    logistics.verb("leg-return", note="Which day was it sent?")
    desk.page.reload()
    expect(desk.page.locator(".status")).to_contain_text("In progress")
    desk.verb("leg-resend", note="On Monday.")
    inbox.reload()
    answer_with_file(logistics, proof)
    expect(inbox.locator("body")).to_contain_text("proof.txt")
    desk.page.reload()
    desk.verb("leg-close", note="Thank you")


def ask_the_carrier(desk: Visitor) -> None:
    hand_over(
        desk,
        "Question to a carrier",
        question="Do you accept liability?",
        party_name="SF Express",
        party_email="claims@sf.example",
        party_language="en",
        ask_tracking_number="SF100",
    )


def settle(desk: Visitor) -> None:
    """The carrier pays; the customer is told."""
    desk.page.reload()
    expect(desk.page.locator("#departments")).to_contain_text("Mr. Wang (SF Express)")
    desk.verb("leg-close", responsible_party="carrier", cost_amount="99.00", cost_currency="CNY")
    expect(desk.page.locator("#departments")).to_contain_text("99.00 CNY")
    desk.compose("result", body="The carrier lost it; you get a new one.")


def test_a_case_across_departments(
    live_server: Any, browser: Browser, run_jobs: Callable[[], list[str]], tmp_path: Path
) -> None:
    proof = tmp_path / "proof.txt"
    proof.write_text("scanned in Wuhan, never again")
    agent = make_user(Role.LEAD, username="lea", display_name="Lea")
    clerk = make_helper(Role.WAREHOUSE, username="ken", display_name="Ken")
    head = make_helper(Role.LEAD, username="hana", display_name="Hana")
    ticket = make_ticket(agent, kind="complaint")
    visitors = [Visitor(browser, live_server.url) for _person in range(4)]
    desk, logistics, lead, carrier = visitors
    for visitor, person in ((desk, agent), (logistics, clerk), (lead, head)):
        visitor.sign_in(person.username, PASSWORD)

    open_case(desk, ticket)
    ask_logistics(desk)
    lead_sees_the_warning(lead)
    there_and_back(desk, logistics, proof)
    ask_the_carrier(desk)
    run_jobs()
    answer_by_link(carrier, proof)
    settle(desk)

    ticket.refresh_from_db()
    assert ticket.status == "resolved"
    every_pause_is_told(desk, ticket)
    assert [visitor.complaints for visitor in visitors] == [[], [], [], []]


def every_pause_is_told(visitor: Visitor, ticket: Ticket) -> None:
    """Two legs, one of them asked back: three times the case rested, once the answer did."""
    resolution = Clock.objects.get(promise="resolution", subject_id=ticket.pk)
    assert resolution.pauses.count() == 3
    visitor.page.goto(f"/admin/clocks/clock/{resolution.pk}/change/")
    told = visitor.page.locator("body")
    for words in ("“Handed over” by Lea", "“Hand-over sent again” by Lea"):
        expect(told).to_contain_text(words)
    for words in ("“More information asked for” by Ken", "“Hand-over answered” by System"):
        expect(told).to_contain_text(words)
    answer = Clock.objects.filter(promise="handoff_answer").earliest("id")
    assert (answer.state, answer.pauses.count()) == ("met", 1)
    assert answer.stopped_at
    assert answer.stopped_at - answer.started_at < timedelta(minutes=5)
