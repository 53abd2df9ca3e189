"""A new case by phone: the caller at hand, duplicates named, a form sent twice is one case."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftersales.kernel.clock import now
from customers.models import Customer, Order, Shop
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_customer, make_ticket
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
NEW = "/admin/tickets/ticket/add/"
CALLER = "/admin/tickets/ticket/caller/"


def sign_in(user: User) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user)
    return client


def words(**overrides: Any) -> dict[str, Any]:
    return {
        "token": "form-1",
        "channel": "phone",
        "caller": "",
        "subject": "Zip is stuck",
        "body": "The zip of the jacket is stuck.",
        "kind": "complaint",
        "priority": "normal",
    } | overrides


def make_order(customer: Customer, number: str = "A-1") -> Order:
    shop = Shop.objects.filter(code="s").first() or Shop.objects.create(
        code="s", name="S", name_zh="S"
    )
    return Order.objects.create(
        shop=shop,
        external_id=number,
        customer=customer,
        placed_at=now(),
        currency="CNY",
        total=1,
        payload_digest="",
        received_at=now(),
        updated_at=now(),
    )


def test_new_case_is_open_to_those_who_record_and_to_nobody_else() -> None:
    make_department()

    assert sign_in(make_user()).get(NEW).status_code == 200
    assert Client().get(NEW).status_code == 302
    for role in (Role.AUDITOR, Role.WAREHOUSE, Role.ADMINISTRATOR):
        assert sign_in(make_user(role)).get(NEW).status_code == 403
        assert sign_in(make_user(role)).post(NEW, words()).status_code == 403
        assert sign_in(make_user(role)).post(CALLER, {"caller": "1"}).status_code == 403
    assert Ticket.objects.count() == 0


def test_new_case_adds_an_unknown_caller() -> None:
    agent = make_user()

    response = sign_in(agent).post(NEW, words(caller="139 1111 2222", caller_name="Tom Lee"))

    ticket = Ticket.objects.get()
    assert response["Location"] == f"/admin/tickets/ticket/{ticket.number}/change/"
    assert ticket.customer.name == "Tom Lee"
    assert ticket.customer.contact_points.get().address == "13911112222"
    assert (ticket.created_by, ticket.channel) == (agent, "phone")


def test_new_case_takes_the_order_that_was_picked() -> None:
    agent = make_user()
    customer = make_customer(agent, email="maria@example.com")
    order = make_order(customer)
    foreign = make_order(make_customer(agent), "B-2")
    client = sign_in(agent)

    client.post(NEW, words(caller="maria@example.com", order=order.pk))
    client.post(NEW, words(token="2", caller="maria@example.com", order=foreign.pk, confirm="1"))

    first, second = Ticket.objects.order_by("pk")
    assert (first.customer, first.order) == (customer, order)
    assert (second.customer, second.order) == (customer, None)


def test_new_case_sent_twice_is_one_case() -> None:
    client = sign_in(make_user())

    first = client.post(NEW, words(caller="13911112222"))
    again = client.post(NEW, words(caller="13911112222"))

    assert Ticket.objects.count() == 1
    assert first["Location"] == again["Location"]


def test_new_case_warns_of_an_unfinished_one_until_confirmed() -> None:
    agent = make_user()
    customer = make_customer(agent, email="maria@example.com")
    known = make_ticket(agent, customer=customer)
    client = sign_in(agent)

    warned = client.post(NEW, words(caller="maria@example.com"))

    assert Ticket.objects.count() == 1
    page = warned.content.decode()
    assert f'/{known.number}/change/" target="_blank" rel="noopener">' in page
    assert "The zip of the jacket is stuck." in page
    client.post(NEW, words(caller="maria@example.com", confirm="1"))
    assert Ticket.objects.count() == 2


def test_new_case_counts_cases_of_other_departments_without_showing_them() -> None:
    agent = make_user()
    customer = make_customer(agent, email="maria@example.com")
    hidden = make_ticket(customer=customer)
    Ticket.objects.filter(pk=hidden.pk).update(department=make_department("logistics"))

    page = sign_in(agent).post(CALLER, {"caller": "maria@example.com"}).content.decode()

    assert hidden.number not in page
    assert "1 case in another department" in page


def test_new_case_shows_the_caller_masked_with_the_orders() -> None:
    agent = make_user()
    customer = make_customer(agent, name="李小明", email="maria@example.com")
    customer.contact_points.create(channel="phone", address="13812345678")
    make_order(customer)

    page = sign_in(agent).post(CALLER, {"caller": "A-1"}).content.decode()

    assert "李**" in page
    assert "138****5678" in page
    assert "A-1" in page
    assert "13812345678" not in page
    assert "李小明" not in page


def test_new_case_refuses_what_is_missing_and_keeps_what_was_typed() -> None:
    agent = make_user()
    make_department()

    response = sign_in(agent).post(NEW, words(subject="", caller="not a number"))
    assert response.context["form"].errors.keys() == {"subject"}
    response = sign_in(agent).post(NEW, words(caller="not a number"))
    assert "Not a phone number." in response.content.decode()
    assert "The zip of the jacket is stuck." in response.content.decode()
    assert (Ticket.objects.count(), Customer.objects.count()) == (0, 0)


def test_look_up_without_script_keeps_the_words_and_records_nothing() -> None:
    response = sign_in(make_user()).post(NEW, words(lookup="1", subject=""))

    assert "The zip of the jacket is stuck." in response.content.decode()
    assert response.context["form"].errors == {}
    assert Ticket.objects.count() == 0


def test_caller_panel_costs_the_same_at_one_order_and_at_three() -> None:
    agent = make_user()
    customer = make_customer(agent, email="maria@example.com")
    client = sign_in(agent)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.post(CALLER, {"caller": "maria@example.com"})
        return len(queries)

    make_order(customer)
    one = cost()
    make_order(customer, "A-2")
    make_order(customer, "A-3")
    assert cost() == one
