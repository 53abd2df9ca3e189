"""A case that came without a customer is given one, and from then on is like any other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail

from aftersales.kernel.clock import now
from aftersales.kernel.errors import DomainError, InvalidTransition, NotPermitted, RuleViolated
from compliance.models import AuditEvent
from customers.models import Customer
from customers.services import merge_customers, receive_order
from staff.models import User
from staff.roles import Role
from tests.api.calls import Caller as Api
from tests.factories.customers import make_order, make_shop, order_payload
from tests.factories.money import make_payment, make_refund
from tests.factories.people import make_user
from tests.factories.tickets import deliver_mails, make_customer, make_ticket, make_ticket_in
from tests.tickets.case_page import do, shown, traces
from tickets.models import Ticket
from tickets.services import conversation, handling
from tickets.services.handling import Details
from tickets.services.naming import name_customer
from tickets.services.recording import Caller
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db

LI = Caller(email="Li@Example.com", name="Li")
WHY = "signed the review"


@pytest.fixture
def lead() -> User:
    return make_user(Role.LEAD)


@pytest.fixture
def nameless(lead: User) -> Ticket:
    return make_ticket(lead, customer=None)


def refused(error: type[DomainError], ticket: Ticket, caller: Caller, actor: User) -> Any:
    before = traces(ticket), Customer.objects.count()
    with pytest.raises(error) as refusal:
        name_customer(ticket.pk, caller, actor=actor, note=WHY)
    assert (traces(ticket), Customer.objects.count()) == before
    return refusal.value


def test_answers_go_to_whom_the_case_was_named_for(nameless: Ticket, lead: User) -> None:
    name_customer(nameless.pk, LI, actor=lead, note=WHY)
    conversation.reply(nameless.pk, actor=lead, body="We look into it.")
    with time_machine.travel(now() + timedelta(minutes=1), tick=False):
        deliver_mails(nameless)

    nameless.refresh_from_db()
    assert nameless.customer is not None
    assert (nameless.customer.name, nameless.customer.language) == ("Li", "en")
    assert [letter.to for letter in mail.outbox] == [["li@example.com"]]
    event = AuditEvent.objects.get(code="tickets.customer_named")
    assert (event.actor_id, event.note, event.case_id) == (lead.pk, WHY, nameless.pk)
    assert event.data == {"customer": str(nameless.customer_id)}
    last = nameless.history.filter(customer=nameless.customer).earliest("history_date")
    assert last.prev_record.customer_id is None


def test_known_customer_is_the_one_that_stands(nameless: Ticket, lead: User) -> None:
    merged, standing = make_customer(lead), make_customer(lead)
    merge_customers(merged.pk, standing.pk, actor=lead)

    named = name_customer(nameless.pk, Caller(id=merged.pk), actor=lead, note=WHY)

    assert named.customer == standing


def test_case_with_a_customer_keeps_it(lead: User) -> None:
    error = refused(InvalidTransition, make_ticket(lead), LI, lead)

    assert str(error) == "This case has a customer already."


@pytest.mark.parametrize(
    ("caller", "field"),
    [
        (Caller(email="no mail"), "email"),
        (Caller(phone="call me"), "phone"),
        (Caller(id=4711), "id"),
    ],
)
def test_odd_callers_are_refused(nameless: Ticket, lead: User, caller: Caller, field: str) -> None:
    assert refused(RuleViolated, nameless, caller, lead).field == field


def test_buyer_of_the_order_is_the_customer(lead: User) -> None:
    order = make_order()
    ticket = make_ticket(lead, customer=None)
    Ticket.objects.filter(pk=ticket.pk).update(order=order)

    assert refused(RuleViolated, ticket, LI, lead).code == "foreign_order"
    named = name_customer(ticket.pk, Caller(id=order.customer_id), actor=lead, note=WHY)

    assert named.customer == order.customer


@pytest.mark.parametrize("note", ["", "   ", "x"])
def test_a_reason_is_needed(nameless: Ticket, lead: User, note: str) -> None:
    before = traces(nameless), Customer.objects.count()

    with pytest.raises(RuleViolated) as refusal:
        name_customer(nameless.pk, LI, actor=lead, note=note)

    assert refusal.value.field == "note"
    assert (traces(nameless), Customer.objects.count()) == before


@pytest.mark.parametrize("status", TicketStatus.values)
def test_closed_and_canceled_cases_stay_nameless(lead: User, status: str) -> None:
    ticket = make_ticket_in(status, lead)
    Ticket.objects.filter(pk=ticket.pk).update(customer=None)

    if status in ("closed", "canceled"):
        refused(InvalidTransition, ticket, LI, lead)
    else:
        assert name_customer(ticket.pk, LI, actor=lead, note=WHY).customer is not None


@pytest.mark.parametrize(
    ("role", "error"),
    [
        (Role.AUDITOR, NotPermitted),
        (Role.WAREHOUSE, Ticket.DoesNotExist),
        (Role.SERVICE_ACCOUNT, NotPermitted),
    ],
)
def test_others_do_not_name(nameless: Ticket, role: str, error: type[Exception]) -> None:
    other = make_user(role, department=None if role == Role.WAREHOUSE else nameless.department)
    before = traces(nameless), Customer.objects.count()

    with pytest.raises(error):
        name_customer(nameless.pk, LI, actor=other, note=WHY)

    assert (traces(nameless), Customer.objects.count()) == before


def test_order_tells_whose_the_case_is_and_money_can_go_back(nameless: Ticket, lead: User) -> None:
    payment = make_payment()
    standing = make_customer(lead)
    merge_customers(payment.order.customer_id, standing.pk, actor=lead)

    handling.change_details(nameless.pk, Details(order=payment.order), actor=lead)

    nameless.refresh_from_db()
    assert (nameless.customer, nameless.order) == (standing, payment.order)
    event = AuditEvent.objects.get(code="tickets.details_changed")
    assert event.data["fields"] == ["customer", "order"]
    assert make_refund(payment, lead, ticket=nameless).ticket == nameless


def test_order_by_api_tells_whose_the_case_is(nameless: Ticket, lead: User) -> None:
    order = make_order()
    key = {"source": "cn", "number": order.external_id}

    made = Api(lead).post(f"tickets/{nameless.number}/details/", {"order": key}).json()

    assert (made["customer"]["id"], made["order"]) == (order.customer_id, key)


def test_page_offers_it_while_nobody_is_known(nameless: Ticket, lead: User) -> None:
    assert "do/name-customer/" in shown(lead, nameless)
    assert "do/name-customer/" not in shown(lead, make_ticket(lead))
    assert "do/name-customer/" not in shown(make_user(Role.AUDITOR), nameless)


def test_page_takes_the_number_of_an_order(nameless: Ticket, lead: User) -> None:
    order = make_order()

    do(lead, nameless, "name-customer", order=f" {order.external_id} ", note=WHY)

    nameless.refresh_from_db()
    assert (nameless.customer, nameless.order) == (order.customer, order)
    assert AuditEvent.objects.get(code="tickets.details_changed").note == WHY


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "Give either an address or the number of an order."),
        ({"caller": "li@example.com", "order": "ORD-X"}, "Give either an address or"),
        ({"order": "ORD-NOWHERE"}, "No such order."),
        ({"caller": "call me"}, "Not a phone number."),
        ({"caller": "li@example.com", "note": ""}, "This field is required."),
    ],
)
def test_page_says_what_is_wrong(
    nameless: Ticket, lead: User, data: dict[str, str], told: str
) -> None:
    order = make_order()
    given = {name: value.replace("ORD-X", order.external_id) for name, value in data.items()}
    before = traces(nameless)

    response = do(lead, nameless, "name-customer", **({"note": WHY} | given))

    assert response.status_code == 422
    assert told in response.content.decode()
    assert traces(nameless) == before


def test_number_that_two_shops_use_names_nobody(nameless: Ticket, lead: User) -> None:
    machine = make_user(Role.SERVICE_ACCOUNT)
    for shop in (make_shop("cn"), make_shop("eu")):
        receive_order(shop.code, "O-1", order_payload(), actor=machine)
    before = traces(nameless)

    response = do(lead, nameless, "name-customer", order="O-1", note=WHY)

    assert response.status_code == 422
    assert "Several shops have this number; give the address." in response.content.decode()
    assert traces(nameless) == before
