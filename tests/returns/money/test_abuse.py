"""Abuse cases 1 to 13 of reference/reliability.md section 9, each by name."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, NotPermitted, RuleViolated
from aftersales.kernel.refs import for_reader
from compliance.models import AuditEvent
from customers.services import merge_customers
from returns.models import Approval, Refund
from returns.money_statuses import RefundStatus as S
from returns.services.money import approving, requesting
from returns.services.money.approving import Voice
from staff.models import Delegation
from staff.roles import Role
from staff.services import deactivate_user
from tests.factories.money import (
    DEAR,
    approve,
    claim,
    counters,
    fresh,
    make_money_lead,
    make_payment,
    make_refund,
    make_refund_in,
    part_of_all,
    submit,
    wish,
)
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.returns.money.approvals import ask_people
from tickets.services.files import NewFile, add_file

pytestmark = pytest.mark.django_db
ZERO = Decimal("0.00")


def test_abuse_01_double_click_submits_once() -> None:
    refund = make_refund()
    submit(refund)

    with pytest.raises(InvalidTransition):
        submit(refund)

    assert counters(refund.payment) == (Decimal("100.00"), ZERO)


def test_abuse_02_two_leads_approve_at_once_is_one_approval() -> None:
    refund = make_refund_in(S.APPROVED)

    with pytest.raises(InvalidTransition):
        approving.approve_refund(refund.pk, actor=make_money_lead(), voice=fresh())

    assert Approval.objects.filter(refund=refund).count() == 1


def test_abuse_03_partials_cannot_sum_over_the_captured() -> None:
    payment = make_payment("100.00")
    first, second = make_refund(payment, amount="60.00"), make_refund(payment, amount="60.00")
    submit(first)

    with pytest.raises(RuleViolated) as refusal:
        submit(second)

    assert refusal.value.code == "more_than_paid"
    assert counters(payment) == (Decimal("60.00"), ZERO)


def test_abuse_03_database_alone_keeps_the_limit() -> None:
    payment = make_payment("100.00")

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE customers_payment SET reserved = 60, refunded = 60")

    assert counters(payment) == (ZERO, ZERO)


def test_abuse_04_canceled_before_sending_is_not_sent() -> None:
    refund = make_refund_in(S.APPROVED)
    requesting.cancel_refund(refund.pk, actor=refund.requested_by, note="withdrawn")

    assert claim(refund) is None

    refund.refresh_from_db()
    assert refund.status == S.CANCELED
    with pytest.raises(InvalidTransition):
        approving.approve_refund(refund.pk, actor=make_money_lead(), voice=fresh())


def test_abuse_05_editing_after_approval_voids_it() -> None:
    refund = make_refund_in(S.APPROVED)

    requesting.change_refund(refund.pk, wish("150.00"), actor=refund.requested_by)

    refund.refresh_from_db()
    assert (refund.status, refund.amount) == (S.DRAFT, Decimal("150.00"))
    assert refund.approval_requests.get().status == "void"
    assert claim(refund) is None


def test_abuse_06_splitting_under_a_tier_reaches_it_together() -> None:
    payment = make_payment("9000.00", lines=[DEAR])
    agent = make_user()
    levels = []
    for amount in ("490.00", "491.00", "492.00"):
        lines = part_of_all(payment, amount)
        refund = submit(make_refund(payment, agent, amount, lines=lines))
        levels.append(refund.approval_requests.get().level)

    assert levels == [1, 1, 2]


def test_abuse_06_splitting_over_orders_counts_per_customer() -> None:
    payment = make_payment("9000.00")
    customer = payment.order.customer
    agent = make_user()
    submit(make_refund(payment, agent, "900.00"))
    other = make_payment("9000.00", customer={"external_id": customer.external_id, "name": "王芳"})
    submit(make_refund(other, agent, "800.00"))

    last = submit(make_refund(other, agent, "400.00"))

    assert last.approval_requests.get().totals["customer"] == "2100.00"
    assert last.approval_requests.get().level == 2


def test_abuse_06_tier_is_looked_at_again_before_sending() -> None:
    payment = make_payment("9000.00")
    agent = make_user()
    refund = make_refund(payment, agent, "400.00")
    submit(refund)
    approve(refund)
    submit(make_refund(payment, agent, "4800.00"))

    assert claim(refund) is None

    refund.refresh_from_db()
    assert refund.status == S.DRAFT


@pytest.mark.parametrize("with_password", [False, True])
def test_abuse_06_password_a_raised_tier_asks_for_is_missed_before_sending(
    with_password: bool,
) -> None:
    payment, agent = make_payment("9000.00"), make_user()
    ask_people(1)
    refund = submit(make_refund(payment, agent, "400.00"))
    voice = fresh() if with_password else Voice()
    approving.approve_refund(refund.pk, actor=make_money_lead(), voice=voice)
    submit(make_refund(payment, agent, "550.00"))

    instruction = claim(refund)

    refund.refresh_from_db()
    if with_password:
        assert (instruction.amount, refund.status) == (Decimal("400.00"), S.SENDING)
        return
    event = AuditEvent.objects.get(code="returns.approval_voided")
    assert (instruction, refund.status) == (None, S.DRAFT)
    assert refund.approval_requests.get().status == "void"
    assert refund.attempts.count() == 0
    assert for_reader(event.note).endswith("it needs an approval with the password by now.")


@pytest.mark.parametrize("with_password", [False, True])
def test_abuse_06_approval_from_before_the_password_was_asked_for_does_not_count(
    with_password: bool,
) -> None:
    payment, agent = make_payment("9000.00"), make_user()
    ask_people(2)
    refund = submit(make_refund(payment, agent, "400.00"))
    voice = fresh() if with_password else Voice()
    approving.approve_refund(refund.pk, actor=make_money_lead(), voice=voice)
    submit(make_refund(payment, agent, "550.00"))

    approving.approve_refund(refund.pk, actor=make_money_lead(), voice=fresh())

    refund.refresh_from_db()
    assert refund.approval_requests.get().asks_password
    assert refund.status == (S.APPROVED if with_password else S.SUBMITTED)


def test_abuse_07_second_role_does_not_let_approve_the_own() -> None:
    both = make_money_lead()
    refund = submit(make_refund(actor=both))

    with pytest.raises(NotPermitted):
        approving.approve_refund(refund.pk, actor=both, voice=fresh())

    assert refund.approval_requests.get().status == "open"


@pytest.mark.parametrize("way", ["by_delegate", "for_requester"])
def test_abuse_07_delegation_does_not_let_approve_the_own(way: str) -> None:
    requester, lead = make_money_lead(), make_money_lead()
    refund = submit(make_refund(actor=requester))
    giver, delegate = (lead, requester) if way == "by_delegate" else (requester, lead)
    delegate_to(giver, delegate)
    voice = Voice(principal=giver, reauthenticated_at=now())

    with pytest.raises(NotPermitted):
        approving.approve_refund(refund.pk, actor=delegate, voice=voice)

    assert not refund.decisions.exists()


def test_abuse_07_database_refuses_a_self_approval_by_sql() -> None:
    refund = submit(make_refund(actor=make_money_lead()))
    request = refund.approval_requests.get()
    sql = (
        "INSERT INTO returns_approval (request_id, refund_id, decision, digest, decided_by_id, "
        "principal_id, note, decided_at) VALUES (%s, %s, 'approve', %s, %s, %s, '', now())"
    )
    own = refund.requested_by_id

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [request.pk, refund.pk, request.digest, own, own])
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE returns_approvalrequest SET status = 'granted', decided_at = now()")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE returns_refund SET status = 'approved', approved_at = now()")

    assert not Approval.objects.exists()


def delegate_to(giver: Any, delegate: Any, **values: Any) -> Delegation:
    given = Delegation(
        giver=giver,
        delegate=delegate,
        **{
            "starts_at": now() - timedelta(hours=1),
            "ends_at": now() + timedelta(days=3),
            "reason": "on leave",
        }
        | values,
    )
    given.save()
    return given


def test_abuse_08_who_edited_the_evidence_cannot_approve() -> None:
    lead = make_money_lead()
    ticket = make_ticket(lead)
    payment = order_of(ticket)
    photo = add_file(ticket.pk, NewFile("torn.txt", b"torn sleeve"), actor=lead)
    refund = submit(make_refund(payment, make_money_lead(), ticket=ticket, evidence=(photo.pk,)))

    with pytest.raises(NotPermitted):
        approving.approve_refund(refund.pk, actor=lead, voice=fresh())

    assert set(refund.touches.values_list("what", flat=True)) == {"created", "evidence"}


def order_of(ticket: Any) -> Any:
    payment = make_payment()
    ticket.customer = payment.order.customer
    ticket.save(update_fields=["customer"])
    return payment


def test_abuse_09_approver_who_left_does_not_carry_the_sending() -> None:
    lead, administrator = make_money_lead(), make_user(Role.ADMINISTRATOR)
    refund = submit(make_refund())
    approve(refund, lead)
    deactivate_user(lead.pk, actor=administrator, note="left the firm")

    assert claim(refund) is None

    refund.refresh_from_db()
    assert refund.status == S.DRAFT


def test_abuse_09_requester_who_left_does_not_carry_the_sending() -> None:
    refund = make_refund_in(S.APPROVED)
    deactivate_user(
        refund.requested_by_id, actor=make_user(Role.ADMINISTRATOR), note="left the firm"
    )

    assert claim(refund) is None


def test_abuse_10_replayed_approval_changes_nothing() -> None:
    lead = make_money_lead()
    refund = submit(make_refund())
    approve(refund, lead)

    with pytest.raises(InvalidTransition):
        approving.approve_refund(refund.pk, actor=lead, voice=fresh())

    assert refund.decisions.count() == 1


@pytest.mark.parametrize("verb", [approving.decline_refund, approving.ask_back])
def test_abuse_10_who_approved_does_not_decide_a_second_time(verb: Any) -> None:
    """Two have to agree; the first to do so then declines or asks back."""
    lead = make_money_lead()
    refund = submit(make_refund(make_payment("6000.00"), amount="5200.00"))
    approving.approve_refund(refund.pk, actor=lead, voice=fresh())

    with pytest.raises(InvalidTransition):
        verb(refund.pk, actor=lead, note="on second thoughts")

    refund.refresh_from_db()
    assert (refund.status, refund.decisions.count()) == (S.SUBMITTED, 1)


BAD_AMOUNTS = ["-1", "0", "NaN", "Infinity", "1e30", "1.005", "", "ten", "0.001"]


@pytest.mark.parametrize("amount", BAD_AMOUNTS)
def test_abuse_11_odd_amounts_are_refused(amount: str) -> None:
    payment = make_payment()

    with pytest.raises(RuleViolated) as refusal:
        make_refund(payment, amount=amount)

    assert refusal.value.field == "amount"
    assert not Refund.objects.exists()


def test_abuse_12_currency_is_the_payments() -> None:
    payment = make_payment()

    with pytest.raises(RuleViolated) as refusal:
        make_refund(payment, currency="EUR")

    assert refusal.value.code == "foreign_currency"
    assert not Refund.objects.exists()


def test_abuse_13_another_customers_order_is_refused() -> None:
    agent = make_user()
    ticket = make_ticket(agent)

    with pytest.raises(RuleViolated) as refusal:
        make_refund(make_payment(), agent, ticket=ticket)

    assert refusal.value.code == "foreign_order"
    assert not Refund.objects.exists()


def test_abuse_13_order_of_a_merged_record_is_the_same_customers() -> None:
    lead = make_user(Role.LEAD)
    ticket, payment = make_ticket(lead), make_payment()
    merge_customers(payment.order.customer_id, ticket.customer_id, actor=lead)

    refund = make_refund(payment, lead, ticket=ticket)

    assert (refund.ticket, refund.payment) == (ticket, payment)
