"""What a customer told another program reaches the case as if it had come by any other door."""

from __future__ import annotations

import io
import json
import threading
from typing import Any

import pytest
from django.db import connection

from compliance.models import AuditEvent
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.api.calls import Caller
from tests.api.test_personas import written
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket, make_ticket_in
from tickets import files
from tickets.models import Attachment, Message, RawIntake, Ticket
from tickets.services import joining, opening
from tickets.services.handling import watch
from tickets.services.intake import open_case, put_on_case, verdicts
from tickets.statuses import IntakeOutcome, TicketStatus

pytestmark = pytest.mark.django_db
SAID = {"body": "The collar is torn, too.", "external_id": "CHAT-1"}


def account(caller: Caller) -> User:
    assert caller.user is not None
    return caller.user


@pytest.fixture
def case(shop_system: Caller) -> Ticket:
    make_department()
    return make_ticket(account(shop_system))


def followed(status: str, shop_system: Caller) -> Ticket:
    """A case brought to a status that the program may see."""
    lead = make_user(Role.LEAD)
    ticket = make_ticket_in(status, lead)
    watch(ticket.pk, actor=lead, user=account(shop_system))
    return ticket


def say(caller: Caller, ticket: Ticket, body: Any = SAID, **headers: str) -> Any:
    return caller.post(f"tickets/{ticket.number}/customer-messages/", body, **headers)


def test_words_are_stored_and_put_on_the_case(shop_system: Caller, case: Ticket) -> None:
    answer = say(shop_system, case)

    row, message = RawIntake.objects.get(), Message.objects.latest("pk")
    assert (answer.status_code, answer.json()["outcome"]) == (201, "message")
    assert answer.json()["ticket"] == case.number
    assert answer.json()["message"]["id"] == message.pk
    assert (message.ticket, message.kind, message.channel) == (case, "inbound", "api")
    assert (message.body, message.author_name) == (SAID["body"], case.customer.name)  # type: ignore[union-attr]
    assert (row.channel, row.outcome, row.message) == ("api", IntakeOutcome.MESSAGE, message)
    raw = json.loads(files.read(row.digest))
    assert (raw["ticket"], raw["body"], raw["number"]) == (case.number, SAID["body"], "CHAT-1")
    codes = AuditEvent.objects.filter(actor_id=account(shop_system).pk).values_list("code")
    assert [code for (code,) in codes.order_by("pk")][-3:] == [
        "tickets.intake_stored",
        "tickets.message_received",
        "tickets.intake_decided",
    ]


@pytest.mark.parametrize(
    ("before", "body", "after"),
    [
        (TicketStatus.PENDING, "Here is the picture", TicketStatus.OPEN),
        (TicketStatus.PENDING, "谢谢", TicketStatus.PENDING),
        (TicketStatus.RESOLVED, "It is torn again", TicketStatus.OPEN),
        (TicketStatus.RESOLVED, "Thank you!", TicketStatus.RESOLVED),
    ],
)
def test_words_take_a_case_up_again_and_thanks_do_not(
    shop_system: Caller, before: str, body: str, after: str
) -> None:
    ticket = followed(before, shop_system)

    answer = say(shop_system, ticket, {"body": body})

    ticket.refresh_from_db()
    assert (answer.status_code, ticket.status) == (201, after)
    assert answer.json()["ticket"] == ticket.number


def test_words_to_a_finished_case_go_to_one_that_continues_it(shop_system: Caller) -> None:
    ticket = followed(TicketStatus.CLOSED, shop_system)

    first = say(shop_system, ticket).json()
    second = say(shop_system, ticket, {"body": "And the zip."}).json()

    assert (first["outcome"], second["outcome"]) == ("ticket", "message")
    assert first["ticket"] == second["ticket"] != ticket.number
    assert first["reason"] == "Continues a finished case."
    assert Ticket.objects.count() == 2


def test_words_land_on_a_case_the_program_does_not_see(shop_system: Caller, case: Ticket) -> None:
    lead = make_user(Role.LEAD)
    target = make_ticket(lead, customer=case.customer)
    closed = followed(TicketStatus.CLOSED, shop_system)
    joining.merge_tickets(case.pk, target.pk, actor=lead)
    by_mail = opening.receive_message(
        closed.pk, opening.Words(body="Torn again", channel="mail"), actor=system_actor()
    )

    merged, continued = say(shop_system, case), say(shop_system, closed, {"body": "And again"})

    assert merged.json()["ticket"] == target.number
    assert continued.json()["ticket"] == by_mail.ticket.number
    assert say(shop_system, target).status_code == 404


def test_same_number_is_the_same_message(shop_system: Caller, case: Ticket) -> None:
    first, second = say(shop_system, case), say(shop_system, case)

    assert (second.status_code, second.json()["outcome"]) == (200, "duplicate")
    assert second.json()["message"] == first.json()["message"]
    assert case.messages.count() == 2
    assert RawIntake.objects.get().seen_count == 2


def test_other_words_under_a_known_number_are_refused_not_lost(
    shop_system: Caller, case: Ticket
) -> None:
    other = make_ticket(account(shop_system))
    say(shop_system, case)
    before = written()

    for ticket, body in ((case, SAID | {"body": "The zip."}), (other, SAID)):
        refused = say(shop_system, ticket, body)

        error = refused.json()["error"]
        assert (refused.status_code, error["code"]) == (422, "external_id_reused")
        assert (error["field"], error["message"]) == (
            "external_id",
            "This number was used for other words.",
        )
    assert written() == before


def test_number_of_a_message_is_no_number_of_a_case(shop_system: Caller, case: Ticket) -> None:
    say(shop_system, case)

    recorded = shop_system.post("tickets/", SAID)
    stranger = Caller(make_user(Role.SERVICE_ACCOUNT, department=None))
    own = say(stranger, make_ticket(account(stranger)))

    assert (recorded.status_code, own.status_code) == (201, 201)


def test_words_without_a_number_are_new_each_time(shop_system: Caller, case: Ticket) -> None:
    answers = [say(shop_system, case, {"body": "Hello?"}).status_code for _ in range(2)]

    assert (answers, case.messages.count()) == ([201, 201], 3)


def test_same_key_gives_the_same_answer(shop_system: Caller, case: Ticket) -> None:
    body = {"body": "Hello?"}

    first = say(shop_system, case, body, Idempotency_Key="k1")
    second = say(shop_system, case, body, Idempotency_Key="k1")

    assert first.json() == second.json()
    assert (second.headers["Idempotent-Replayed"], case.messages.count()) == ("true", 2)


@pytest.mark.parametrize("decide", ["put", "open"])
def test_a_flood_waits_for_a_person(
    shop_system: Caller, case: Ticket, monkeypatch: pytest.MonkeyPatch, decide: str
) -> None:
    monkeypatch.setattr(verdicts, "MESSAGES_PER_HOUR", 1)

    answer = say(shop_system, case)

    row, lead = RawIntake.objects.get(), make_user(Role.LEAD)
    assert answer.status_code == 202
    assert answer.json() == {
        "outcome": "quarantined",
        "reason": "Too many messages on this case within an hour.",
        "ticket": None,
        "message": None,
    }
    assert case.messages.count() == 1
    if decide == "put":
        put_on_case(row.pk, actor=lead, number=case.number)
    else:
        open_case(row.pk, actor=lead)
    assert Message.objects.latest("pk").body == SAID["body"]
    assert case.messages.count() == (2 if decide == "put" else 1)
    assert say(shop_system, case).json()["outcome"] == "duplicate"


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "body"),
        ({"body": ""}, 400, "body"),
        ({"body": "\x00"}, 400, "body"),
        ({"body": "x" * 50_001}, 400, "body"),
        ({"body": "\ud800"}, 400, "body"),
        ({"body": "torn", "external_id": "x" * 101}, 400, "external_id"),
        ({"body": "torn", "external_id": {"a": 1}}, 400, "external_id"),
        ({"body": "torn", "channel": "telepathy"}, 400, "channel"),
        ({"body": "torn", "ticket": "T-000001"}, 400, "ticket"),
    ],
)
def test_odd_words_are_refused_by_field(
    shop_system: Caller, case: Ticket, body: Any, status: int, field: str
) -> None:
    before = written()

    response = say(shop_system, case, body)

    assert (response.status_code, response.json()["error"]["field"]) == (status, field)
    assert written() == before
    assert not RawIntake.objects.exists()


def test_files_follow_by_the_verb_of_files(shop_system: Caller, case: Ticket) -> None:
    told = say(shop_system, case).json()
    photo = io.BytesIO(b"a photo, in words")
    photo.name = "photo.txt"

    sent = shop_system.post(
        f"tickets/{told['ticket']}/attachments/", {"file": photo, "message": told["message"]["id"]}
    )

    assert sent.status_code == 201
    assert Attachment.objects.get().message_id == told["message"]["id"]


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_same_number_at_once_is_one_message() -> None:
    caller = Caller(make_user(Role.SERVICE_ACCOUNT, department=None))
    make_department()
    ticket = make_ticket(account(caller))
    gate, codes = threading.Barrier(3), []

    def run() -> None:
        try:
            one = Caller(None)
            one.headers = caller.headers
            gate.wait()
            codes.append(say(one, ticket).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(codes) == [200, 200, 201]
    assert ticket.messages.count() == 2
