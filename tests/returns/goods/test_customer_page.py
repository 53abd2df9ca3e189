"""The customer's page shows returns, signs and ratings to whoever may see them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from customers.models import Customer, Order
from customers.services import merge_customers
from returns.admin import customer_returns
from returns.models import ReturnAuthorization
from returns.services import authorizing
from returns.services.requesting import appeal_return
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_department, make_user
from tests.factories.returns import (
    SIGNED_AT,
    make_delivered_order,
    make_return,
    make_return_ticket,
)
from tests.factories.tickets import make_ticket_in
from tests.tickets.case_page import signed_in
from tests.tickets.portal_page import text_of
from tickets.models import Ticket
from tickets.services import ratings

pytestmark = pytest.mark.django_db


def page_of(customer: Customer) -> str:
    return reverse("admin:customers_customer_change", args=[customer.pk])


def declined_return(order: Order, lead: User) -> ReturnAuthorization:
    """Asked for long after the delivery and refused."""
    with time_machine.travel(SIGNED_AT + timedelta(days=60), tick=False):
        rma = make_return(make_return_ticket(lead, order), lead)
        return authorizing.decline_return(rma.pk, actor=lead, reason="late", note="60 days ago.")


def rated_case(customer: Customer, lead: User, score: int = 2, comment: str = "Slow") -> Ticket:
    ticket = make_ticket_in("resolved", lead, customer=customer)
    ratings.rate(ticket.pk, actor=lead, score=score, comment=comment)
    return ticket


def test_page_shows_returns_their_signs_and_the_ratings(lead: User) -> None:
    order = make_delivered_order()
    rma = declined_return(order, lead)
    appeal_return(rma.pk, actor=lead, note="It was a gift.")
    other = declined_return(make_delivered_order(customer={"phone": phone_of(order)}), lead)
    ticket = rated_case(order.customer, lead)

    page = signed_in(lead).get(page_of(order.customer))

    text = text_of(page)
    assert "Returns so far 2 Returns declined 1 Asked to look again 1" in text
    assert rma.number in text
    assert other.number in text
    rated_on = localtime(ticket.ratings.get().answered_at)
    assert f"2 / 5 Slow {date_format(rated_on, 'SHORT_DATE_FORMAT')} {ticket.number}" in text


def test_signs_count_returns_beyond_the_latest(lead: User, monkeypatch: pytest.MonkeyPatch) -> None:
    order = make_delivered_order()
    one = declined_return(order, lead)
    other = declined_return(make_delivered_order(customer={"phone": phone_of(order)}), lead)
    monkeypatch.setattr(customer_returns, "MOST", 1)

    text = text_of(signed_in(lead).get(page_of(order.customer)))

    assert "Returns so far 2 Returns declined 2 Asked to look again 0" in text
    assert [rma.number in text for rma in (one, other)].count(True) == 1


def phone_of(order: Order) -> str:
    return order.customer.contact_points.get().address


def test_page_says_that_there_is_nothing(lead: User) -> None:
    text = text_of(signed_in(lead).get(page_of(make_delivered_order().customer)))

    assert "Nothing was asked to come back." in text
    assert "No rating yet." in text


def test_returns_of_merged_records_are_the_customers_own(lead: User) -> None:
    rma = declined_return(make_delivered_order(), lead)
    standing = make_delivered_order().customer
    merge_customers(rma.order.customer_id, standing.pk, actor=lead)

    assert rma.number in text_of(signed_in(lead).get(page_of(standing)))


def test_page_shows_nothing_of_cases_out_of_sight(lead: User) -> None:
    order = make_delivered_order()
    rma = declined_return(order, lead)
    rated_case(order.customer, lead, comment="Never again")
    stranger = make_user(Role.LEAD, department=make_department("other"))

    text = text_of(signed_in(stranger).get(page_of(order.customer)))

    assert rma.number not in text
    assert "Never again" not in text


def test_page_costs_the_same_with_one_and_with_three(
    lead: User, django_assert_max_num_queries: Any
) -> None:
    order = make_delivered_order()
    client, url = signed_in(lead), page_of(order.customer)

    def add() -> None:
        declined_return(make_delivered_order(customer={"phone": phone_of(order)}), lead)
        rated_case(order.customer, lead)

    add()
    client.get(url)
    with django_assert_max_num_queries(15) as one:
        client.get(url)
    add()
    add()
    with django_assert_max_num_queries(15) as three:
        client.get(url)

    assert len(one) == len(three)
