"""Forms and calls go through the door as stored JSON; what a person can mend is said at once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation
from rest_framework.test import APIClient

from aftersales.kernel.errors import NotPermitted, RuleViolated
from aftersales.kernel.refs import for_reader
from staff.roles import Role
from staff.services import system_actor
from tests.factories.customers import make_order, make_shop
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket
from tickets import files
from tickets.models import RawIntake, Ticket
from tickets.services.files import NewFile
from tickets.services.intake import (
    Arrival,
    Form,
    door,
    keep,
    open_case,
    process_stored,
    put_on_case,
    receive_form,
)
from tickets.statuses import IntakeOutcome as O

pytestmark = pytest.mark.django_db
FORM = Form(subject="Torn sleeve", body="The sleeve is torn.", email="li@example.com", token="t1")


@pytest.fixture(autouse=True)
def desk() -> None:
    make_department()


def test_a_form_is_stored_as_json_and_becomes_a_case_with_its_files() -> None:
    shop = make_shop()
    form = replace(FORM, kind="complaint", name="Li", shop=shop.code, language="en")

    receipt = receive_form(form, actor=system_actor(), uploads=[NewFile("a.txt", b"hello")])

    assert receipt.outcome == O.TICKET
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.kind, ticket.shop) == ("web", "complaint", shop)
    assert ticket.customer is not None
    assert ticket.customer.name == "Li"
    assert ticket.attachments.get().file_name == "a.txt"
    said = json.loads(files.read(receipt.intake.digest))
    assert (said["body"], said["channel"]) == ("The sleeve is torn.", "web")


def test_a_form_sent_twice_is_one_case() -> None:
    first = receive_form(FORM, actor=system_actor())
    again = receive_form(FORM, actor=system_actor())
    other = receive_form(replace(FORM, token="t2"), actor=system_actor())

    assert (first.outcome, again.outcome, other.outcome) == (O.TICKET, O.DUPLICATE, O.TICKET)
    assert again.ticket == first.ticket
    assert Ticket.objects.count() == 2


def test_an_order_is_linked_only_if_it_is_the_customers() -> None:
    order = make_order(customer={"external_id": "C1", "name": "Li", "email": "li@example.com"})
    theirs = make_order()

    own = receive_form(replace(FORM, order_number=order.external_id), actor=system_actor())
    foreign = receive_form(
        replace(FORM, order_number=theirs.external_id, token="t2"), actor=system_actor()
    )

    assert own.ticket is not None
    assert own.ticket.order == order
    assert foreign.ticket is not None
    assert foreign.ticket.order is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"body": " "}, "body"),
        ({"email": "not a mail"}, "email"),
        ({"email": "", "phone": "x"}, "phone"),
        ({"kind": "bribe"}, "kind"),
        ({"shop": "nowhere"}, "shop"),
        ({"language": "tlh"}, "language"),
        ({"external_id": "x" * 101}, "external_id"),
    ],
)
def test_what_the_sender_can_mend_is_refused_with_nothing_stored(
    changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(RuleViolated) as error:
        receive_form(replace(FORM, **changes), actor=system_actor())

    assert error.value.field == field
    assert RawIntake.objects.count() == Ticket.objects.count() == 0


def test_an_empty_file_is_refused_with_nothing_stored() -> None:
    with pytest.raises(RuleViolated):
        receive_form(FORM, actor=system_actor(), uploads=[NewFile("a.txt", b"")])

    assert RawIntake.objects.count() == 0


def test_only_who_records_cases_may_send_forms() -> None:
    with pytest.raises(NotPermitted):
        receive_form(FORM, actor=make_user(Role.AUDITOR))

    assert RawIntake.objects.count() == 0


def test_the_sweep_records_a_form_as_its_sender_not_as_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account = make_user(Role.SERVICE_ACCOUNT)
    monkeypatch.setattr(door, "attempt", lambda pk, actor: RawIntake.objects.get(pk=pk))
    receive_form(replace(FORM, external_id="X-1"), actor=account, channel="api")
    monkeypatch.undo()
    assert RawIntake.objects.get().outcome == O.STORED

    process_stored(actor=system_actor(), older_than=timedelta(0))

    ticket = Ticket.objects.get()
    assert (ticket.created_by, ticket.external_id, ticket.channel) == (account, "X-1", "api")


def test_a_flood_of_forms_from_one_address_waits_for_a_person() -> None:
    said = [
        receive_form(replace(FORM, token=f"t{number}"), actor=system_actor()).outcome
        for number in range(11)
    ]

    assert said == [O.TICKET] * 10 + [O.QUARANTINED]


def test_what_the_api_answered_is_kept_with_its_case() -> None:
    account = make_user(Role.SERVICE_ACCOUNT)
    ticket = make_ticket(account)

    row = keep(Arrival(channel="api", raw=b'{"a": 1}'), ticket.messages.get(), actor=account)

    assert (row.outcome, row.ticket, files.read(row.digest)) == (O.TICKET, ticket, b'{"a": 1}')
    assert row.external_id == f"{account.pk}  {ticket.number}"


def test_an_api_call_that_opens_a_case_is_kept_as_it_came() -> None:
    account = make_user(Role.SERVICE_ACCOUNT)
    client = APIClient()
    client.force_authenticate(account)
    call = {"subject": "Torn", "body": "The sleeve is torn.", "external_id": "X-1"}

    made = client.post("/api/v1/tickets/", call, format="json")
    again = client.post("/api/v1/tickets/", call, format="json")
    refused = client.post("/api/v1/tickets/", call | {"order": {"source": "x"}}, format="json")

    assert (made.status_code, again.status_code) == (201, 200)
    assert refused.status_code >= 400
    row = RawIntake.objects.get()
    assert (row.channel, row.outcome, row.external_id) == ("api", O.TICKET, f"{account.pk}:X-1")
    assert json.loads(files.read(row.digest)) == call


CLAIMS = replace(FORM, phone="138 1234 5678", order_number="A-1001")
CLAIMED = [
    "Claims order A-1001, which is not known for this contact.",
    "Says the phone number is 138 1234 5678.",
]


def noted(ticket: Ticket | None) -> list[str]:
    """The notes of a case in English, each once, in order."""
    assert ticket is not None
    notes = ticket.messages.filter(kind="note", author=system_actor()).order_by("pk")
    with translation.override("en"):
        return [for_reader(note.body) for note in notes]


def test_what_a_form_claims_is_noted_with_its_case() -> None:
    receipt = receive_form(CLAIMS, actor=system_actor())

    assert noted(receipt.ticket) == CLAIMED
    assert noted(receive_form(CLAIMS, actor=system_actor()).ticket) == CLAIMED


def test_claims_are_noted_when_the_sweep_finishes_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "attempt", lambda pk, actor: RawIntake.objects.get(pk=pk))
    receive_form(CLAIMS, actor=system_actor())
    monkeypatch.undo()

    process_stored(actor=system_actor(), older_than=timedelta(0))

    assert noted(Ticket.objects.get()) == CLAIMED


def quarantined() -> RawIntake:
    """The eleventh form of an hour, with a file."""
    for number in range(10):
        receive_form(replace(FORM, token=f"flood{number}"), actor=system_actor())
    file = NewFile("torn.txt", b"torn")
    return receive_form(CLAIMS, actor=system_actor(), uploads=[file]).intake


def test_claims_are_noted_when_a_lead_opens_a_quarantined_form() -> None:
    row = open_case(quarantined().pk, actor=make_user(Role.LEAD))

    assert row.outcome == O.TICKET
    assert noted(row.ticket) == CLAIMED


def test_claims_and_files_go_where_a_lead_puts_a_quarantined_form() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)

    put_on_case(quarantined().pk, actor=lead, number=ticket.number)

    assert noted(ticket) == CLAIMED
    assert [file.file_name for file in ticket.attachments.all()] == ["torn.txt"]


def test_number_of_a_parcel_of_ones_own_is_no_mere_claim() -> None:
    make_order(customer={"external_id": "C1", "name": "Li", "email": "li@example.com"})

    receipt = receive_form(replace(FORM, order_number="SF100"), actor=system_actor())

    assert noted(receipt.ticket) == []
