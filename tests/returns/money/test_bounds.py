"""What money may be asked for at all, through every door."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.refs import ref
from customers.models import Payment
from returns.models import Compensation, CompensationGrant, Refund
from returns.money_statuses import RefundStatus as S
from returns.services import compensating
from returns.services.money import requesting
from staff.models import User
from staff.roles import Role
from tests.api.calls import Caller
from tests.factories.customers import make_order
from tests.factories.money import make_refund, wish
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.tickets.case_page import REFUND, address, do, signed_in, traces
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

PAID = {"paid_at": "2026-03-01T10:01:00+08:00"}
CASH = {"external_id": "CASH", "method": "alipay", "captured": "99.00", **PAID}
POINTS = {"external_id": "POINTS", "method": "points", "captured": "200.00", **PAID}
COUPON = {"external_id": "COUPON", "method": "coupon", "captured": "100.00", **PAID}


@pytest.fixture
def agent() -> User:
    return make_user()


def case_paid_by(agent: User, *payments: dict[str, Any]) -> Ticket:
    """A case on an order that was paid that way."""
    order = make_order(payments=list(payments))
    return make_ticket(agent, order=order, customer=order.customer)


def paid(ticket: Ticket, method: str) -> Payment:
    assert ticket.order is not None
    return ticket.order.payments.get(method=method)


def test_case_page_takes_the_money_where_more_was_paid_in_points(agent: User) -> None:
    ticket = case_paid_by(agent, CASH, POINTS)

    do(agent, ticket, "refund", **REFUND)

    refund = Refund.objects.get()
    assert (refund.status, refund.payment) == (S.SUBMITTED, paid(ticket, "alipay"))
    assert paid(ticket, "points").reserved == 0


def test_case_page_refuses_where_all_was_paid_in_kind(agent: User) -> None:
    ticket = case_paid_by(agent, POINTS, COUPON)
    before = traces(ticket)

    answer = do(agent, ticket, "refund", **REFUND)

    assert "Points and coupons are given back in kind" in answer.content.decode()
    assert traces(ticket) == before
    assert not Refund.objects.exists()


@pytest.mark.parametrize("method", ["points", "coupon"])
@pytest.mark.parametrize("means", ["original", "store_credit"])
@pytest.mark.parametrize("gateway", ["sandbox", "manual"])
def test_nothing_in_kind_is_paid_out_by_any_means(
    agent: User, settings: Any, method: str, means: str, gateway: str
) -> None:
    settings.REFUND_GATEWAY = gateway
    ticket = case_paid_by(agent, CASH, POINTS, COUPON)
    before = traces(ticket)

    with pytest.raises(RuleViolated) as refusal:
        requesting.request_refund(
            paid(ticket, method).pk, wish("50.00", means=means), actor=agent, ticket=ticket
        )

    assert (refusal.value.code, refusal.value.field) == ("paid_in_kind", "payment")
    assert traces(ticket) == before
    assert not Refund.objects.exists()


def test_api_refuses_a_payment_in_points(agent: User) -> None:
    ticket = case_paid_by(agent, CASH, POINTS)
    assert ticket.order is not None
    told = {"amount": "50.00", "currency": "CNY", "reason": "quality", "payment": "POINTS"}
    where = {"shop": ticket.order.shop.code, "order": ticket.order.external_id}

    answer = Caller(agent).post("refunds/", told | where | {"case": ticket.number})

    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "paid_in_kind"
    assert not Refund.objects.exists()


def test_draft_is_not_submitted_once_the_shop_says_it_was_points(agent: User) -> None:
    ticket = case_paid_by(agent, CASH)
    payment = paid(ticket, "alipay")
    draft = make_refund(payment, agent, "50.00", ticket=ticket)
    payment.method = "points"
    payment.save(update_fields=["method"])
    before = traces(ticket)

    with pytest.raises(RuleViolated) as refusal:
        requesting.submit_refund(draft.pk, actor=agent)

    draft.refresh_from_db()
    assert (refusal.value.code, draft.status) == ("paid_in_kind", S.DRAFT)
    assert traces(ticket) == before


@pytest.mark.parametrize("kind", ["compensation", "statutory_damages"])
def test_money_of_the_firm_is_not_asked_for_by_itself(agent: User, kind: str) -> None:
    ticket = case_paid_by(agent, CASH)
    before = traces(ticket)

    with pytest.raises(RuleViolated) as refusal:
        requesting.request_refund(
            paid(ticket, "alipay").pk, wish("900.00", kind=kind), actor=agent, ticket=ticket
        )

    assert (refusal.value.code, refusal.value.field) == ("no_basis", "kind")
    assert traces(ticket) == before


@pytest.mark.parametrize("kind", ["compensation", "statutory_damages"])
def test_no_door_offers_money_of_the_firm(agent: User, kind: str) -> None:
    ticket = case_paid_by(agent, CASH)
    assert ticket.order is not None
    told = {"amount": "50.00", "currency": "CNY", "reason": "goodwill", "payment": "CASH"}
    where = {"shop": ticket.order.shop.code, "order": ticket.order.external_id}

    answer = Caller(agent).post("refunds/", told | where | {"kind": kind, "case": ticket.number})
    shown = signed_in(agent).get(address(ticket, "do/refund")).content.decode()

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "no_basis")
    assert not Refund.objects.exists()
    assert f'value="{kind}"' not in shown
    do(agent, ticket, "refund", **REFUND, kind=kind)
    assert Refund.objects.get().kind == "purchase"


def granted(lead: User, ticket: Ticket) -> CompensationGrant:
    """Twenty in cash from the catalogue, and its refund."""
    limits = {"most": Decimal(20), "customer_cap": Decimal(50), "budget": Decimal(60)}
    Compensation(code="cash", name="Cash", name_zh="现金", means="cash", **limits).save()
    return compensating.grant_compensation(
        ticket.pk, "cash", actor=lead, amount="20", note="late delivery"
    )


@pytest.mark.parametrize("kind", ["compensation", "statutory_damages"])
@pytest.mark.parametrize("case", ["own", "foreign", "withdrawn"])
def test_a_grant_backs_its_kind_on_its_case_while_it_stands(kind: str, case: str) -> None:
    lead = make_user(Role.LEAD)
    ticket, other = case_paid_by(lead, CASH), case_paid_by(lead, CASH)
    grant = granted(lead, ticket)
    requesting.cancel_refund(Refund.objects.get().pk, actor=lead, note="again")
    if case == "withdrawn":
        compensating.withdraw_compensation(grant.pk, actor=lead, note="mistake")
    on = other if case == "foreign" else ticket
    ask = partial(requesting.request_refund, paid(on, "alipay").pk, actor=lead, ticket=on)

    if (kind, case) == ("compensation", "own"):
        with pytest.raises(RuleViolated) as refusal:
            ask(wish("20.01", kind=kind, basis=ref(grant)))
        assert refusal.value.code == "above_basis"
        assert ask(wish("20.00", kind=kind, basis=ref(grant))).basis_key == grant.pk
    else:
        with pytest.raises(RuleViolated) as refusal:
            ask(wish("20.00", kind=kind, basis=ref(grant)))
        assert refusal.value.code == "no_basis"
        assert Refund.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'compensation'",
        "kind = 'statutory_damages'",
        "kind = 'compensation', basis_type = 'returns.reimbursement', basis_key = 1",
        "kind = 'statutory_damages', basis_type = 'returns.compensationgrant', basis_key = 1",
        "kind = 'compensation', basis_type = 'returns.compensationgrant', basis_key = NULL",
    ],
)
def test_database_alone_keeps_money_of_the_firm_on_its_basis(agent: User, change: str) -> None:
    draft = make_refund(paid(case_paid_by(agent, CASH), "alipay"), agent, "50.00")

    # The guard refuses another kind before; whoever switches triggers off meets the constraint.
    raw = (
        "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE returns_refund DISABLE TRIGGER USER; "
        f"UPDATE returns_refund SET {change} WHERE id = {draft.pk}"
    )

    with (
        pytest.raises(IntegrityError, match="refund_has_basis"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(raw)

    draft.refresh_from_db()
    assert (draft.kind, draft.basis_type, draft.basis_key) == ("purchase", "", None)


def test_database_alone_lets_no_compensation_loose_from_its_grant() -> None:
    lead = make_user(Role.LEAD)
    granted(lead, case_paid_by(lead, CASH))
    refund = Refund.objects.get()

    with (
        pytest.raises(IntegrityError, match="stays with what it rests on"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE returns_refund SET basis_type = '', basis_key = NULL")

    refund.refresh_from_db()
    assert refund.basis_type == "returns.compensationgrant"


def test_compensation_is_not_raised_or_cut_loose_by_a_change() -> None:
    lead = make_user(Role.LEAD)
    ticket = case_paid_by(lead, CASH)
    granted(lead, ticket)
    refund = Refund.objects.get()
    before = traces(ticket), Refund.objects.values().get()

    with pytest.raises(RuleViolated) as refusal:
        requesting.change_refund(refund.pk, wish("450.00", kind="compensation"), actor=lead)

    assert refusal.value.code == "bound_to_basis"
    assert (traces(ticket), Refund.objects.values().get()) == before
    requesting.change_refund(refund.pk, wish("20.00", kind="compensation"), actor=lead)
    after = Refund.objects.get()
    assert (after.basis_type, after.basis_key) == (refund.basis_type, refund.basis_key)
