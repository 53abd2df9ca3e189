"""A sheet and its money stay together: corrected, failed, declined, asked for again."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from aftersales.kernel.errors import InvalidTransition, NotPermitted, RuleViolated
from compliance.models import AuditEvent
from returns.models import Refund, Reimbursement, ReturnAuthorization, ShopInstruction
from returns.queries.deal import Extras
from returns.services import exchanging, owing, settling
from returns.services.money import approving, by_hand, requesting
from returns.services.money.by_hand import OutsideRefund
from staff.models import Notice, User
from staff.roles import Role
from tests.api.calls import Caller
from tests.factories.money import (
    answer,
    approve,
    claim,
    make_money_lead,
    submit,
    wish,
)
from tests.factories.people import make_user
from tests.factories.returns import (
    SIGNED_AT,
    make_delivered_order,
    make_return,
    make_return_ticket,
)
from tests.returns.goods.test_desk_pages import do, signed_in
from tests.returns.goods.test_settling import bring_back, refused
from tickets import gates

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("day_of_delivery")]

D = Decimal


@pytest.fixture(autouse=True)
def sandbox(settings: Any) -> None:
    settings.REFUND_GATEWAY = "sandbox"


@pytest.fixture
def settled(lead: User, bench: User) -> ReturnAuthorization:
    """The jacket was accepted and is owed: 299.00, one refund waiting for approval."""
    rma = bring_back(make_return(actor=lead), bench)
    return settling.settle_return(rma.pk, actor=lead)


@pytest.fixture
def asked_back(settled: ReturnAuthorization) -> Refund:
    """Its refund, a draft again with a question."""
    refund = Refund.objects.get()
    approving.ask_back(refund.pk, actor=make_money_lead(), note="Which account?")
    refund.refresh_from_db()
    return refund


def basis_of(refund: Refund) -> tuple[Any, ...]:
    refund.refresh_from_db()
    lines = list(refund.lines.values_list("label", "amount", "order_line", "quantity"))
    basis = (refund.basis_type, refund.basis_key, refund.basis_label, refund.basis_digest)
    return (*basis, refund.amount, lines)


def test_corrected_by_api_it_stays_the_refund_of_its_sheet(
    settled: ReturnAuthorization, asked_back: Refund
) -> None:
    before, sheet = basis_of(asked_back), Reimbursement.objects.get()
    wanted = {"amount": "299.00", "currency": "CNY", "reason": "quality", "note": "Alipay"}

    answered = Caller(asked_back.requested_by).post(f"refunds/{asked_back.number}/change/", wanted)

    assert answered.status_code == 200
    assert basis_of(asked_back) == before
    assert before[:2] == ("returns.reimbursement", sheet.pk)
    assert (asked_back.reason, asked_back.note) == ("quality", "Alipay")
    lead = asked_back.requested_by
    void = partial(settling.void_reimbursement, sheet.pk, actor=lead, note="again")
    close = partial(settling.close_return, settled.pk, actor=lead)
    assert refused(void, InvalidTransition) == "invalid_transition"
    assert refused(close, InvalidTransition) == "invalid_transition"


def test_corrected_it_still_closes_the_return_once_paid(
    settled: ReturnAuthorization, asked_back: Refund
) -> None:
    requesting.change_refund(asked_back.pk, wish("299.00"), actor=asked_back.requested_by)
    submit(asked_back)
    approve(asked_back)
    claim(asked_back)

    answer(asked_back, "succeeded")

    settled.refresh_from_db()
    assert settled.status == "closed"
    assert AuditEvent.objects.filter(code="returns.paid").count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": "298.99"},
        {"lines": (requesting.Line(label="夹克", amount="299.00", quantity=1),)},
        {"lines": (requesting.Line(label="Jacket, blue", amount="299.00"),)},
    ],
)
def test_amount_and_lines_of_a_sheet_cannot_be_corrected(
    asked_back: Refund, changed: dict[str, Any]
) -> None:
    before = basis_of(asked_back)
    wanted = wish(**({"amount": "299.00"} | changed))
    call = partial(
        requesting.change_refund, asked_back.pk, wanted, actor=asked_back.requested_by, note="less"
    )

    assert refused(call, RuleViolated) == "bound_to_basis"
    assert basis_of(asked_back) == before


@pytest.mark.parametrize(
    "change",
    [
        "basis_type = '', basis_key = NULL, basis_label = '', basis_digest = ''",
        "basis_key = basis_key + 1",
        "basis_digest = 'x'",
        "amount = 1",
    ],
)
def test_database_keeps_the_basis_of_a_draft(asked_back: Refund, change: str) -> None:
    before = basis_of(asked_back)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE returns_refund SET {change} WHERE id = %s", [asked_back.pk])

    assert basis_of(asked_back) == before


# What a sheet owes and nothing pays any more


@pytest.fixture
def halves(lead: User, bench: User) -> tuple[ReturnAuthorization, Refund, Refund]:
    """299.00 owed in two tenders, 199.00 and 100.00: the first is paid."""
    paid_at = "2026-03-01T10:01:00+08:00"
    payments = [
        {"external_id": "P1", "method": "alipay", "captured": "199.00", "paid_at": paid_at},
        {"external_id": "P2", "method": "bank", "captured": "100.00", "paid_at": paid_at},
    ]
    order = make_delivered_order(payments=payments, total="299.00", lines=[JACKET])
    rma = bring_back(make_return(make_return_ticket(lead, order), lead), bench)
    settling.settle_return(rma.pk, actor=lead)
    first, second = Refund.objects.order_by("-amount")
    assert (first.amount, second.amount) == (D("199.00"), D("100.00"))
    pay(first)
    return rma, first, second


JACKET = {
    "sku": "JKT-1",
    "name": "夹克",
    "quantity": 1,
    "unit_price": "299.00",
    "paid_amount": "299.00",
}


def pay(refund: Refund, outcome: str = "succeeded") -> None:
    approve(refund)
    claim(refund)
    answer(refund, outcome)


def lose(refund: Refund, how: str) -> None:
    """The refund ends and nothing was paid."""
    if how == "failed":
        pay(refund, "failed")
    elif how == "declined":
        approving.decline_refund(refund.pk, actor=make_money_lead(), note="no account")
    else:
        requesting.cancel_refund(refund.pk, actor=refund.requested_by, note="by mistake")


def blocked(rma: ReturnAuthorization) -> set[str]:
    rma.ticket.refresh_from_db()
    return {state.code for state in gates.blocking(rma.ticket)}


@pytest.mark.parametrize("how", ["failed", "declined", "canceled"])
def test_lost_share_keeps_the_case_open_until_it_is_asked_again_and_paid(
    lead: User, halves: tuple[ReturnAuthorization, Refund, Refund], how: str
) -> None:
    rma, _first, second = halves
    lose(second, how)
    assert "sheets_paid" in blocked(rma)
    assert "sheets_paid" in {state.code for state in gates.live(rma.ticket)}
    close = partial(settling.close_return, rma.pk, actor=lead)
    assert refused(close, InvalidTransition) == "invalid_transition"

    sheet = Reimbursement.objects.get()
    owing.ask_again(sheet.pk, actor=lead, note="new account known")

    share = sheet.shares.get(amount=D("100.00"))
    again = Refund.objects.get(pk=share.refund_id)
    assert again.pk != second.pk
    assert (again.amount, again.status, again.payment_id, again.basis_key, again.basis_digest) == (
        D("100.00"),
        "submitted",
        second.payment_id,
        sheet.pk,
        sheet.digest,
    )
    event = AuditEvent.objects.get(code="returns.asked_again")
    assert (event.note, event.data) == (
        "new account known",
        {"amount": "100.00", "currency": "CNY"},
    )
    assert "sheets_paid" not in blocked(rma)
    assert refused(close, InvalidTransition) == "invalid_transition"
    pay(again)
    rma.refresh_from_db()
    assert rma.status == "closed"
    again.payment.refresh_from_db()
    assert (again.payment.reserved, again.payment.refunded) == (D("0.00"), D("100.00"))


def test_money_declined_after_points_were_given_is_asked_for_again(lead: User, bench: User) -> None:
    paid_at = "2026-03-01T10:01:00+08:00"
    payments = [
        {"external_id": "P1", "method": "alipay", "captured": "289.00", "paid_at": paid_at},
        {"external_id": "P2", "method": "points", "captured": "10.00", "paid_at": paid_at},
    ]
    order = make_delivered_order(payments=payments, total="299.00", lines=[JACKET])
    rma = bring_back(make_return(make_return_ticket(lead, order), lead), bench)
    settling.settle_return(rma.pk, actor=lead)
    shop = make_user(Role.SERVICE_ACCOUNT)
    points = ShopInstruction.objects.get()
    exchanging.confirm_instruction(points.pk, actor=shop, external_id="N1")
    exchanging.complete_instruction(points.pk, actor=shop)
    lose(Refund.objects.get(), "declined")
    assert "sheets_paid" in blocked(rma)

    owing.ask_again(Reimbursement.objects.get().pk, actor=lead, note="looked at again")

    pay(Refund.objects.get(status="submitted"))
    rma.refresh_from_db()
    assert (rma.status, "sheets_paid" in blocked(rma)) == ("closed", False)


def test_lost_damages_are_asked_for_again(lead: User, bench: User) -> None:
    rma = bring_back(make_return(actor=lead), bench)
    extras = Extras(damages=D("500.00"), damages_basis="消法 55")
    settling.settle_return(rma.pk, actor=lead, extras=extras)
    lose(Refund.objects.get(kind="statutory_damages"), "declined")
    assert "sheets_paid" in blocked(rma)

    owing.ask_again(Reimbursement.objects.get().pk, actor=lead, note="the court says so")

    again = Refund.objects.get(kind="statutory_damages", status="submitted")
    assert (again.amount, Refund.objects.count()) == (D("500.00"), 3)
    assert "sheets_paid" not in blocked(rma)


def test_nothing_is_asked_for_twice(
    lead: User, bench: User, halves: tuple[ReturnAuthorization, Refund, Refund]
) -> None:
    _rma, _first, second = halves
    sheet = Reimbursement.objects.get()
    again = partial(owing.ask_again, sheet.pk, note="once more")
    assert refused(partial(again, actor=lead), InvalidTransition) == "invalid_transition"
    lose(second, "failed")

    assert refused(partial(again, actor=bench), NotPermitted) == "not_permitted"
    assert refused(partial(again, actor=lead, note=""), RuleViolated) == "too_short"
    again(actor=lead)
    assert refused(partial(again, actor=lead), InvalidTransition) == "invalid_transition"


def test_what_was_paid_past_the_desk_is_not_owed_any_more(
    halves: tuple[ReturnAuthorization, Refund, Refund],
) -> None:
    rma, _first, second = halves
    lose(second, "failed")
    finance = make_user(Role.FINANCE)

    def book(amount: str, reference: str) -> None:
        told = OutsideRefund(
            amount=amount,
            currency="CNY",
            origin="console",
            reference=reference,
            happened_at=SIGNED_AT,
        )
        by_hand.record_outside_refund(second.payment_id, told, actor=finance, note="in the console")

    book("40.00", "C-1")
    assert "sheets_paid" in blocked(rma)
    book("60.00", "C-2")
    assert "sheets_paid" not in blocked(rma)


@pytest.mark.parametrize("how", ["failed", "declined"])
def test_lost_share_rings_the_bell_of_whoever_asked_and_has_the_case(
    lead: User, halves: tuple[ReturnAuthorization, Refund, Refund], how: str
) -> None:
    rma, _first, second = halves
    rma.ticket.assignee = make_user()
    rma.ticket.save(update_fields=["assignee"])

    lose(second, how)

    notices = Notice.objects.filter(code="returns.share_unpaid")
    told = notices.order_by("recipient").values_list("recipient", "params", "url", "case_label")
    params = {
        "refund": second.number,
        "return": rma.number,
        "case": rma.ticket.number,
        "amount": "100.00 CNY",
    }
    url = reverse("admin:returns_returnauthorization_change", args=[rma.pk])
    assert list(told) == [
        (pk, params, url, rma.ticket.number) for pk in sorted([lead.pk, rma.ticket.assignee_id])
    ]


def test_return_page_asks_for_the_lost_share_again(
    client: Client, lead: User, halves: tuple[ReturnAuthorization, Refund, Refund]
) -> None:
    rma, _first, second = halves
    signed_in(client, lead)
    url = reverse("admin:returns_returnauthorization_change", args=[rma.pk])
    assert "Ask for the missing part again" not in client.get(url).content.decode()
    lose(second, "failed")

    page = client.get(url).content.decode()

    assert "Ask for the missing part again" in page
    assert "A part of it was not paid" in page
    sheet = Reimbursement.objects.get()
    answered = do(client, rma.ticket, "sheet-again", row=sheet.pk, note="new account")
    assert answered.status_code == 302
    assert Refund.objects.filter(status="submitted", amount=D("100.00")).count() == 1
    assert "Ask for the missing part again" not in client.get(url).content.decode()
