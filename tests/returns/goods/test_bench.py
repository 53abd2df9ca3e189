"""The bench: part quantities, what is short or wrong, inspections, refusals with proof."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from aftersales.kernel.errors import DomainError, InvalidTransition, NotPermitted, RuleViolated
from compliance.models import AuditEvent
from returns.models import Inspection, ReturnAuthorization, ReturnItem, UnexpectedItem
from returns.services import inspecting, receiving
from returns.services.inspecting import Look
from returns.services.receiving import Found, Receipt
from returns.services.requesting import Piece
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_department, make_user
from tests.factories.returns import SIGNED_AT, lines_of, make_return, make_return_ticket
from tickets.services.files import NewFile, add_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("day_of_delivery")]

GOOD = {"works": True, "complete": True, "labels": True}


@pytest.fixture
def bench() -> User:
    """Somebody of the warehouse, who does not see the service desk's cases."""
    return make_user(Role.WAREHOUSE, department=make_department("dock", kind="warehouse"))


@pytest.fixture
def rma(lead: User) -> ReturnAuthorization:
    """A jacket and two caps on their way."""
    ticket = make_return_ticket(lead)
    jacket, caps = lines_of(ticket.order)
    pieces = [Piece(line=jacket.pk, quantity=1), Piece(line=caps.pk, quantity=2)]
    return make_return(ticket, lead, pieces=pieces)


def items(rma: ReturnAuthorization) -> list[tuple[str, int, str, str]]:
    return [
        (item.order_line.sku, item.quantity, item.reception_status, item.acceptance_status)
        for item in rma.items.select_related("order_line").order_by("pk")
    ]


def refused(call: Any, error: type[DomainError]) -> str:
    before = snapshot()
    with pytest.raises(error) as refusal:
        call()
    assert snapshot() == before
    return getattr(refusal.value, "code", "")


def snapshot() -> tuple[Any, ...]:
    return (
        list(ReturnItem.objects.order_by("pk").values()),
        list(ReturnAuthorization.objects.values()),
        AuditEvent.objects.count(),
        Inspection.objects.count(),
    )


def look(**overrides: Any) -> Look:
    values: dict[str, Any] = {
        "answers": GOOD,
        "grade": "as_new",
        "disposition": "restock",
        "decision": "accepted",
    }
    return Look(**(values | overrides))


def receive_all(rma: ReturnAuthorization, bench: User) -> list[ReturnItem]:
    found = list(rma.items.order_by("pk"))
    receipts = [Receipt(item=item.pk, quantity=item.quantity) for item in found]
    receiving.receive_items(rma.pk, receipts, actor=bench)
    return list(rma.items.order_by("pk"))


def test_bench_of_another_department_receives_without_seeing_the_case(
    rma: ReturnAuthorization, bench: User
) -> None:
    receive_all(rma, bench)

    rma.refresh_from_db()
    assert (rma.status, rma.received_at) == ("received", SIGNED_AT)
    assert items(rma) == [("JKT-1", 1, "received", "pending"), ("CAP-1", 2, "received", "pending")]
    event = AuditEvent.objects.get(code="returns.received")
    assert (event.actor_id, event.case_id, event.data["variant"]) == (
        bench.pk,
        rma.ticket_id,
        "first",
    )


def test_part_quantities_become_items_of_their_own(rma: ReturnAuthorization, bench: User) -> None:
    caps = rma.items.get(order_line__sku="CAP-1")

    receiving.receive_items(
        rma.pk,
        [
            Receipt(item=caps.pk, quantity=1, serial_number="S1"),
            Receipt(item=caps.pk, quantity=1, status="short"),
        ],
        actor=bench,
    )

    assert sorted(items(rma)) == [
        ("CAP-1", 1, "received", "pending"),
        ("CAP-1", 1, "short", "pending"),
        ("JKT-1", 1, "awaited", "pending"),
    ]
    received = rma.items.get(reception_status="received")
    assert (received.split_from_id, received.serial_number, received.received_by) == (
        caps.pk,
        "S1",
        bench,
    )


def test_second_parcel_brings_what_the_first_lacked(rma: ReturnAuthorization, bench: User) -> None:
    caps = rma.items.get(order_line__sku="CAP-1")
    receiving.receive_items(
        rma.pk, [Receipt(item=caps.pk, quantity=2, status="short")], actor=bench
    )

    receiving.receive_items(rma.pk, [Receipt(item=caps.pk, quantity=2)], actor=bench)

    assert ("CAP-1", 2, "received", "pending") in items(rma)


@pytest.mark.parametrize("quantity", [0, -1, 3, True, 1.0, None])
def test_more_or_odd_quantities_are_refused(
    rma: ReturnAuthorization, bench: User, quantity: Any
) -> None:
    caps = rma.items.get(order_line__sku="CAP-1")
    call = partial(
        receiving.receive_items, rma.pk, [Receipt(item=caps.pk, quantity=quantity)], actor=bench
    )

    assert refused(call, RuleViolated) == "bad_quantity"


def test_item_of_another_return_and_odd_words_are_refused(
    rma: ReturnAuthorization, bench: User, lead: User
) -> None:
    foreign = make_return(actor=lead).items.get()
    own = rma.items.first()
    receive = partial(receiving.receive_items, rma.pk, actor=bench)

    call = partial(receive, [Receipt(item=foreign.pk, quantity=1)])
    assert refused(call, RuleViolated) == "foreign_item"
    call = partial(receive, [Receipt(item=own.pk, quantity=1, status="eaten")])
    assert refused(call, RuleViolated) == "unknown_choice"
    assert refused(partial(receive, []), RuleViolated) == "no_pieces"


def test_agent_does_not_receive_and_the_bench_does_not_authorize(
    rma: ReturnAuthorization, bench: User
) -> None:
    item = rma.items.first()
    agent = make_user(Role.AGENT)
    call = partial(
        receiving.receive_items, rma.pk, [Receipt(item=item.pk, quantity=1)], actor=agent
    )
    assert refused(call, NotPermitted) == "not_permitted"
    call = partial(receiving.waive_item, item.pk, actor=bench, note="not worth it")
    assert refused(call, NotPermitted) == "not_permitted"


def test_bench_does_not_see_what_is_not_authorized(bench: User, lead: User) -> None:
    asked = make_return(actor=lead, kind="refund_only", claim="damaged")

    with pytest.raises(ReturnAuthorization.DoesNotExist):
        receiving.record_unexpected(asked.pk, Found(text="sock"), actor=bench)


def test_unexpected_goods_are_recorded_and_decided_once(
    rma: ReturnAuthorization, bench: User
) -> None:
    found = receiving.record_unexpected(
        rma.pk, Found(text="Somebody's scarf", quantity=2, code="690123"), actor=bench
    )

    decide = partial(receiving.decide_unexpected, found.pk, actor=bench)
    decided = decide(disposition="send_back")

    assert (decided.disposition, decided.decided_by) == ("send_back", bench)
    with pytest.raises(InvalidTransition):
        decide(disposition="scrap")
    assert UnexpectedItem.objects.get().disposition == "send_back"


def test_last_inspected_item_finishes_the_inspection(rma: ReturnAuthorization, bench: User) -> None:
    jacket, caps = receive_all(rma, bench)

    inspecting.inspect_item(jacket.pk, look(), actor=bench)
    rma.refresh_from_db()
    assert rma.status == "received"
    inspecting.inspect_item(caps.pk, look(), actor=bench)

    rma.refresh_from_db()
    assert (rma.status, rma.inspected_at) == ("inspected", SIGNED_AT)
    assert AuditEvent.objects.get(code="returns.inspected").data == {"variant": "owed"}


def test_part_of_an_item_is_declined_with_photo_and_reason_a10(
    rma: ReturnAuthorization, bench: User, lead: User
) -> None:
    _jacket, caps = receive_all(rma, bench)
    photo = add_file(rma.ticket_id, NewFile("cap.jpg", b"x"), actor=lead)

    inspection = inspecting.inspect_item(
        caps.pk,
        look(
            quantity=1,
            answers=GOOD | {"labels": False},
            decision="declined",
            grade="damaged",
            disposition="send_back",
            reason="not_intact",
            note="Label cut off.",
            photos=[photo.pk],
        ),
        actor=bench,
    )

    assert sorted(items(rma)) == [
        ("CAP-1", 1, "received", "declined"),
        ("CAP-1", 1, "received", "pending"),
        ("JKT-1", 1, "received", "pending"),
    ]
    assert (inspection.findings, inspection.photo_count) == (["label"], 1)
    assert [one.attachment for one in inspection.photos.all()] == [photo]


def decline(**overrides: Any) -> Look:
    values = {
        "answers": GOOD | {"labels": False},
        "decision": "declined",
        "disposition": "send_back",
        "reason": "not_intact",
        "note": "Label cut off.",
    }
    return look(**(values | overrides))


def test_refusal_without_photo_reason_words_or_finding_is_refused_measures_30(
    rma: ReturnAuthorization, bench: User, lead: User
) -> None:
    jacket, _caps = receive_all(rma, bench)
    photo = add_file(rma.ticket_id, NewFile("j.jpg", b"x"), actor=lead)
    inspect = partial(inspecting.inspect_item, jacket.pk, actor=bench)

    for given, code in (
        (decline(), "no_photo"),
        (decline(photos=[photo.pk], reason=""), "unknown_choice"),
        (decline(photos=[photo.pk], note=" "), "too_short"),
        (decline(photos=[photo.pk], answers=GOOD), "no_finding"),
    ):
        assert refused(partial(inspect, given), RuleViolated) == code


def test_database_refuses_a_refusal_without_photo(rma: ReturnAuthorization, bench: User) -> None:
    jacket, _caps = receive_all(rma, bench)
    row = inspecting.inspect_item(jacket.pk, look(), actor=bench)
    row.pk, row.decision, row.reason = None, "declined", "not_intact"

    with pytest.raises(IntegrityError, match="inspection_refusal_has_photo"), transaction.atomic():
        row.save(force_insert=True)


def test_photo_of_another_case_open_question_and_odd_words_are_refused(
    rma: ReturnAuthorization, bench: User, lead: User
) -> None:
    jacket, _caps = receive_all(rma, bench)
    foreign = add_file(make_return_ticket(lead).pk, NewFile("x.jpg", b"x"), actor=lead)
    inspect = partial(inspecting.inspect_item, jacket.pk, actor=bench)

    for given, code in (
        (decline(photos=[foreign.pk]), "foreign_file"),
        (look(answers={"works": True}), "unanswered"),
        (look(grade="shiny"), "unknown_choice"),
        (look(disposition="eat"), "unknown_choice"),
        (look(decision="pending"), "unknown_choice"),
    ):
        assert refused(partial(inspect, given), RuleViolated) == code


def test_deduction_needs_consent_and_stays_below_what_was_paid(
    rma: ReturnAuthorization, bench: User
) -> None:
    jacket, _caps = receive_all(rma, bench)
    inspect = partial(inspecting.inspect_item, jacket.pk, actor=bench)

    for given, code in (
        (look(decision="partly"), "bad_deduction"),
        (look(decision="partly", deduction="-1"), "bad_deduction"),
        (look(decision="partly", deduction="299.01", consent="Yes, fine"), "bad_deduction"),
        (look(decision="partly", deduction="20", consent=""), "too_short"),
        (look(decision="partly", deduction="NaN"), "out_of_range"),
        (look(decision="partly", deduction="0.005"), "too_many_decimals"),
        (look(decision="accepted", deduction="5"), "deduction_without_partly"),
    ):
        assert refused(partial(inspect, given), RuleViolated) == code

    worn = partial(look, decision="partly", deduction="20", consent="By phone: fine", grade="used")
    assert refused(partial(inspect, worn()), RuleViolated) == "resale_as_new"
    jacket.refresh_from_db()
    assert (jacket.acceptance_status, jacket.deduction) == ("pending", Decimal("0.00"))

    inspect(worn(disposition="refurbish"))
    jacket.refresh_from_db()
    assert (jacket.acceptance_status, jacket.deduction) == ("partly", Decimal("20.00"))


def test_wrong_article_can_only_be_declined(
    rma: ReturnAuthorization, bench: User, lead: User
) -> None:
    jacket = rma.items.get(order_line__sku="JKT-1")
    receiving.receive_items(
        rma.pk, [Receipt(item=jacket.pk, quantity=1, status="wrong_item")], actor=bench
    )
    call = partial(inspecting.inspect_item, jacket.pk, look(), actor=bench)
    assert refused(call, RuleViolated) == "wrong_article"

    photo = add_file(rma.ticket_id, NewFile("brick.jpg", b"x"), actor=lead)
    inspecting.inspect_item(
        jacket.pk, decline(reason="wrong_article", photos=[photo.pk]), actor=bench
    )
    jacket.refresh_from_db()
    assert jacket.acceptance_status == "declined"


def test_missing_article_is_decided_by_a_person_with_reason(
    rma: ReturnAuthorization, bench: User, lead: User
) -> None:
    jacket, caps = rma.items.order_by("pk")
    receiving.receive_items(
        rma.pk,
        [
            Receipt(item=jacket.pk, quantity=1, status="lost"),
            Receipt(item=caps.pk, quantity=2, status="short"),
        ],
        actor=bench,
    )
    call = partial(inspecting.inspect_item, jacket.pk, look(), actor=bench)
    assert refused(call, InvalidTransition) == "invalid_transition"
    decide = partial(inspecting.decide_missing, actor=lead)
    assert refused(partial(decide, jacket.pk, is_owed=True, note=""), RuleViolated) == "too_short"
    assert refused(
        partial(inspecting.decide_missing, jacket.pk, actor=bench, is_owed=True, note="carrier"),
        NotPermitted,
    )

    decide(jacket.pk, is_owed=True, note="Our carrier lost it.")
    decide(caps.pk, is_owed=False, note="Box held nothing.")

    rma.refresh_from_db()
    assert rma.status == "inspected"
    assert [item[3] for item in items(rma)] == ["accepted", "declined"]


def test_declined_item_may_be_looked_at_again_and_only_better(
    rma: ReturnAuthorization, bench: User, lead: User
) -> None:
    jacket, caps = receive_all(rma, bench)
    photo = add_file(rma.ticket_id, NewFile("j.jpg", b"x"), actor=lead)
    inspecting.inspect_item(jacket.pk, decline(photos=[photo.pk]), actor=bench)
    inspecting.inspect_item(caps.pk, look(), actor=bench)

    inspecting.inspect_item(jacket.pk, look(note="The label was inside."), actor=bench)

    jacket.refresh_from_db()
    assert (jacket.acceptance_status, jacket.inspections.count()) == ("accepted", 2)
    call = partial(inspecting.inspect_item, jacket.pk, decline(photos=[photo.pk]), actor=bench)
    assert refused(call, InvalidTransition) == "invalid_transition"
