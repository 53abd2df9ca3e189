"""Personal data in full: three doors to the same services, four personas at each of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from aftersales.kernel.errors import NotPermitted, RuleViolated
from compliance import services as compliance_services
from compliance.models import AuditEvent, Disclosure, JournalEntry
from customers.models import Customer, Order
from customers.services.disclosing import disclose_customer, disclose_order
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.api.calls import Caller
from tests.concurrency.race import race
from tests.factories.customers import make_order
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket
from tickets.models import Ticket
from tickets.services.disclosing import disclose_case

WHY = "calls the customer back"


@dataclass(frozen=True)
class Held:
    """A case of a customer with an order: all that the doors can show."""

    ticket: Ticket
    order: Order
    customer: Customer


def make_held() -> Held:
    order = make_order()
    ticket = make_ticket(make_user(Role.LEAD), order=order, customer=order.customer)
    return Held(ticket, order, order.customer)


def dialog(page: str, pk: int, user: User, note: str) -> Any:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="staff.backends.RoleBackend")
    url = reverse(f"admin:customers_{page}_show_personal_data", args=[pk])
    return client.post(url, {"_form_submitted": "1", "note": note})


def case_page(held: Held, user: User, note: str) -> Any:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="staff.backends.RoleBackend")
    url = reverse("admin:tickets_ticket_personal_data", args=[held.ticket.number])
    return client.post(url, {"note": note})


def api(held: Held, user: User, note: str) -> Any:
    return Caller(user).post(f"customers/{held.customer.pk}/disclose/", {"note": note})


DOORS: dict[str, Callable[[Held, User, str], Any]] = {
    "customer page": lambda held, *asked: dialog("customer", held.customer.pk, *asked),
    "order page": lambda held, *asked: dialog("order", held.order.pk, *asked),
    "case page": case_page,
    "api": api,
}
SERVICES: dict[str, Callable[..., Any]] = {
    "customer": lambda held, **asked: disclose_customer(held.customer.pk, **asked),
    "order": lambda held, **asked: disclose_order(held.order.pk, **asked),
    "case": lambda held, **asked: disclose_case(held.ticket.pk, **asked),
}
OF_CUSTOMER = ("customers.customer", ["name", "phone"])
OF_ORDER = ("customers.order", ["address", "recipient", "recipient_phone"])
# Door → what it records, and of which case: always about the object whose data it is.
RECORDS = {
    "customer page": ([OF_CUSTOMER], False),
    "order page": ([OF_ORDER], False),
    "case page": ([OF_CUSTOMER, OF_ORDER], True),
    "api": ([OF_CUSTOMER], False),
}
# A dialog asks again; where nothing was given, the API says so before the service is asked.
ASKED_AGAIN = {
    "customer page": {200},
    "order page": {200},
    "case page": {422},
    "api": {400, 422},
}
# Persona → the answer at each door; customers are the firm's, cases the department's.
PERSONAS: dict[str, tuple[Callable[[], User], dict[str, int]]] = {
    "nobody": (
        lambda: make_user("nobody", roles=[]),
        {"customer page": 302, "order page": 302, "case page": 302, "api": 404},
    ),
    "reader": (lambda: make_user(Role.WAREHOUSE), dict.fromkeys(DOORS, 403)),
    "elsewhere": (
        lambda: make_user(department=make_department("elsewhere")),
        {"customer page": 200, "order page": 200, "case page": 404, "api": 200},
    ),
    "right": (make_user, dict.fromkeys(DOORS, 200)),
}


def traces() -> tuple[int, ...]:
    return (
        Disclosure.objects.count(),
        AuditEvent.objects.exclude(code__startswith="staff.").count(),
        JournalEntry.objects.exclude(table_name__startswith="staff_").count(),
    )


def secrets(held: Held) -> list[str]:
    phone = held.customer.contact_points.get().address
    return [held.customer.name, phone, held.order.recipient, held.order.address]


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("persona", PERSONAS)
def test_each_door_answers_each_persona(door: str, persona: str) -> None:
    held, (make, answers) = make_held(), PERSONAS[persona]
    user, before = make(), traces()

    response = DOORS[door](held, user, WHY)

    assert response.status_code == answers[door]
    if answers[door] != 200:
        assert [one for one in secrets(held) if one in response.text] == []
        assert traces() == before
        return
    subjects, has_case = RECORDS[door]
    rows = Disclosure.objects.order_by("id")
    assert [(row.subject_type, row.fields) for row in rows] == subjects
    assert {(row.actor_id, row.reason, row.case_id) for row in rows} == {
        (user.pk, WHY, held.ticket.pk if has_case else None)
    }
    assert AuditEvent.objects.filter(code="compliance.disclosed").count() == len(subjects)


@pytest.mark.django_db
@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize(
    "actor", [lambda: make_user(Role.WAREHOUSE), system_actor], ids=["reader", "system"]
)
def test_refusal_is_the_same_and_records_nothing(name: str, actor: Callable[[], User]) -> None:
    held, user = make_held(), actor()
    before = traces()

    with pytest.raises(NotPermitted) as refusal:
        SERVICES[name](held, actor=user, note="")

    assert str(refusal.value) == "You do not have the right to do this."
    assert traces() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "missing"),
    [("customer", Customer), ("order", Order), ("case", Ticket)],
)
def test_what_cannot_be_seen_is_not_there(name: str, missing: Any) -> None:
    held, nobody = make_held(), make_user("nobody", roles=[])
    before = traces()

    with pytest.raises(missing.DoesNotExist):
        SERVICES[name](held, actor=nobody, note=WHY)

    assert traces() == before


@pytest.mark.django_db
@pytest.mark.parametrize("note", ["", "abc", "      "])
@pytest.mark.parametrize("name", SERVICES)
def test_service_asks_why(name: str, note: str) -> None:
    held, agent = make_held(), make_user()
    before = traces()

    with pytest.raises(RuleViolated) as refusal:
        SERVICES[name](held, actor=agent, note=note)

    assert (refusal.value.code, refusal.value.field) == ("reason_missing", "note")
    assert traces() == before


@pytest.mark.django_db
@pytest.mark.parametrize("note", ["", "abc", "      "])
@pytest.mark.parametrize("door", DOORS)
def test_nothing_is_shown_without_a_reason(door: str, note: str) -> None:
    held, agent = make_held(), make_user()
    before = traces()

    response = DOORS[door](held, agent, note)

    assert [one for one in secrets(held) if one in response.text] == []
    assert response.status_code in ASKED_AGAIN[door]
    assert traces() == before


@pytest.mark.django_db
def test_abuse_69_case_shows_all_or_nothing_at_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compliance_services, "DISCLOSURES_PER_DAY", 1)
    held, agent = make_held(), make_user()
    before = traces()

    response = case_page(held, agent, WHY)

    assert response.status_code == 422
    assert "The daily limit for showing personal data is reached." in response.text
    assert [one for one in secrets(held) if one in response.text] == []
    assert traces() == before


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False], ids=["turns", "control"])
def test_abuse_69_two_looks_at_once_do_not_pass_the_cap(
    is_guarded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compliance_services, "DISCLOSURES_PER_DAY", 1)
    held, agent = make_held(), make_user()
    both, plain = threading.Barrier(2), compliance_services.current

    def meet_after_counting() -> Any:
        with suppress(threading.BrokenBarrierError):
            both.wait(timeout=1)
        return plain()

    monkeypatch.setattr(compliance_services, "current", meet_after_counting)
    if not is_guarded:
        monkeypatch.setattr(compliance_services, "take_turn", lambda name: None)

    sides = race(*[lambda: disclose_customer(held.customer.pk, actor=agent, note=WHY)] * 2)

    assert [side.error for side in sides] == [None, None]
    refused = [side.refusal.code for side in sides if side.refusal]
    assert refused == (["disclosure_cap"] if is_guarded else [])
    assert Disclosure.objects.count() == (1 if is_guarded else 2)
