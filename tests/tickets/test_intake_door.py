"""Stored first, handled once, whoever delivers how often."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from aftersales.kernel.failures import behind
from compliance.models import AuditEvent
from staff.roles import Role
from staff.services import system_actor
from tests.factories.people import make_department, make_user
from tests.kept import kept
from tests.tickets.mails import mail
from tickets import files
from tickets.models import RawIntake, Ticket
from tickets.services import intake
from tickets.services.intake import Arrival, Receipt, door, open_case, process_stored, receive
from tickets.services.intake.mail import head_of
from tickets.statuses import IntakeOutcome as O


def deliver(raw: bytes) -> Receipt:
    head = head_of(raw)
    arrival = Arrival(
        channel="mail",
        raw=raw,
        external_id=head.message_id,
        sender=head.from_address,
        subject=head.subject,
    )
    return receive(arrival, actor=system_actor())


@pytest.fixture
def desk(db: Any) -> None:
    make_department()


@pytest.mark.usefixtures("desk")
def test_a_mail_becomes_one_case_with_its_raw_bytes_kept() -> None:
    raw = mail(b"The zip of my jacket broke.", Subject="Broken zip")

    receipt = deliver(raw)

    assert receipt.outcome == O.TICKET
    ticket = Ticket.objects.get()
    assert receipt.ticket == ticket
    assert ticket.subject == "Broken zip"
    assert files.read(receipt.intake.digest) == raw
    assert list(
        AuditEvent.objects.filter(code__startswith="tickets.intake").values_list("code", flat=True)
    ) == ["tickets.intake_decided", "tickets.intake_stored"]


@pytest.mark.usefixtures("desk")
def test_the_same_delivery_again_is_a_duplicate_of_the_same_case() -> None:
    first = deliver(mail())

    again = deliver(mail())

    assert again.outcome == O.DUPLICATE
    assert again.ticket == first.ticket
    row = RawIntake.objects.get()
    assert (row.outcome, row.seen_count) == (O.TICKET, 2)
    assert Ticket.objects.count() == 1


@pytest.mark.usefixtures("desk")
def test_abuse_26_the_same_message_id_over_other_words_makes_no_second_case() -> None:
    first = deliver(mail(b"My parcel is late."))

    other = deliver(mail(b"Pay me 500 instead."))
    again = deliver(mail(b"Pay me 500 instead."))

    assert (other.outcome, again.outcome) == (O.QUARANTINED, O.DUPLICATE)
    assert other.intake.pk == again.intake.pk != first.intake.pk
    assert other.intake.duplicate_of == first.intake
    assert (other.ticket, again.ticket) == (None, None)
    assert b"500" in files.read(other.intake.digest)
    assert again.intake.seen_count == 2
    assert Ticket.objects.get().messages.count() == 1


@pytest.mark.usefixtures("desk")
def test_another_customers_mail_under_a_known_id_waits_under_its_own_name() -> None:
    long_id = f"<{'x' * 300}@mail>"
    alice = deliver(mail(b"Late.", From="alice@example.com", Message_ID=long_id))

    bob = deliver(mail(b"Torn.", From="bob@example.com", Subject="Torn", Message_ID=long_id))
    case = open_case(bob.intake.pk, actor=make_user(Role.LEAD)).ticket
    again = deliver(mail(b"Torn.", From="bob@example.com", Subject="Torn", Message_ID=long_id))

    assert (alice.outcome, bob.outcome) == (O.TICKET, O.QUARANTINED)
    assert bob.reason == (
        kept(
            "之前收到过相同编号但内容不同的消息。"
            " / The same id was received before with other content."
        )
    )
    assert (bob.intake.sender, bob.intake.subject) == ("bob@example.com", "Torn")
    assert case is not None
    assert case != alice.ticket
    assert (again.outcome, again.ticket) == (O.DUPLICATE, case)
    assert RawIntake.objects.get(pk=alice.intake.pk).seen_count == 1


@pytest.mark.usefixtures("desk")
def test_a_crash_between_storing_and_handling_is_finished_by_the_sweep() -> None:
    raw = mail()
    arrival = Arrival(channel="mail", raw=raw, external_id="one@example.com")
    stored, is_new = door.store(arrival, files.put(raw), actor=system_actor())
    assert is_new
    assert stored.outcome == O.STORED

    assert process_stored(actor=system_actor()) == 0
    assert process_stored(actor=system_actor(), older_than=timedelta(0)) == 1

    stored.refresh_from_db()
    assert stored.outcome == O.TICKET
    assert Ticket.objects.count() == 1
    assert process_stored(actor=system_actor(), older_than=timedelta(0)) == 0


@pytest.mark.usefixtures("desk")
def test_a_mail_that_ends_its_worker_is_set_aside_after_five_tries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Killed(BaseException):
        """Nothing catches it, as nothing catches the end of a process."""

    def deadly(raw: bytes, actor: Any) -> Any:
        raise Killed

    raw = mail()
    arrival = Arrival(channel="mail", raw=raw, external_id="one@example.com")
    stored, _is_new = door.store(arrival, files.put(raw), actor=system_actor())
    monkeypatch.setitem(door.HANDLERS, "mail", deadly)
    for _round in range(5):
        with pytest.raises(Killed):
            process_stored(actor=system_actor(), older_than=timedelta(0))

    assert process_stored(actor=system_actor(), older_than=timedelta(0)) == 1

    stored.refresh_from_db()
    assert (stored.outcome, stored.reason) == (
        O.QUARANTINED,
        kept("处理5次均未得到结果。 / Handling it ended without a result 5 times."),
    )
    assert AuditEvent.objects.filter(code="tickets.intake_retried").count() == 5


@pytest.mark.usefixtures("desk")
def test_a_delivery_after_a_crash_finishes_the_first_one() -> None:
    raw = mail()
    arrival = Arrival(channel="mail", raw=raw, external_id="one@example.com")
    door.store(arrival, files.put(raw), actor=system_actor())

    receipt = deliver(raw)

    assert receipt.outcome == O.DUPLICATE
    assert receipt.ticket == Ticket.objects.get()


@pytest.mark.usefixtures("desk")
def test_a_bug_in_handling_puts_the_mail_into_quarantine(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(raw: bytes, actor: Any) -> Any:
        Ticket.objects.get(pk=0)

    monkeypatch.setitem(door.HANDLERS, "mail", broken)

    receipt = deliver(mail())

    assert receipt.outcome == O.QUARANTINED
    assert receipt.reason == kept(
        "因我方系统出错未能处理：请决定如何处理。"
        " / It could not be handled because of an error on our side: decide what becomes of it."
    )
    decided = AuditEvent.objects.get(code="tickets.intake_decided")
    assert behind(decided.data["error"]) == "DoesNotExist: Ticket matching query does not exist."
    assert decided.data["error"].startswith(receipt.reason)
    assert Ticket.objects.count() == 0


@pytest.mark.usefixtures("desk")
def test_a_lost_database_leaves_the_mail_for_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(raw: bytes, actor: Any) -> Any:
        raise OperationalError("server closed the connection")

    monkeypatch.setitem(door.HANDLERS, "mail", away)

    with pytest.raises(OperationalError):
        deliver(mail())

    assert RawIntake.objects.get().outcome == O.STORED


@pytest.mark.usefixtures("desk")
def test_the_door_refuses_to_stand_inside_a_transaction() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        deliver(mail())


def test_without_a_department_the_mail_waits_in_quarantine(db: Any) -> None:
    receipt = deliver(mail())

    assert receipt.outcome == O.QUARANTINED
    assert receipt.reason == (
        kept("尚未设置客户服务部门。 / No customer service department is set up yet.")
    )


@contextmanager
def two_at_once(raw: bytes) -> Iterator[list[Receipt]]:
    """The same mail from two connections that start together."""
    barrier, receipts = threading.Barrier(2, timeout=20), []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            barrier.wait()
            receipts.append(deliver(raw))
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    yield receipts


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_deliveries_at_once_make_one_case() -> None:
    make_department()
    system_actor()
    for number in range(5):
        with two_at_once(mail(Message_ID=f"<race-{number}@example.com>")) as receipts:
            assert sorted(one.outcome for one in receipts) == [O.DUPLICATE, O.TICKET]
            assert receipts[0].ticket == receipts[1].ticket

    assert Ticket.objects.count() == 5
    assert set(RawIntake.objects.values_list("seen_count", flat=True)) == {2}


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_control_without_the_row_lock_one_mail_makes_two_cases(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_department()
    system_actor()
    raw = mail()
    arrival = Arrival(channel="mail", raw=raw, external_id="one@example.com")
    stored, _is_new = door.store(arrival, files.put(raw), actor=system_actor())
    queryset = type(RawIntake.objects.all())
    monkeypatch.setattr(queryset, "locked", lambda rows: rows.all())
    real, meeting = door.HANDLERS["mail"], threading.Barrier(2, timeout=20)

    def slow(raw: bytes, actor: Any) -> Any:
        meeting.wait()
        return real(raw, actor)

    monkeypatch.setitem(door.HANDLERS, "mail", slow)
    threads = [threading.Thread(target=attempt_and_close, args=(stored.pk,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert Ticket.objects.count() == 2


def attempt_and_close(pk: int) -> None:
    try:
        door.attempt(pk, actor=system_actor())
    finally:
        connection.close()


def test_the_package_says_what_can_be_imported_from_it() -> None:
    assert all(hasattr(intake, name) for name in intake.__all__)
