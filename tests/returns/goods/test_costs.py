"""The cost report of compensations: what was spent, on whose account, and what is left."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aftersales.admin_navigation import sidebar
from aftersales.kernel.errors import RuleViolated
from returns.models import Compensation
from returns.queries.costs import (
    budgets,
    compensation_costs,
    party_words,
    period_of,
    summed,
)
from returns.services import compensating
from staff.models import User
from staff.roles import Role
from tests.factories.customers import make_shop
from tests.factories.people import make_department, make_user
from tests.factories.returns import SIGNED_AT, make_return_ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("day_of_delivery")]

REPORT = reverse("admin:returns_compensation_costs")
FILE = reverse("admin:returns_compensation_costs_file")
API = reverse("api-compensation-costs")
D = Decimal


@pytest.fixture
def lead() -> User:
    make_shop()
    return make_user(Role.LEAD)


@pytest.fixture
def coupon() -> Compensation:
    entry = Compensation(
        code="coupon",
        name="=Coupon",
        name_zh="优惠券",
        means="coupon",
        most=D(20),
        customer_cap=D(40),
        budget=D(100),
        period_days=30,
    )
    entry.save()
    return entry


def grant(lead: User, amount: str, party: str = "") -> None:
    ticket = make_return_ticket(lead)
    ticket.responsible_party = party
    ticket.save(update_fields=["responsible_party"])
    compensating.grant_compensation(
        ticket.pk, "coupon", actor=lead, amount=amount, note="long wait"
    )


def signed_in(user: User) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user, backend="staff.backends.RoleBackend")
    return client


def test_costs_are_summed_by_entry_department_and_party(lead: User, coupon: Compensation) -> None:
    grant(lead, "10.00", "carrier")
    grant(lead, "20.00", "carrier")
    grant(lead, "5.50")

    costs = compensation_costs(lead, *period_of(None, None).bounds)

    assert [(one.party, one.count, one.amount) for one in costs] == [
        ("", 1, D("5.50")),
        ("carrier", 2, D("30.00")),
    ]
    by_party = summed(costs, lambda cost: party_words(cost.party))
    assert [(one.name, one.amount) for one in by_party] == [
        ("Carrier", D("30.00")),
        ("—", D("5.50")),
    ]
    (total,) = summed(costs, lambda _cost: "")
    assert (total.count, total.amount, total.currency) == (3, D("35.50"), "CNY")


def test_budget_counts_the_grants_of_its_own_days(lead: User, coupon: Compensation) -> None:
    with time_machine.travel(SIGNED_AT - timedelta(days=31), tick=False):
        grant(lead, "20.00")
    grant(lead, "15.00")

    (budget,) = budgets()

    assert (budget.used, budget.left, budget.percent) == (D("15.00"), D("85.00"), 15)


def test_period_holds_both_of_its_days(lead: User, coupon: Compensation) -> None:
    grant(lead, "10.00")
    today = date(2026, 9, 24)

    def found(since: date, until: date) -> int:
        return len(compensation_costs(lead, *period_of(since, until).bounds))

    assert found(today, today) == 1
    assert found(today - timedelta(days=9), today - timedelta(days=1)) == 0
    assert found(today + timedelta(days=1), today + timedelta(days=2)) == 0


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        (date(2026, 2, 2), date(2026, 2, 1), "ends_before_start"),
        (date(2020, 1, 1), date(2026, 1, 1), "too_long"),
    ],
)
def test_impossible_periods_are_refused(since: date, until: date, code: str) -> None:
    with pytest.raises(RuleViolated) as refusal:
        period_of(since, until)

    assert refusal.value.code == code
    query = {"since": since.isoformat(), "until": until.isoformat()}
    client = signed_in(make_user(Role.LEAD))
    assert client.get(REPORT, query).status_code == 422
    assert client.get(FILE, query).status_code == 422
    assert client.get(API, query).status_code == 422


def test_page_shows_sums_and_what_is_left(lead: User, coupon: Compensation) -> None:
    grant(lead, "10.00", "carrier")

    page = signed_in(lead).get(REPORT).content.decode()

    assert "10.00 CNY" in page
    assert "90.00 CNY" in page
    assert "Carrier" in page


def test_abuse_51_file_holds_every_line_and_no_formula(lead: User, coupon: Compensation) -> None:
    grant(lead, "10.00", "carrier")

    answer = signed_in(lead).get(FILE)

    assert answer["Content-Disposition"] == 'attachment; filename="compensation-costs.csv"'
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines == [
        "Month,Code,Compensation,Department,Responsible party,Count,Amount,Currency",
        "2026-09,coupon,'=Coupon,Service,Carrier,1,10.00,CNY",
    ]


def test_api_tells_the_same(lead: User, coupon: Compensation) -> None:
    grant(lead, "10.00", "carrier")

    told = signed_in(lead).get(API, {"since": "2026-09-01", "until": "2026-09-30"}).json()

    assert (told["since"], told["until"]) == ("2026-09-01", "2026-09-30")
    assert told["costs"] == [
        {
            "month": "2026-09-01",
            "code": "coupon",
            "name": "=Coupon",
            "department": "service",
            "party": "carrier",
            "count": 1,
            "amount": "10.00",
            "currency": "CNY",
        }
    ]
    assert (told["budgets"][0]["used"], told["budgets"][0]["left"]) == ("10.00", "90.00")


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.AGENT, 403),
        (Role.WAREHOUSE, 403),
        (Role.QUALITY, 403),
        (Role.SUPPLIER_DESK, 403),
        (Role.LEAD, 200),
        (Role.FINANCE, 200),
        (Role.AUDITOR, 200),
        (Role.ADMINISTRATOR, 200),
    ],
)
def test_report_is_for_those_who_answer_for_the_budget(role: str, status: int) -> None:
    client = signed_in(make_user(role))

    assert [client.get(one).status_code for one in (REPORT, FILE, API)] == [status] * 3


def test_lead_of_another_department_sees_nothing_of_it_finance_all(
    lead: User, coupon: Compensation
) -> None:
    grant(lead, "10.00")
    period = period_of(None, None).bounds
    other = make_user(Role.LEAD, department=make_department("dock", kind="warehouse"))

    assert compensation_costs(other, *period) == []
    assert len(compensation_costs(make_user(Role.FINANCE), *period)) == 1


def test_report_costs_the_same_at_one_grant_and_at_three(lead: User, coupon: Compensation) -> None:
    client = signed_in(lead)
    grant(lead, "1.00")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(REPORT)
        return len(queries)

    cost()
    one = cost()
    grant(lead, "1.00", "carrier")
    grant(lead, "1.00", "shop")
    assert cost() == one


def menu(user: User, path: str) -> dict[str, Any]:
    groups = sidebar(admin.site, signed_in(user).get(path).context["request"])
    goods = next(group for group in groups if str(group["title"]) == "Goods")
    return {str(item["title"]): item["active"] for item in goods["items"]}


def test_one_line_of_goods_is_lit_at_a_time() -> None:
    bench, lead = make_user(Role.WAREHOUSE), make_user(Role.LEAD)
    returns = reverse("admin:returns_returnauthorization_changelist")

    def lit(user: User, path: str) -> list[str]:
        return [title for title, is_lit in menu(user, path).items() if is_lit]

    assert lit(bench, returns) == ["Returns"]
    assert lit(bench, reverse("admin:returns_bench")) == ["Bench"]
    assert lit(lead, f"{returns}?status__exact=needs_review") == ["Returns to decide"]
    assert lit(lead, f"{returns}?status__exact=received") == ["Returns"]
    assert lit(lead, REPORT) == ["Cost of compensations"]
    assert lit(lead, reverse("admin:returns_compensationgrant_changelist")) == [
        "Compensations given"
    ]
    assert "Bench" not in menu(lead, returns)
    assert "Cost of compensations" not in menu(bench, returns)
