"""What was set by mistake can be taken off a case again: order, category, assessment."""

from __future__ import annotations

from typing import Any

import pytest

from aftersales.kernel.errors import InvalidTransition, RuleViolated
from compliance.models import AuditEvent
from returns.services.money import requesting
from returns.services.requesting import cancel_return
from staff.models import User
from staff.roles import Role
from tests.api.calls import Caller
from tests.factories.customers import make_order
from tests.factories.money import make_payment, make_refund
from tests.factories.people import make_department, make_user
from tests.factories.returns import make_policy, make_return, make_return_ticket
from tests.factories.tickets import make_ticket
from tests.tickets.case_page import address, do, signed_in, traces
from tickets.models import Category, Ticket
from tickets.services import handling
from tickets.services.handling import Assessment, Details

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> User:
    return make_user(Role.LEAD)


@pytest.fixture
def ordered(lead: User) -> Ticket:
    """A case with an order and everything an assessment says."""
    order = make_order()
    ticket = make_ticket(lead, customer=order.customer, order=order)
    category = Category(path="logistics", name="Logistics", name_zh="物流")
    category.save()
    judged = Assessment(
        category=category,
        severity="minor",
        complexity="simple",
        sentiment="negative",
        requested_remedy="refund",
    )
    handling.assess(ticket.pk, judged, actor=lead)
    handling.change_details(ticket.pk, Details(responsible_party="carrier"), actor=lead)
    ticket.refresh_from_db()
    return ticket


def facts(ticket: Ticket) -> tuple[Any, ...]:
    ticket.refresh_from_db()
    return (
        ticket.order,
        ticket.category,
        ticket.severity,
        ticket.complexity,
        ticket.sentiment,
        ticket.requested_remedy,
        ticket.responsible_party,
    )


NOTHING = (None, None, "", "", "", "", "")


def test_what_is_left_out_stays_and_what_is_none_goes(ordered: Ticket, lead: User) -> None:
    before = facts(ordered)

    handling.change_details(ordered.pk, Details(subject="Torn sleeve"), actor=lead)
    handling.assess(ordered.pk, Assessment(priority="high"), actor=lead)
    assert facts(ordered) == before

    handling.change_details(ordered.pk, Details(order=None), actor=lead, note="another's parcel")
    handling.assess(ordered.pk, Assessment(category=None), actor=lead)
    assert facts(ordered) == (None, None, *before[2:])
    event = AuditEvent.objects.filter(code="tickets.details_changed").latest("id")
    assert (event.data["fields"], event.note) == (["order"], "another's parcel")


def test_forms_of_the_case_page_clear_order_and_category(ordered: Ticket, lead: User) -> None:
    do(lead, ordered, "details", subject=ordered.subject, language="en", order="")
    do(lead, ordered, "assess", kind="complaint", priority="normal", category="")

    assert facts(ordered) == NOTHING


def test_form_of_the_assessment_keeps_a_category_that_is_out_of_use(
    ordered: Ticket, lead: User
) -> None:
    category = ordered.category
    assert category is not None
    category.is_active = False
    category.save()

    form = signed_in(lead).get(address(ordered, "do/assess")).content.decode()
    do(lead, ordered, "assess", kind="complaint", priority="high", category=category.pk)

    assert f'<option value="{category.pk}" selected' in form
    assert facts(ordered)[1] == category


def test_api_clears_with_null_or_empty_text_and_keeps_what_is_absent(
    ordered: Ticket, lead: User
) -> None:
    caller = Caller(lead)
    path = f"tickets/{ordered.number}/"
    before = facts(ordered)

    caller.post(f"{path}details/", {"subject": "Torn sleeve"})
    caller.post(f"{path}assess/", {"priority": "high"})
    assert facts(ordered) == before

    details = caller.post(f"{path}details/", {"order": None, "responsible_party": ""})
    cleared = {"category": None, "severity": "", "complexity": "", "sentiment": ""}
    assessed = caller.post(f"{path}assess/", cleared | {"requested_remedy": ""})

    assert (details.status_code, assessed.status_code) == (200, 200)
    assert (details.json()["order"], assessed.json()["category"]) == (None, None)
    assert facts(ordered) == NOTHING


@pytest.mark.parametrize("field", ["priority", "kind", "subject", "language", "tags"])
def test_api_refuses_to_clear_what_every_case_has(ordered: Ticket, lead: User, field: str) -> None:
    verb = "assess" if field in ("priority", "kind") else "details"
    caller = Caller(lead)
    before = traces(ordered)

    refused = caller.post(f"tickets/{ordered.number}/{verb}/", {field: None})

    assert (refused.status_code, refused.json()["error"]["field"]) == (400, field)
    assert traces(ordered) == before


def test_nothing_changed_is_said_and_nothing_recorded(ordered: Ticket, lead: User) -> None:
    said = {
        "subject": ordered.subject,
        "language": "en",
        "order": ordered.order_id,
        "responsible_party": "carrier",
        "note": "looked at it",
    }
    before = traces(ordered)

    response = do(lead, ordered, "details", **said)

    assert response.status_code == 409
    assert "Nothing was changed." in response.content.decode()
    assert "looked at it" in response.content.decode()
    assert traces(ordered) == before


def refused(ticket: Ticket, order: Any, lead: User) -> str:
    before = traces(ticket)
    with pytest.raises(RuleViolated) as refusal:
        handling.change_details(ticket.pk, Details(order=order), actor=lead)
    assert (refusal.value.code, refusal.value.field) == ("order_in_use", "order")
    assert traces(ticket) == before
    return str(refusal.value)


def test_order_with_a_return_stays_until_the_return_is_canceled(lead: User) -> None:
    make_policy()
    rma = make_return(make_return_ticket(lead), lead)
    other = make_order()
    other.customer = rma.order.customer
    other.save()

    assert refused(rma.ticket, None, lead) == (
        "A return of this order is on the case; cancel it first."
    )
    refused(rma.ticket, other, lead)

    cancel_return(rma.pk, actor=lead, note="wrong order")
    handling.change_details(rma.ticket_id, Details(order=None), actor=lead)
    rma.ticket.refresh_from_db()
    assert rma.ticket.order is None


def test_order_with_a_refund_stays_until_the_refund_is_canceled(lead: User) -> None:
    make_department()
    payment = make_payment()
    ticket = make_ticket(lead, customer=payment.order.customer, order=payment.order)
    refund = make_refund(payment, lead, ticket=ticket)

    assert refused(ticket, None, lead) == "A refund of this order is on the case; cancel it first."

    requesting.cancel_refund(refund.pk, actor=lead, note="wrong order")
    handling.change_details(ticket.pk, Details(order=None), actor=lead)
    ticket.refresh_from_db()
    assert ticket.order is None


def test_nothing_to_clear_is_refused(lead: User) -> None:
    ticket = make_ticket(lead)
    before = traces(ticket)

    with pytest.raises(InvalidTransition):
        handling.change_details(ticket.pk, Details(order=None), actor=lead)

    assert traces(ticket) == before
