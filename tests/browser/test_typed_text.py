"""What somebody typed on the case page outlives a slip of the hand and a lost connection."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, expect

from staff.models import User
from staff.roles import Role
from tests.browser.conftest import Visitor
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.tickets.case_page import page_of
from tickets.models import Draft, Ticket
from tickets.services import conversation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PASSWORD = "correct horse battery"
TYPED = "Torn at the left sleeve"


@pytest.fixture
def agent() -> User:
    return make_user(username="anna")


@pytest.fixture
def ticket(agent: User) -> Ticket:
    return make_ticket(agent)


@pytest.fixture
def desk(live_server: Any, browser: Browser, agent: User, ticket: Ticket) -> Visitor:
    """The agent, signed in, at the case."""
    visitor = Visitor(browser, live_server.url)
    visitor.sign_in(agent.username, PASSWORD)
    visitor.page.goto(page_of(ticket))
    return visitor


def open_dialog(desk: Visitor, typed: str = TYPED) -> Locator:
    """The dialog that opens an investigation, with its question typed."""
    button = desk.page.locator("[data-verb=investigate]").first
    button.wait_for(state="attached")
    if not button.is_visible():
        desk.page.locator("details:has([data-verb=investigate]) > summary").first.click()
    button.click()
    dialog = desk.page.locator("#desk-dialog[open]")
    expect(dialog.locator("[name=question]")).to_be_focused()
    if typed:
        dialog.locator("[name=question]").fill(typed)
    return dialog


def answering(desk: Visitor, accepts: bool) -> list[str]:
    """Answer every question of the page; what it asked is put into the list."""
    asked: list[str] = []

    def answer(question: Dialog) -> None:
        asked.append(question.message)
        if accepts:
            question.accept()
        else:
            question.dismiss()

    desk.page.on("dialog", answer)
    return asked


def test_escape_asks_before_typed_text_is_lost(desk: Visitor) -> None:
    dialog = open_dialog(desk)
    asked = answering(desk, accepts=False)

    for _ in range(3):
        desk.page.keyboard.press("Escape")

    assert asked == ["Discard what you typed?"] * 3
    expect(dialog.locator("[name=question]")).to_have_value(TYPED)


def test_click_outside_asks_and_closes_when_told_to(desk: Visitor) -> None:
    dialog = open_dialog(desk)
    asked = answering(desk, accepts=True)

    desk.page.mouse.click(5, 400)

    expect(dialog).to_have_count(0)
    assert asked == ["Discard what you typed?"]


def test_selection_that_ends_outside_and_a_click_on_the_edge_close_nothing(desk: Visitor) -> None:
    dialog = open_dialog(desk)
    asked = answering(desk, accepts=True)
    box = dialog.bounding_box()
    assert box

    desk.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    desk.page.mouse.down()
    desk.page.mouse.move(5, 400)
    desk.page.mouse.up()
    desk.page.mouse.click(box["x"] + 5, box["y"] + 5)

    expect(dialog.locator("[name=question]")).to_have_value(TYPED)
    assert asked == []


def test_dialog_without_typed_text_closes_at_once(desk: Visitor) -> None:
    dialog = open_dialog(desk, typed="")
    asked = answering(desk, accepts=False)

    desk.page.keyboard.press("Escape")

    expect(dialog).to_have_count(0)
    assert asked == []


def test_sending_without_connection_says_so_and_keeps_the_form(
    desk: Visitor, ticket: Ticket
) -> None:
    dialog = open_dialog(desk)
    desk.context.set_offline(True)

    dialog.locator("button[type=submit]").click()

    expect(dialog.locator("[role=alert]")).to_contain_text("No connection: this was not sent.")
    expect(dialog.locator("[name=question]")).to_have_value(TYPED)
    desk.context.set_offline(False)
    with desk.page.expect_navigation():
        dialog.locator("button[type=submit]").click()
    assert ticket.investigations.get().question == TYPED


def other_tab(desk: Visitor) -> Page:
    """A second tab of the same browser, signed out."""
    tab = desk.context.new_page()
    tab.goto("/admin/")
    desk.context.clear_cookies(name="sessionid")
    return tab


def sign_in_elsewhere(desk: Visitor, agent: User) -> None:
    tab = other_tab(desk)
    tab.goto("/admin/login/")
    tab.fill("input[name=username]", agent.username)
    tab.fill("input[name=password]", PASSWORD)
    tab.press("input[name=password]", "Enter")
    tab.wait_for_url("**/admin/")


def test_draft_after_another_sign_in_tells_the_cause_and_outlives_the_reload(
    desk: Visitor, agent: User
) -> None:
    field = desk.page.locator("[data-panel=reply] textarea")
    sign_in_elsewhere(desk, agent)

    field.fill(TYPED)

    expect(desk.page.locator("#unsaved")).to_contain_text("You signed in again elsewhere")
    expect(field).to_have_value(TYPED)
    assert not Draft.objects.exists()
    desk.page.reload()
    expect(field).to_have_value(TYPED)
    expect(desk.page.locator("#saved")).to_contain_text("draft saved")
    assert Draft.objects.get().body == TYPED


def test_draft_after_signing_out_tells_the_cause(desk: Visitor) -> None:
    other_tab(desk)

    desk.page.locator("[data-panel=reply] textarea").fill(TYPED)

    expect(desk.page.locator("#unsaved")).to_contain_text("You are signed out")


def test_dialog_sent_after_another_sign_in_keeps_its_form(desk: Visitor, agent: User) -> None:
    dialog = open_dialog(desk)
    sign_in_elsewhere(desk, agent)

    dialog.locator("button[type=submit]").click()

    expect(dialog.locator("[role=alert]")).to_contain_text("You signed in again elsewhere")
    expect(dialog.locator("[name=question]")).to_have_value(TYPED)


def test_dialog_sent_by_somebody_signed_out_is_filled_again_after_signing_in(
    desk: Visitor, agent: User, ticket: Ticket
) -> None:
    dialog = open_dialog(desk)
    other_tab(desk)

    dialog.locator("button[type=submit]").click()
    desk.page.wait_for_url("**/admin/login/**")
    desk.page.fill("input[name=username]", agent.username)
    desk.page.fill("input[name=password]", PASSWORD)
    desk.page.press("input[name=password]", "Enter")
    desk.page.wait_for_url(f"**{page_of(ticket)}")
    desk.page.wait_for_load_state()

    dialog = open_dialog(desk, typed="")
    expect(dialog.locator("[name=question]")).to_have_value(TYPED)
    with desk.page.expect_navigation():
        dialog.locator("button[type=submit]").click()
    assert ticket.investigations.get().question == TYPED


def test_what_was_typed_comes_back_in_the_dialog_of_the_same_row_only(
    live_server: Any, browser: Browser
) -> None:
    lead = make_user(Role.LEAD, username="bo")
    ticket = make_ticket(lead)
    conversation.note(ticket.pk, actor=lead, body="Second")
    desk = Visitor(browser, live_server.url)
    desk.sign_in(lead.username, PASSWORD)
    desk.page.goto(page_of(ticket))
    hide, reason = (
        desk.page.locator("[data-verb=hide]"),
        desk.page.locator("#desk-dialog [name=note]"),
    )
    hide.first.click()
    reason.fill(TYPED)
    sign_in_elsewhere(desk, lead)
    desk.page.locator("#desk-dialog button[type=submit]").click()
    expect(desk.page.locator("#desk-dialog [role=alert]")).to_be_visible()
    desk.page.reload()

    hide.last.click()
    expect(reason).to_have_value("")
    desk.page.keyboard.press("Escape")
    hide.first.click()
    expect(reason).to_have_value(TYPED)


def test_answer_typed_and_sent_at_once_by_somebody_signed_out_stays(
    desk: Visitor, ticket: Ticket
) -> None:
    other_tab(desk)
    field = desk.page.locator("[data-panel=reply] textarea")

    field.fill(TYPED)
    field.press("Control+Enter")

    expect(desk.page.locator("#unsaved")).to_contain_text("You are signed out")
    expect(field).to_have_value(TYPED)
    assert desk.page.url.endswith(page_of(ticket))


def test_dialog_of_somebody_signed_out_leads_to_the_sign_in_and_back(
    desk: Visitor, ticket: Ticket
) -> None:
    other_tab(desk)

    button = desk.page.locator("[data-verb=investigate]").first
    if not button.is_visible():
        desk.page.locator("details:has([data-verb=investigate]) > summary").first.click()
    button.click()

    desk.page.wait_for_url("**/admin/login/**")
    assert desk.page.url.endswith(f"?next={quote(page_of(ticket), safe='')}")
