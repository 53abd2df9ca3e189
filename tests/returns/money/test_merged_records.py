"""Records of customers that were merged are one person to the tiers, the guard and the pages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from customers.services import identify_customer, merge_customers, unmerge_customers
from returns.models import Refund
from returns.queries.eligibility import signs_of
from returns.queries.refund_page import History, _history
from returns.queries.tiers import asked_now, needed_tier, totals_of, totals_of_all
from returns.services.money import guarding
from staff.models import User
from staff.roles import Role
from tests.factories.money import make_payment, make_refund, submit
from tests.factories.people import make_user
from tests.factories.returns import make_return

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> User:
    return make_user(Role.LEAD)


@pytest.fixture
def agent() -> User:
    return make_user()


def join(lead: User, *refunds: Refund) -> None:
    """Let one new record stand for the buyers of all refunds, the first of them two merges away."""
    standing = identify_customer("phone", "13700000001", actor=lead)
    between = identify_customer("phone", "13700000002", actor=lead)
    first, *others = [refund.payment.order.customer_id for refund in refunds]
    merge_customers(first, between.pk, actor=lead)
    merge_customers(between.pk, standing.pk, actor=lead)
    for buyer in others:
        merge_customers(buyer, standing.pk, actor=lead)


def paid_for(agent: User, amount: str, **order: str) -> Refund:
    return submit(make_refund(make_payment("2000.00", **order), agent, amount))


def test_totals_are_of_the_person(lead: User, agent: User) -> None:
    first, second = paid_for(agent, "300.00"), paid_for(agent, "400.00")
    stranger = paid_for(agent, "50.00")
    assert totals_of(second).customer == Decimal("400.00")

    join(lead, first, second)

    both = totals_of_all([first, second, stranger])
    sums = [both[one.pk].customer for one in (first, second, stranger)]
    assert sums == [Decimal("700.00"), Decimal("700.00"), Decimal("50.00")]
    assert both[second.pk].order == Decimal("400.00")
    assert both[second.pk].agent == Decimal("750.00")


def test_totals_leave_out_drafts_and_other_currencies(lead: User, agent: User) -> None:
    first = make_refund(make_payment(), agent, "300.00")
    euros = submit(make_refund(make_payment("2000.00", "EUR"), agent, "20.00", currency="EUR"))
    second = paid_for(agent, "10.00")
    join(lead, first, euros, second)

    assert totals_of(second).customer == Decimal("10.00")
    assert totals_of(first).customer == Decimal("310.00")


def test_parting_the_records_parts_the_totals(lead: User, agent: User) -> None:
    first, second = paid_for(agent, "300.00"), paid_for(agent, "400.00")
    merge_customers(first.payment.order.customer_id, second.payment.order.customer_id, actor=lead)
    assert totals_of(first).customer == Decimal("700.00")

    unmerge_customers(first.payment.order.customer_id, actor=lead)

    assert totals_of(first).customer == Decimal("300.00")


def test_second_record_is_no_way_around_the_tier(lead: User, agent: User) -> None:
    first, second = paid_for(agent, "1990.00"), make_refund(make_payment(), agent, "10.00")
    before = needed_tier(second, totals_of(second))
    join(lead, first, second)

    submit(second)

    request = second.approval_requests.get()
    assert (before.level, request.level) == (1, 2)
    assert request.totals["customer"] == "2000.00"
    assert not asked_now([request])[request.pk].is_raised


def test_guard_counts_claims_of_all_records(lead: User, agent: User) -> None:
    claims = [paid_for(agent, f"{number}.00") for number in range(1, 4)]
    last = make_refund(make_payment(), agent, "9.00")
    assert guarding.look(last) == []

    join(lead, *claims, last)

    assert guarding.look(last) == [{"code": "fast_claims", "count": 3, "days": 7}]


def test_guard_takes_the_other_record_for_no_stranger(lead: User, agent: User) -> None:
    where = {"address": "Moganshan Road 1"}
    first = paid_for(agent, "30.00", **where)
    last = make_refund(make_payment(**where), agent, "9.00")
    assert guarding.look(last) == [{"code": "same_address", "refunds": [first.number]}]

    join(lead, first, last)

    assert guarding.look(last) == []


def test_refund_page_tells_what_all_records_got(lead: User, agent: User) -> None:
    first, last = paid_for(agent, "300.00"), paid_for(agent, "9.00")
    assert _history(last) == History(0, Decimal(0), 0)

    join(lead, first, last)

    assert _history(last) == History(1, Decimal("300.00"), 0)


def test_many_returns_are_counted_over_all_records(lead: User) -> None:
    returns = [make_return(actor=lead) for _number in range(5)]
    orders = [one.order for one in returns]
    assert signs_of(orders[0]) == ()
    for order in orders[1:]:
        merge_customers(order.customer_id, orders[0].customer_id, actor=lead)

    assert [signs_of(order) for order in orders] == [("volume",)] * 5
