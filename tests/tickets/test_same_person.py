"""Customer records that were merged are one person, wherever a case asks whose an order is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftersales.kernel.errors import RuleViolated
from customers.models import Customer, Order
from customers.services import (
    add_contact_point,
    identify_customer,
    merge_customers,
    unmerge_customers,
)
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.api.calls import Caller
from tests.factories.customers import make_order
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_customer, make_ticket
from tests.tickets.case_page import address, do, signed_in
from tests.tickets.mails import mail
from tests.tickets.test_web_form import send
from tickets.models import Ticket
from tickets.queries.case import load_case
from tickets.services import handling
from tickets.services.entry import possible_duplicates
from tickets.services.handling import Details
from tickets.services.intake import Arrival, receive
from tickets.services.shared import mail_address

pytestmark = pytest.mark.django_db

MAIL = "wang.fang@example.com"


@pytest.fixture(autouse=True)
def desk() -> None:
    make_department()


@pytest.fixture
def lead() -> User:
    return make_user(Role.LEAD)


@pytest.fixture
def buyer(lead: User) -> Customer:
    """Bought under one record and is known under another, two merges away."""
    order = make_order()
    add_contact_point(order.customer_id, "email", MAIL, actor=lead, note="by phone")
    between = identify_customer("phone", "13700000001", actor=lead)
    standing = identify_customer("phone", "13700000002", actor=lead, name="Wang Fang")
    merge_customers(order.customer_id, between.pk, actor=lead)
    merge_customers(between.pk, standing.pk, actor=lead)
    return standing


def bought(buyer: Customer) -> Order:
    return Order.objects.get(customer__merged_into__merged_into=buyer)


def test_case_page_shows_the_cases_of_all_records(buyer: Customer, lead: User) -> None:
    record = bought(buyer).customer
    first = make_ticket(lead, customer=record)
    second = make_ticket(lead, customer=buyer)
    make_ticket(lead, customer=make_customer())

    assert [one.number for one in load_case(second.number, lead).other_cases] == [first.number]
    assert [one.number for one in load_case(first.number, lead).other_cases] == [second.number]


def test_order_of_a_merged_record_opens_a_case_by_api(buyer: Customer) -> None:
    order = bought(buyer)
    shop_system = Caller(make_user(Role.SERVICE_ACCOUNT))

    made = shop_system.post(
        "tickets/",
        {
            "body": "The sleeve is torn.",
            "external_id": "CRM-1",
            "customer": {"email": MAIL},
            "order": {"source": "cn", "number": order.external_id},
        },
    )

    assert made.status_code == 201
    ticket = Ticket.objects.get()
    assert (ticket.customer, ticket.order) == (buyer, order)


def test_order_named_in_a_mail_is_found_under_a_merged_record(buyer: Customer) -> None:
    order = bought(buyer)
    raw = mail(f"The sleeve of {order.external_id} is torn.".encode(), From=f"Wang <{MAIL}>")

    receive(Arrival(channel="mail", raw=raw), actor=system_actor())

    ticket = Ticket.objects.get()
    assert (ticket.customer, ticket.order) == (buyer, order)


def test_order_named_in_the_web_form_is_found_under_a_merged_record(
    buyer: Customer, client: Client
) -> None:
    order = bought(buyer)

    send(client, email=MAIL, order_number=order.external_id)

    ticket = Ticket.objects.get()
    assert (ticket.customer, ticket.order) == (buyer, order)
    assert not ticket.messages.filter(kind="note").exists()


def test_order_of_a_merged_record_is_offered_and_linked_on_the_case_page(
    buyer: Customer, lead: User
) -> None:
    ticket, order = make_ticket(lead, customer=buyer), bought(buyer)
    stranger = make_order()

    form = signed_in(lead).get(address(ticket, "do/details")).content.decode()
    response = do(lead, ticket, "details", subject="Torn", language="en", order=order.pk)

    assert f'<option value="{order.pk}"' in form
    assert f'<option value="{stranger.pk}"' not in form
    assert response.status_code == 302
    ticket.refresh_from_db()
    assert ticket.order == order


def test_after_the_merge_was_undone_the_order_is_a_strangers_but_stays(
    buyer: Customer, lead: User
) -> None:
    order = bought(buyer)
    ticket = make_ticket(lead, customer=buyer, order=order)
    other = make_ticket(lead, customer=buyer)
    unmerge_customers(order.customer_id, actor=lead)

    with pytest.raises(RuleViolated) as refusal:
        handling.change_details(other.pk, Details(order=order), actor=lead)
    do(lead, ticket, "details", subject="Torn sleeve", language="en", order=order.pk)

    assert refusal.value.code == "foreign_order"
    ticket.refresh_from_db()
    other.refresh_from_db()
    assert (ticket.subject, ticket.order, other.order) == ("Torn sleeve", order, None)


def test_case_of_a_merged_record_warns_of_a_second_one(buyer: Customer, lead: User) -> None:
    first = make_ticket(lead, customer=bought(buyer).customer)

    assert list(possible_duplicates(buyer, None)) == [first]


def test_mail_goes_to_an_address_of_a_merged_record_when_there_is_no_own(
    buyer: Customer, lead: User
) -> None:
    ticket = make_ticket(lead, customer=buyer)
    assert mail_address(ticket) == MAIL

    add_contact_point(buyer.pk, "email", "own@example.com", actor=lead, note="by phone")

    assert mail_address(ticket) == "own@example.com"


def test_case_page_shows_the_addresses_of_all_records_and_takes_mail(
    buyer: Customer, lead: User
) -> None:
    page = load_case(make_ticket(lead, customer=buyer).number, lead)
    alone = load_case(make_ticket(lead, customer=make_customer(lead)).number, lead)

    assert page.takes_mail
    assert len(page.contacts) == 4
    assert len(alone.contacts) == 1


def test_customer_without_merges_costs_intake_by_api_nothing() -> None:
    order = make_order()
    phone = order.customer.contact_points.get().address
    shop_system = Caller(make_user(Role.SERVICE_ACCOUNT))

    with CaptureQueriesContext(connection) as heard:
        made = shop_system.post(
            "tickets/",
            {
                "body": "The sleeve is torn.",
                "customer": {"phone": phone},
                "order": {"source": "cn", "number": order.external_id},
            },
        )

    assert made.status_code == 201
    assert not [one for one in heard.captured_queries if "RECURSIVE" in one["sql"]]
