"""A sheet and its money stay together: corrected, failed, declined, asked for again."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from aftersales.kernel.errors import InvalidTransition, RuleViolated
from compliance.models import AuditEvent
from returns.models import Refund, Reimbursement, ReturnAuthorization
from returns.services import settling
from returns.services.money import approving, requesting
from staff.models import User
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
from tests.factories.people import make_department, make_user
from tests.factories.returns import SIGNED_AT, make_return
from tests.returns.goods.test_settling import bring_back, refused

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture(autouse=True)
def day_of_delivery() -> Iterator[None]:
    with time_machine.travel(SIGNED_AT, tick=False):
        yield


@pytest.fixture(autouse=True)
def sandbox(settings: Any) -> None:
    settings.REFUND_GATEWAY = "sandbox"


@pytest.fixture
def bench() -> User:
    return make_user(Role.WAREHOUSE, department=make_department("dock", kind="warehouse"))


@pytest.fixture
def lead() -> User:
    return make_user(Role.LEAD)


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
