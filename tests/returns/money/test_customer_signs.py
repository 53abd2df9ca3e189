"""What the guard noticed stands on the customer's page, for who may see the refunds."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from customers.models import Payment
from returns.models import GuardHold, Refund
from returns.services.money import guarding
from staff.models import User
from staff.roles import Role
from tests.factories.money import make_money_lead, make_payment, make_refund, part_of_all, submit
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket
from tests.tickets.case_page import signed_in
from tests.tickets.portal_page import text_of

pytestmark = pytest.mark.django_db
TITLE = "Refunds that need a look"


@pytest.fixture
def payment() -> Payment:
    return make_payment("2000.00")


@pytest.fixture
def agent() -> User:
    return make_user()


def same_sum_again(payment: Payment, agent: User) -> Refund:
    """A refund that is held because the order got the same sum before."""
    ticket = make_ticket(agent, order=payment.order, customer=payment.order.customer)
    lines = part_of_all(payment, "40.00")
    submit(make_refund(payment, agent, "40.00", ticket=ticket, lines=lines))
    return submit(make_refund(payment, agent, "40.00", ticket=ticket, lines=lines))


def page_of(payment: Payment) -> str:
    return reverse("admin:customers_customer_change", args=[payment.order.customer_id])


def test_signs_are_read_on_the_customers_page(payment: Payment, agent: User) -> None:
    refund = same_sum_again(payment, agent)
    first = Refund.objects.exclude(pk=refund.pk).get()
    hold = GuardHold.objects.get()

    page = signed_in(agent).get(page_of(payment))

    told = f"The same sum went back for this order before: {first.number}."
    day = date_format(localtime(hold.held_at), "SHORT_DATE_FORMAT")
    assert f"{TITLE} {refund.number} {told} {day} Needs a look" in text_of(page)
    assert reverse("admin:returns_refund_change", args=[refund.pk]) in page.content.decode()

    guarding.release_hold(refund.pk, actor=make_money_lead(), note="two articles, one price")
    assert f"{told} {day} Released" in text_of(signed_in(agent).get(page_of(payment)))


@pytest.mark.parametrize(
    ("role", "department", "is_shown"),
    [
        (Role.AGENT, "service", True),
        (Role.FINANCE, "books", True),
        (Role.AUDITOR, "audit", True),
        (Role.LEAD, "legal", False),
        (Role.WAREHOUSE, "service", False),
    ],
)
def test_signs_are_for_who_sees_the_refund(
    payment: Payment, agent: User, role: str, department: str, is_shown: bool
) -> None:
    refund = same_sum_again(payment, agent)
    reader = make_user(role, department=make_department(department))

    page = text_of(signed_in(reader).get(page_of(payment)))

    assert (TITLE in page, refund.number in page) == (is_shown, is_shown)


def test_nothing_is_said_of_a_customer_whose_refunds_are_plain(
    payment: Payment, agent: User
) -> None:
    submit(make_refund(payment, agent, "40.00"))

    assert TITLE not in text_of(signed_in(agent).get(page_of(payment)))


def test_page_costs_the_same_with_one_and_with_three_signs(
    payment: Payment, agent: User, django_assert_max_num_queries: Any
) -> None:
    same_sum_again(payment, agent)
    client, url = signed_in(agent), page_of(payment)
    client.get(url)

    with django_assert_max_num_queries(15) as one:
        client.get(url)
    for _more in range(2):
        same_sum_again(payment, agent)
    with django_assert_max_num_queries(15) as three:
        client.get(url)

    assert GuardHold.objects.count() > 2
    assert len(one) == len(three)
