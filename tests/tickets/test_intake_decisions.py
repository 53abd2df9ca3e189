"""People decide on quarantined messages; who, why and what it became is on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aftersales.kernel.errors import InvalidTransition, NotPermitted, RuleViolated
from compliance.models import AuditEvent, Disclosure
from customers.models import ContactPoint
from staff.roles import Role
from staff.services import system_actor
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_customer, make_ticket
from tests.tickets.mails import mail
from tests.tickets.test_intake_door import deliver
from tests.tickets.timing import later
from tickets import files
from tickets.models import RawIntake, Ticket
from tickets.services import intake
from tickets.services.files import NewFile
from tickets.services.intake import Form, receive_form
from tickets.services.intake.reading import masked
from tickets.statuses import IntakeOutcome as O

pytestmark = pytest.mark.django_db
HOSTILE = b"<script>alert(1)</script> Verify: https://chat.example/confirm"


@pytest.fixture
def waiting() -> RawIntake:
    make_department()
    return deliver(mail(HOSTILE, From="no-reply@chat.example", Subject="Confirm")).intake


def decided(row: RawIntake) -> AuditEvent:
    return AuditEvent.objects.filter(code="tickets.intake_decided", subject_id=row.pk).latest("id")


def test_a_lead_makes_a_case_of_it_without_a_customer(waiting: RawIntake) -> None:
    lead = make_user(Role.LEAD)

    row = intake.open_case(waiting.pk, actor=lead, note="a real question")

    assert row.outcome == O.TICKET
    assert row.ticket is not None
    assert (row.ticket.created_by, row.ticket.customer) == (lead, None)
    assert ContactPoint.objects.count() == 0
    assert (decided(row).actor_id, decided(row).note) == (lead.pk, "a real question")


def test_an_administrator_may_decide_and_the_machine_records_the_case(waiting: RawIntake) -> None:
    administrator = make_user(Role.ADMINISTRATOR)

    row = intake.open_case(waiting.pk, actor=administrator)

    assert row.ticket is not None
    assert row.ticket.created_by.username == "system"
    assert decided(row).actor_id == administrator.pk


def test_a_lead_puts_it_on_a_case(waiting: RawIntake) -> None:
    lead = make_user(Role.LEAD)
    case = make_ticket(lead, customer=make_customer(lead))

    row = intake.put_on_case(waiting.pk, actor=lead, number=case.number.lower())

    assert (row.outcome, row.ticket) == (O.MESSAGE, case)
    assert row.message is not None
    assert row.message.body == HOSTILE.decode()


def test_a_case_out_of_sight_is_no_case(waiting: RawIntake) -> None:
    case = make_ticket(make_user(department=make_department("other")))
    case = Ticket.objects.get(pk=case.pk)
    lead = make_user(Role.LEAD, department=make_department("third"))

    with pytest.raises(RuleViolated) as error:
        intake.put_on_case(waiting.pk, actor=lead, number=case.number)

    assert (error.value.code, error.value.field) == ("unknown_case", "number")
    waiting.refresh_from_db()
    assert waiting.outcome == O.QUARANTINED


def test_ignoring_needs_a_reason_and_happens_once(waiting: RawIntake) -> None:
    lead = make_user(Role.LEAD)
    with pytest.raises(RuleViolated):
        intake.ignore(waiting.pk, actor=lead, note=" ")

    row = intake.ignore(waiting.pk, actor=lead, note="advertising")

    assert (row.outcome, row.reason) == (O.IGNORED, "advertising")
    events = AuditEvent.objects.count()
    with pytest.raises(InvalidTransition):
        intake.open_case(waiting.pk, actor=lead)
    assert AuditEvent.objects.count() == events
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "error"),
    [
        (Role.AGENT, NotPermitted),
        (Role.AUDITOR, NotPermitted),
        (Role.WAREHOUSE, RawIntake.DoesNotExist),
    ],
)
def test_others_do_not_decide(waiting: RawIntake, role: str, error: type[Exception]) -> None:
    person = make_user(role)

    for verb in (intake.open_case, intake.ignore):
        with pytest.raises(error):
            verb(waiting.pk, actor=person, note="because")

    waiting.refresh_from_db()
    assert waiting.outcome == O.QUARANTINED


def test_the_list_begins_with_what_waits(waiting: RawIntake, client: Client) -> None:
    deliver(mail(Message_ID="<2@x>"))
    client.force_login(make_user(Role.LEAD))
    address = reverse("admin:tickets_rawintake_changelist")

    first = client.get(address)
    assert first.headers["Location"] == "?outcome__exact=quarantined"
    page = client.get(address, {"outcome__exact": "quarantined"}).content.decode()

    assert "Confirm" in page
    assert "no-reply@chat.example" not in page
    assert "hello" not in page


def test_the_page_shows_text_and_runs_none(waiting: RawIntake, client: Client) -> None:
    client.force_login(make_user(Role.LEAD))

    page = client.get(reverse("admin:tickets_rawintake_change", args=[waiting.pk]))

    text = page.content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert(1)" not in text
    assert "Make a case" in text


def test_the_raw_message_is_a_locked_down_download(waiting: RawIntake, client: Client) -> None:
    client.force_login(make_user(Role.LEAD))
    show_in_full(client, waiting)

    response = client.get(reverse("admin:tickets_rawintake_raw", args=[waiting.pk]))

    assert HOSTILE in response.content
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"


def show_in_full(client: Client, row: RawIntake, note: str = "is it our customer?") -> Any:
    address = reverse("admin:tickets_rawintake_in_full", args=[row.pk])
    return client.post(address, {"_form_submitted": "1", "note": note})


def test_who_wrote_a_mail_is_shown_for_a_reason_only(waiting: RawIntake, client: Client) -> None:
    lead = make_user(Role.LEAD)
    client.force_login(lead)
    page = reverse("admin:tickets_rawintake_change", args=[waiting.pk])
    raw = reverse("admin:tickets_rawintake_raw", args=[waiting.pk])

    masked = client.get(page).content.decode()
    refused = [client.get(raw), show_in_full(client, waiting, note=" ")]
    assert Disclosure.objects.count() == 0
    shown = show_in_full(client, waiting)
    taken = client.get(raw)
    with later(timedelta(minutes=11)):
        too_late = client.get(raw)

    assert "n***@chat.example" in masked
    for text in (masked, *(answer.content.decode() for answer in refused)):
        assert "no-reply@chat.example" not in text
    assert "no-reply@chat.example" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert (refused[0].status_code, taken.status_code, too_late.status_code) == (403, 200, 403)
    disclosure = Disclosure.objects.get()
    assert (disclosure.actor_id, disclosure.subject_type, disclosure.subject_id) == (
        lead.pk,
        "tickets.rawintake",
        waiting.pk,
    )
    assert (disclosure.fields, disclosure.reason) == (["as_it_came"], "is it our customer?")


def test_another_person_says_why_for_themselves(waiting: RawIntake, client: Client) -> None:
    client.force_login(make_user(Role.LEAD))
    show_in_full(client, waiting)
    client.force_login(make_user(Role.AGENT))

    assert client.get(reverse("admin:tickets_rawintake_raw", args=[waiting.pk])).status_code == 403


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_reads_only_sees_masked_senders(waiting: RawIntake, role: str, client: Client) -> None:
    client.force_login(make_user(role))

    page = client.get(reverse("admin:tickets_rawintake_change", args=[waiting.pk]))

    assert "n***@chat.example" in page.content.decode()
    assert "no-reply@chat.example" not in page.content.decode()
    assert show_in_full(client, waiting).status_code == 403
    assert client.get(reverse("admin:tickets_rawintake_raw", args=[waiting.pk])).status_code == 403
    assert Disclosure.objects.count() == 0


def test_a_form_from_a_telephone_is_masked_in_list_page_and_trail(client: Client) -> None:
    make_department()
    form = Form(subject="Torn", body="My sleeve.", name="李小明", phone="13812345678", token="t")
    row = receive_form(form, actor=system_actor(), uploads=[NewFile("li.txt", b"hello")]).intake
    client.force_login(make_user(Role.LEAD))

    listed = client.get(reverse("admin:tickets_rawintake_changelist") + "?q=").content.decode()
    page = client.get(reverse("admin:tickets_rawintake_change", args=[row.pk])).content.decode()
    shown = show_in_full(client, row).content.decode()

    assert "138****5678" in listed
    assert "138****5678" in page
    assert "李**" in page
    assert "li.txt" in page
    for text in (listed, page):
        assert "13812345678" not in text
        assert "李小明" not in text
    assert "13812345678" in shown
    assert "李小明" in shown


def test_a_row_of_a_file_is_masked_where_its_author_stands() -> None:
    said = {"text": "Great", "who": "Ella Carver", "stars": "5"}

    assert masked(said, "Ella Carver") == {"text": "Great", "who": "Ella C***", "stars": "5"}


def test_what_belongs_to_an_unseen_case_is_not_found(client: Client) -> None:
    make_department()
    row = deliver(mail()).intake
    client.force_login(make_user(Role.AGENT, department=make_department("other")))

    for name in ("change", "raw"):
        address = reverse(f"admin:tickets_rawintake_{name}", args=[row.pk])
        assert client.get(address).status_code in (302, 404)
    assert "hello" not in client.get(reverse("admin:tickets_rawintake_changelist")).content.decode()


@pytest.mark.parametrize(
    ("verb", "said", "outcome"),
    [
        ("open_case", {"note": ""}, O.TICKET),
        ("ignore", {"note": "advertising"}, O.IGNORED),
    ],
)
def test_the_dialogs_call_the_services(
    waiting: RawIntake, client: Client, verb: str, said: dict[str, Any], outcome: str
) -> None:
    client.force_login(make_user(Role.LEAD))
    address = reverse(f"admin:tickets_rawintake_{verb}", args=[waiting.pk])

    response = client.post(address, {**said, "_form_submitted": "1"})

    assert response.status_code == 200
    assert response.headers["HX-Redirect"]
    waiting.refresh_from_db()
    assert waiting.outcome == outcome


def test_an_agent_sees_no_buttons(waiting: RawIntake, client: Client) -> None:
    client.force_login(make_user(Role.AGENT))

    page = client.get(reverse("admin:tickets_rawintake_change", args=[waiting.pk]))

    assert page.status_code == 200
    assert "Make a case" not in page.content.decode()


def test_the_list_costs_the_same_at_one_row_and_at_three(
    client: Client, waiting: RawIntake
) -> None:
    client.force_login(make_user(Role.LEAD))
    address = reverse("admin:tickets_rawintake_changelist") + "?channel__exact=mail"
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    deliver(mail(Message_ID="<2@x>"))
    deliver(mail(Message_ID="<3@x>"))

    with CaptureQueriesContext(connection) as three:
        client.get(address)

    assert len(three) == len(one)
    assert len(one) <= 15


def test_a_message_the_store_lost_can_only_be_ignored(waiting: RawIntake) -> None:
    lead, ticket = make_user(Role.LEAD), make_ticket()
    files.path_of(waiting.digest).unlink()

    with pytest.raises(RuleViolated, match="lost"):
        intake.open_case(waiting.pk, actor=lead, note="a customer")
    with pytest.raises(RuleViolated, match="lost"):
        intake.put_on_case(waiting.pk, actor=lead, number=ticket.number)

    waiting.refresh_from_db()
    assert waiting.outcome == O.QUARANTINED
    assert ticket.messages.count() == 1
    assert intake.ignore(waiting.pk, actor=lead, note="lost for good").outcome == O.IGNORED
