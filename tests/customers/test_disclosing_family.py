"""A person of several merged records is shown whole, and so is who was shown what of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from compliance.models import AuditEvent, Disclosure
from customers.models import Customer
from customers.services import add_contact_point, identify_customer, merge_customers
from customers.services.disclosing import disclose_customer, personal_data_of
from staff.models import User
from staff.roles import Role
from tests.api.calls import Caller
from tests.api.test_documented_answers import check_answer, operation
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket
from tickets.services.disclosing import disclose_case

pytestmark = pytest.mark.django_db

WHY = "calls the customer back"
PHONES = ["13700000001", "13700000002", "13700000003"]


@pytest.fixture
def lead() -> User:
    make_department()
    return make_user(Role.LEAD)


@pytest.fixture
def family(lead: User) -> list[Customer]:
    """Three records of Wang Fang, each merged into the next one."""
    first, second, third = (
        identify_customer("phone", phone, actor=lead, name="Wang Fang") for phone in PHONES
    )
    add_contact_point(first.pk, "email", "fang@example.com", actor=lead, note="by phone")
    identify_customer("phone", "13700000009", actor=lead, name="Somebody Else")
    merge_customers(first.pk, second.pk, actor=lead)
    merge_customers(second.pk, third.pk, actor=lead)
    return [first, second, third]


@pytest.mark.parametrize("asked", [0, 1, 2])
def test_whatever_record_is_asked_for_all_of_the_person_is_shown_once(
    family: list[Customer], lead: User, asked: int
) -> None:
    people = disclose_customer(family[asked].pk, actor=lead, note=WHY)

    assert people == [family[asked], *(one for one in family if one != family[asked])]
    shown = [(one.field, one.value) for one in personal_data_of(people)]
    assert sorted(shown) == [
        ("email", "fang@example.com"),
        ("name", "Wang Fang"),
        *(("phone", phone) for phone in PHONES),
    ]
    rows = Disclosure.objects.order_by("subject_id").values_list("subject_id", "fields", "reason")
    assert list(rows) == [
        (family[0].pk, ["email", "name", "phone"], WHY),
        (family[1].pk, ["name", "phone"], WHY),
        (family[2].pk, ["name", "phone"], WHY),
    ]
    assert AuditEvent.objects.filter(code="compliance.disclosed").count() == 3


def test_a_record_that_holds_nothing_is_no_disclosure(family: list[Customer], lead: User) -> None:
    empty = Customer(language="en", created_at=family[0].created_at, merged_into=family[2])
    empty.save()

    assert empty not in disclose_customer(family[2].pk, actor=lead, note=WHY)
    assert disclose_customer(empty.pk, actor=lead, note=WHY)[0] == empty
    assert Disclosure.objects.filter(subject_id=empty.pk).count() == 1


def page(customer: Customer, user: User) -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="staff.backends.RoleBackend")
    return client.get(reverse("admin:customers_customer_change", args=[customer.pk])).text


def dialog(family: list[Customer], user: User) -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="staff.backends.RoleBackend")
    url = reverse("admin:customers_customer_show_personal_data", args=[family[2].pk])
    return client.post(url, {"_form_submitted": "1", "note": WHY}).text


def case(family: list[Customer], user: User) -> str:
    ticket = make_ticket(user, customer=family[1])
    return str([one.value for one in disclose_case(ticket.pk, actor=user, note=WHY)])


def api(family: list[Customer], user: User) -> str:
    answer = Caller(user).post(f"customers/{family[0].pk}/disclose/", {"note": WHY})
    check_answer(operation("POST", "customers/{customer_id}/disclose/"), answer)
    return answer.text


@pytest.mark.parametrize("door", [dialog, case, api])
def test_each_door_shows_all_addresses(
    family: list[Customer], lead: User, door: Callable[[list[Customer], User], str]
) -> None:
    text = door(family, lead)

    assert [one for one in (*PHONES, "fang@example.com") if one not in text] == []
    assert "13700000009" not in text
    assert Disclosure.objects.count() == 3


def test_auditor_sees_on_each_record_who_was_shown_the_person(
    family: list[Customer], lead: User
) -> None:
    auditor = make_user(Role.AUDITOR)
    nobody_yet = "Who looks at this person"
    before = [nobody_yet in page(one, auditor) for one in family]
    disclose_customer(family[0].pk, actor=lead, note="first look")
    other = Customer.objects.get(name="Somebody Else")
    disclose_customer(other.pk, actor=lead, note="another person")

    pages = [page(one, auditor) for one in family]

    assert before == [True] * 3
    assert [text.count("first look") for text in pages] == [3, 3, 3]
    assert [text.count("Wang F*** · E-mail, Name, Phone · first look") for text in pages] == [1] * 3
    assert ["another person" in text for text in pages] == [False] * 3
    assert "Who was shown personal data" not in page(family[0], lead)
