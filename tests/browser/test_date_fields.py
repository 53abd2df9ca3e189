"""Dates and times are asked for in the desk's time, whatever time the browser keeps."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from staff.roles import Role
from tests.browser.conftest import Visitor
from tests.factories.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PASSWORD = "correct horse battery"
REMARK = "Note: You are 8 hours behind server time."
LOOK = """remark => {
    const own = getComputedStyle(remark);
    return [getComputedStyle(remark, "::before").content, own.fontSize, own.position];
}"""


def test_empty_date_fields_of_a_form_not_sent_show_no_sign_of_a_fault(
    live_server: Any, browser: Browser
) -> None:
    chief = make_user(Role.ADMINISTRATOR)
    desk = Visitor(browser, live_server.url, time_zone="UTC")
    desk.sign_in(chief.username, PASSWORD)

    for url in ("/admin/tickets/savedview/add/", "/admin/staff/absence/add/"):
        desk.page.goto(url)
        remarks = desk.page.locator(".timezonewarning:visible")
        assert remarks.all_inner_texts() == [REMARK, REMARK]
        assert [one.evaluate(LOOK) for one in remarks.all()] == [["none", "12.5px", "static"]] * 2
    desk.context.close()
