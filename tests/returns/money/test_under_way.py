"""Money on the home page: what is reserved, owed, and how long approvals wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftersales.kernel.clock import now
from aftersales.kernel.refs import Ref
from returns.money_statuses import RefundStatus as S
from returns.queries.under_way import open_money
from staff.models import User
from staff.roles import Role
from tests.factories.calendars import settle_years
from tests.factories.money import make_money_lead, make_payment, make_refund, make_refund_in, submit
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def cards(user: User) -> dict[str, list[tuple[str, str, str]]]:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user, backend="staff.backends.RoleBackend")
    cache.clear()
    sections = client.get("/admin/").context["sections"]
    return {
        one.title: [(line.title, line.detail, line.at) for line in one.items]
        for one in sections
        if one.title in ("Money under way", "Approvals by age")
    }


def test_finance_sees_what_is_reserved_and_what_is_owed_by_currency() -> None:
    make_refund_in(S.SUBMITTED, make_payment("2000.00"), amount="1234.50")
    make_refund_in(S.APPROVED, amount="20.00")
    make_refund_in(S.SUCCEEDED, amount="30.00")
    on_a_sheet = Ref("returns.reimbursement", 1, "RMA-1")
    make_refund_in(S.SUBMITTED, amount="7.00", basis=on_a_sheet)
    euros = make_payment("50.00", currency="EUR")
    make_refund_in(S.UNKNOWN, euros, amount="5.00", currency="EUR")

    found = cards(make_user(Role.FINANCE))["Money under way"]

    assert found == [
        ("Reserved for refunds", "3 refunds", "1,261.50 CNY"),
        ("Approved or owed, not paid yet", "2 refunds", "27.00 CNY"),
        ("Reserved for refunds", "1 refund", "5.00 EUR"),
        ("Approved or owed, not paid yet", "1 refund", "5.00 EUR"),
    ]


def test_approvals_show_their_age_and_lead_to_the_oldest() -> None:
    made = []
    for hours in (100, 80, 30, 2):
        with time_machine.travel(NOON - timedelta(hours=hours), tick=False):
            made.append(submit(make_refund()))
    lead = make_money_lead()

    ages = open_money(lead, NOON).waiting

    assert [(one.count, one.oldest) for one in ages] == [
        (1, made[3].pk),
        (1, made[2].pk),
        (2, made[0].pk),
    ]


def test_nobody_sees_the_money_of_others_on_the_home_page() -> None:
    submit(make_refund())
    lead, agent = make_user(Role.LEAD), make_user()

    assert cards(lead) == {"Money under way": [], "Approvals by age": []}
    assert cards(agent) == {}
    money = open_money(lead, now())
    assert money.currencies == []
    assert [one.count for one in money.waiting] == [0, 0, 0]


def test_links_of_the_home_page_open_the_refunds_counted() -> None:
    reserved = submit(make_refund())
    paid = make_refund_in(S.SUCCEEDED)
    finance = make_user(Role.FINANCE)
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(finance, backend="staff.backends.RoleBackend")
    sections = client.get("/admin/").context["sections"]
    line = next(one for one in sections if one.title == "Money under way").items[0]

    page = client.get(line.url)

    assert page.status_code == 200
    assert reserved.number in page.content.decode()
    assert paid.number not in page.content.decode()


@pytest.mark.parametrize("roles", [[Role.LEAD], [Role.FINANCE], [Role.LEAD, Role.FINANCE]])
def test_home_costs_the_same_at_one_refund_and_at_three(roles: list[Any]) -> None:
    settle_years()
    client = Client()
    client.force_login(make_user(roles[0], roles=roles), backend="staff.backends.RoleBackend")

    def cost() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/")
        return len(queries)

    submit(make_refund())
    one = cost()
    submit(make_refund())
    submit(make_refund())
    assert cost() == one <= 18
